/**
 * What proves the client, as callers give it.
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as ClientCredential from "../domain/ClientCredential.js"
import { type Checked, refuse, secret } from "../domain/Configuration.js"
import { ownClaims, parse } from "../protocol/ClientAssertion.js"
import * as ClientKeyOptions from "./ClientKeyOptions.js"

/**
 * A signed assertion from elsewhere, such as another provider's token for this workload: itself, or what gets one.
 *
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation
 * @category models
 */
export type ClientAssertion =
  | Redacted.Redacted
  | Effect.Effect<Redacted.Redacted, unknown>
  | ((request: ClientCredential.AssertionRequest) => Effect.Effect<Redacted.Redacted, unknown>)

/** @category models */
export interface Options {
  /** Makes the client a confidential one, as each of the next three does: pass one of the four. */
  readonly clientSecret?: Redacted.Redacted | undefined
  readonly clientCertificate?: ClientKeyOptions.ClientCertificate | undefined
  readonly clientSigner?: ClientKeyOptions.ClientSigner | undefined
  /** Asked for at each token request. */
  readonly clientAssertion?: ClientAssertion | undefined
  /** Uses what `clientAssertion` gave until 60 seconds before it expires. */
  readonly reuseClientAssertion?: boolean | undefined
  /** What `clientCertificate` or `clientSigner` claims besides; may have another `aud`. */
  readonly clientClaims?: Readonly<Record<string, unknown>> | undefined
}

const kinds = ["clientSecret", "clientCertificate", "clientSigner", "clientAssertion"] as const

/**
 * The credential, none for a public client. Keys of RSA sign with this algorithm unless the caller chooses another.
 *
 * @category constructors
 */
export const read = (
  options: Options,
  rsaAlgorithm: "PS256" | "RS256"
): Checked<Option.Option<ClientCredential.ClientCredential>> =>
  Either.gen(function*() {
    const [kind, another] = kinds.filter((kind) => options[kind] !== undefined)
    if (kind !== undefined && another !== undefined) {
      return yield* refuse(another, `Pass ${another} or ${kind}, not both: a client proves itself with one of them.`)
    }
    const { clientAssertion, clientCertificate, clientSecret, clientSigner } = options
    yield* companions(options)
    if (clientSecret !== undefined) {
      return Option.some(ClientCredential.ClientSecret({ secret: yield* secret("clientSecret", clientSecret) }))
    }
    if (clientAssertion !== undefined) {
      const ask = yield* askOf(clientAssertion)
      return Option.some(ClientCredential.Assertion({ ask, isReused: options.reuseClientAssertion === true }))
    }
    const claims = yield* claimsOf(options.clientClaims)
    if (clientCertificate !== undefined) {
      return Option.some(yield* ClientKeyOptions.certificate(clientCertificate, { claims, rsaAlgorithm }))
    }
    return clientSigner === undefined
      ? Option.none()
      : Option.some(yield* ClientKeyOptions.signer(clientSigner, { claims, rsaAlgorithm }))
  })

/** Options that mean nothing on their own. */
const companions = (options: Options): Checked<void> => {
  if (options.reuseClientAssertion !== undefined && options.clientAssertion === undefined) {
    return refuse("reuseClientAssertion", "reuseClientAssertion is for clientAssertion.")
  }
  const signs = options.clientCertificate !== undefined || options.clientSigner !== undefined
  return options.clientClaims === undefined || signs
    ? Either.void
    : refuse("clientClaims", "clientClaims is for clientCertificate and clientSigner.")
}

type Ask = (request: ClientCredential.AssertionRequest) => Effect.Effect<Redacted.Redacted, unknown>

const askOf = (assertion: ClientAssertion): Checked<Ask> => {
  if (Redacted.isRedacted(assertion)) {
    return Option.match(parse(assertion), {
      onNone: () =>
        refuse(
          "clientAssertion",
          "clientAssertion has to be a signed JWT: three parts in base64url with dots between them."
        ),
      onSome: (parsed) => Either.right(() => Effect.succeed(parsed))
    })
  }
  if (Effect.isEffect(assertion)) {
    return Either.right(() => assertion)
  }
  return Predicate.isFunction(assertion)
    ? Either.right(assertion)
    : refuse("clientAssertion", "clientAssertion has to be a Redacted text, an Effect, or a function that makes one.")
}

const claimsOf = (given: Options["clientClaims"] = {}): Checked<Readonly<Record<string, unknown>>> => {
  const copy = Option.getOrUndefined(Option.filter(jsonOf(given), Predicate.isRecord))
  if (copy === undefined || !Predicate.isRecord(given)) {
    return refuse("clientClaims", "clientClaims has to be an object that can be written as JSON.")
  }
  const taken = ownClaims.find((name) => name in copy)
  return taken === undefined
    ? Either.right(copy)
    : refuse("clientClaims", `clientClaims must not have ${taken}, which is made for each assertion.`)
}

const jsonOf = Option.liftThrowable((value: unknown): unknown => JSON.parse(JSON.stringify(value)))

/**
 * Gets what proves the client to a token endpoint.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7521#section-4.2
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { AuthError } from "../AuthError.js"
import * as ClientCredential from "../domain/ClientCredential.js"
import * as ClientAssertion from "../protocol/ClientAssertion.js"
import * as ClientAuthentication from "../protocol/ClientAuthentication.js"
import type { ProviderMetadata } from "../protocol/ProviderMetadata.js"
import * as Uuid from "../protocol/Uuid.js"
import * as Cell from "../services/Cell.js"
import { ClientApplication, type HeldAssertion, type SigningKey } from "../services/ClientApplication.js"
import { Crypto } from "../services/Crypto.js"
import * as ClientKey from "./ClientKey.js"
import * as CredentialCall from "./CredentialCall.js"

/**
 * The application's own proof. An assertion that it signs serves a Microsoft endpoint until it is about to expire; other
 * providers may accept one only once.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication
 * @category programs
 */
export const authenticate = (
  { tokenEndpoint, tokenEndpointAuthMethods }: ProviderMetadata
): Effect.Effect<ClientAuthentication.ClientAuthentication, AuthError, ClientApplication | Crypto> =>
  Effect.gen(function*() {
    const { authority, clientAuthenticationMethod, clientId, credential, signingKey } = yield* ClientApplication
    const byAssertion = (isReused: boolean, fresh: Fresh) =>
      Effect.map(
        isReused ? held(tokenEndpoint, fresh) : fresh,
        ({ assertion }) => ClientAuthentication.byAssertion(clientId, assertion)
      )
    const bySignature = (statement: ClientCredential.Statement, key: Effect.Effect<SigningKey, AuthError, Services>) =>
      byAssertion(
        authority._tag !== "OpenIdConnect",
        Effect.flatMap(Cell.get(signingKey, "", key), (ready) => signed(ready, statement, tokenEndpoint))
      )
    return yield* Option.match(credential, {
      onNone: () => Effect.succeed(ClientAuthentication.byName(clientId)),
      onSome: ClientCredential.match({
        ClientSecret: ({ secret }) =>
          Effect.succeed(
            ClientAuthentication.bySecret(clientId, secret, clientAuthenticationMethod, tokenEndpointAuthMethods)
          ),
        Certificate: (certificate) => bySignature(certificate.statement, ClientKey.ofCertificate(certificate)),
        Signer: (signer) => bySignature(signer.statement, ClientKey.ofSigner(signer)),
        Assertion: (assertion) => byAssertion(assertion.isReused, asked(assertion, tokenEndpoint))
      })
    })
  })

/**
 * Drops the assertion for an endpoint that refused it, so that the next request has a new one.
 *
 * @category programs
 */
export const forget = ({ tokenEndpoint }: ProviderMetadata): Effect.Effect<void, never, ClientApplication> =>
  Effect.flatMap(ClientApplication, ({ assertions }) => assertions.remembered.invalidate(tokenEndpoint))

type Services = ClientApplication | Crypto
type Fresh = Effect.Effect<HeldAssertion, AuthError, Services>

/** Seconds before its end that an assertion is not used again. */
const margin = 60

const seconds = Effect.map(Clock.currentTimeMillis, (millis) => Math.floor(millis / 1000))

const held = (tokenEndpoint: string, fresh: Fresh): Fresh =>
  Effect.gen(function*() {
    const { assertions } = yield* ClientApplication
    const now = yield* seconds
    const known = yield* assertions.remembered.getOptionComplete(tokenEndpoint)
    return yield* Option.match(
      Option.filter(known, ({ from, until }) => now >= from && now < until - margin),
      { onNone: () => Cell.renew(assertions, tokenEndpoint, fresh), onSome: (usable) => Effect.succeed(usable) }
    )
  })

const signed = (key: SigningKey, { claims }: ClientCredential.Statement, tokenEndpoint: string): Fresh =>
  Effect.gen(function*() {
    const { clientId } = yield* ClientApplication
    const crypto = yield* Crypto
    const id = Uuid.fromRandomBytes(yield* crypto.randomBytes(16))
    const now = yield* seconds
    const input = ClientAssertion.signingInput(key.header, { clientId, tokenEndpoint, id, now, others: claims })
    return { assertion: yield* key.sign(input), from: now, until: now + ClientAssertion.lifetime }
  })

const asked = ({ ask }: ClientCredential.Assertion, tokenEndpoint: string): Fresh =>
  Effect.gen(function*() {
    const { clientId } = yield* ClientApplication
    const now = yield* seconds
    const given = yield* CredentialCall.run("clientAssertion", () => ask({ clientId, tokenEndpoint }))
    const assertion = yield* Effect.mapError(
      ClientAssertion.parse(given),
      () => CredentialCall.unavailable("clientAssertion", "gave no signed JWT.")
    )
    return { assertion, from: now, until: Option.getOrElse(ClientAssertion.expiry(assertion), () => now) }
  })

/**
 * The access token that a resource is called with: a bearer token, or one that is bound to a key, within a signed request.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750
 */
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Encoding from "effect/Encoding"
import * as Ref from "effect/Ref"
import * as Directory from "../directory/Directory.js"
import * as Graph from "../directory/Graph.js"
import { Exchange, type Service } from "../http/Exchange.js"
import * as Origin from "../http/Origin.js"
import * as Reply from "../http/Reply.js"
import { isAccessToken, scopesOf } from "../issuing/AccessToken.js"
import * as ClaimsRequest from "../protocol/ClaimsRequest.js"
import { World } from "../state/World.js"
import * as SignedHttpRequest from "./SignedHttpRequest.js"

/** @category errors */
export class BearerTokenRefused extends Data.TaggedError("BearerTokenRefused")<{
  readonly status: 401 | 403
  readonly error: string
  readonly description: string
  readonly claims?: string
}> {}

/** @category models */
export interface Caller {
  readonly person: Directory.Person
  readonly objectId: string
  readonly subject: string
}

/**
 * Who is calling with a token of Graph's that has one of these scopes.
 *
 * @category programs
 */
export const caller = (
  scopes: ReadonlyArray<string>
): Effect.Effect<Caller, BearerTokenRefused, World | Exchange> =>
  Effect.gen(function*() {
    const { challengedUpTo, directory, keys } = yield* World
    const exchange = yield* Exchange
    const { origin } = exchange
    const now = yield* Clock.currentTimeMillis
    const { accessToken, keyId } = yield* presented(exchange, now)
    const claims = yield* Effect.mapError(
      keys.verify(accessToken, now),
      () => invalid("The token has expired, or its signature does not hold.")
    )
    const known = yield* Ref.get(directory)
    if (typeof claims.aud !== "string" || Directory.resource(known, claims.aud)?.id !== Graph.app.id) {
      return yield* refuse("The token is not meant for this resource.")
    }
    if (claims["idtyp"] === "app") return yield* deny("This is for tokens in a person's name.")
    if (!isAccessToken(claims)) return yield* refuse("The token is no access token.")
    if (claims.cnf?.kid !== keyId) {
      return yield* refuse("The token is bound to another key, or to one and sent without proof.")
    }
    const { iss, oid, serial, sub, tid } = claims
    if (iss !== Origin.issuer(origin, tid)) return yield* refuse("The token is another issuer's.")
    const person = Directory.member(known, tid, oid)?.person
    if (person === undefined) return yield* deny("The directory has nobody of this object id.")
    const challengedUpToSerial = (yield* challengedUpTo.get(person.id)) ?? 0
    if (person.blocked || serial <= challengedUpToSerial) {
      const meets = claims.xms_cc?.includes("CP1") === true
      return yield* meets
        ? new BearerTokenRefused({
          status: 401,
          error: "insufficient_claims",
          description: "A newer token is needed.",
          claims: ClaimsRequest.newerThan(Math.floor(now / 1000))
        })
        : refuse("The token is revoked.")
    }
    if (!scopes.some((scope) => scopesOf(claims).has(scope))) {
      return yield* deny(`The token has none of the scopes ${scopes.join(", ")}.`)
    }
    return { person, objectId: oid, subject: sub }
  })

const presented = (
  exchange: Service,
  now: number
): Effect.Effect<{ readonly accessToken: string; readonly keyId: string | undefined }, BearerTokenRefused> => {
  const [, scheme = "", token = ""] = /^(bearer|pop) +([\w.-]+)$/i.exec(exchange.headers["authorization"] ?? "") ?? []
  if (scheme.toLowerCase() === "pop") {
    return Effect.mapError(
      SignedHttpRequest.read(token, exchange, now),
      () => invalid("The signed request is for another one, is too old, or its signature does not hold.")
    )
  }
  return scheme === "" ? refuse("There is no bearer token.") : Effect.succeed({ accessToken: token, keyId: undefined })
}

const invalid = (description: string) => new BearerTokenRefused({ status: 401, error: "invalid_token", description })
const refuse = (description: string) => invalid(description)
const deny = (description: string) =>
  new BearerTokenRefused({ status: 403, error: "Authorization_RequestDenied", description })

/**
 * The answer to a token that will not do, with the challenge it has to meet if there is one.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
 * @category encoders
 */
export const toReply = (refusal: BearerTokenRefused): Effect.Effect<Reply.Reply, never, Exchange> =>
  Effect.map(Exchange, ({ correlationId, origin, traceId }) =>
    Reply.json(
      {
        error: {
          code: refusal.status === 401 ? "InvalidAuthenticationToken" : refusal.error,
          message: refusal.description,
          innerError: { "request-id": traceId, "client-request-id": correlationId }
        }
      },
      refusal.status,
      refusal.status === 401 ? { "www-authenticate": challenge(refusal, origin) } : {}
    ))

const challenge = ({ claims, error }: BearerTokenRefused, origin: string): string =>
  [
    "Bearer realm=\"\"",
    `authorization_uri="${origin}/common/oauth2/v2.0/authorize"`,
    `client_id="${Graph.app.id}"`,
    `error="${error}"`,
    ...(claims === undefined ? [] : [`claims="${Encoding.encodeBase64(claims)}"`])
  ].join(", ")

/**
 * The rules an ID token's claims have to meet once its signature is verified.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
 */
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import { IdTokenRejected } from "../AuthError.js"
import type { Account } from "../domain/Account.js"
import * as Authority from "../domain/Authority.js"
import type { IdTokenClaims } from "../domain/Claims.js"
import * as Json from "./Json.js"
import * as ProviderMetadata from "./ProviderMetadata.js"

/**
 * Signature algorithms an ID token may use: asymmetric ones only.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8725#section-3.1
 * @category constants
 */
export const signingAlgorithms = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519"
] as const

/** @category models */
export type SigningAlgorithm = typeof signingAlgorithms[number]

/**
 * What the token has to say; times are seconds since 1970.
 *
 * @category models
 */
export interface Expectations {
  readonly clientId: string
  readonly authority: Authority.Authority
  readonly metadata: ProviderMetadata.ProviderMetadata
  readonly now: number
  readonly clockSkew: number
  /** The nonce that was sent; `absent` where none was, `unchecked` for grants that send none. */
  readonly nonce: { readonly sent: string } | "absent" | "unchecked"
  /** Whom the provider lets sign with the key, at Microsoft. */
  readonly keyIssuer?: Option.Option<string>
  /** Longest time since the person signed in, in seconds. */
  readonly maxAge: Option.Option<number>
}

const reject = (rule: IdTokenRejected["rule"], message: string) => Either.left(new IdTokenRejected({ rule, message }))

const isText = (value: unknown): value is string => typeof value === "string" && value !== ""
const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value)

const hasRequiredTypes = (claims: Record<string, unknown>): claims is Record<string, unknown> & IdTokenClaims =>
  isText(claims["iss"]) && isText(claims["sub"]) && isNumber(claims["exp"]) && isNumber(claims["iat"])
  && (isText(claims["aud"]) || (Array.isArray(claims["aud"]) && claims["aud"].every(isText)))

/**
 * The claims of a token that was verified when it came; none where the text is no ID token.
 *
 * @category decoders
 */
export const unverifiedClaims = (idToken: string): Option.Option<IdTokenClaims> =>
  Encoding.decodeBase64Url(idToken.split(".").at(1) ?? "").pipe(
    Either.getRight,
    Option.flatMap(Json.parse),
    Option.filter((payload) => Predicate.isRecord(payload)),
    Option.flatMap((payload) => hasRequiredTypes(payload) ? Option.some(payload) : Option.none())
  )

/**
 * Checks the claims of a token whose signature is verified.
 *
 * @category constructors
 */
export const check = (payload: unknown, expected: Expectations): Either.Either<IdTokenClaims, IdTokenRejected> => {
  if (!Predicate.isRecord(payload)) {
    return reject("malformed", "The ID token's payload is not a JSON object.")
  }
  if (!hasRequiredTypes(payload)) {
    const claim = (["iss", "sub", "exp", "iat"] as const).find((name) =>
      name === "exp" || name === "iat" ? !isNumber(payload[name]) : !isText(payload[name])
    )
    return reject(claim ?? "aud", `The ID token's ${claim ?? "aud"} is missing or of the wrong type.`)
  }
  return Either.all([
    checkIssuer(payload, expected),
    checkAudience(payload, expected.clientId),
    checkTimes(payload, expected),
    checkNonce(payload, expected.nonce),
    checkAuthenticationTime(payload, expected)
  ]).pipe(Either.map(() => payload))
}

const accept: Either.Either<void> = Either.void

const checkIssuer = (claims: IdTokenClaims, { authority, keyIssuer, metadata }: Expectations) => {
  if (authority._tag !== "Entra") {
    return claims.iss === metadata.issuer ? accept : reject("iss", "The ID token names another issuer.")
  }
  const tid = claims["tid"]
  if (!isText(tid) || !Authority.isTenantId(tid) || !Authority.acceptsTenant(authority, tid.toLowerCase())) {
    return reject("tid", "The ID token names no tenant, or one that may not answer at this authority.")
  }
  if (keyIssuer !== undefined && Option.exists(keyIssuer, (one) => one.replace("{tenantid}", tid) !== claims.iss)) {
    return reject("iss", "The ID token is signed with a key of another issuer's.")
  }
  return ProviderMetadata.isIssuerOf(metadata, tid, claims.iss)
    ? accept
    : reject("iss", "The ID token's issuer and tenant do not belong together, or not to this authority.")
}

const checkAudience = (claims: IdTokenClaims, clientId: string) => {
  const audience = typeof claims.aud === "string" ? [claims.aud] : claims.aud
  if (!audience.includes(clientId)) {
    return reject("aud", "The ID token is meant for another client.")
  }
  const azp = claims["azp"]
  if (azp === undefined ? audience.length > 1 : azp !== clientId) {
    return reject("azp", "The ID token was issued to another client.")
  }
  return accept
}

const checkTimes = (claims: IdTokenClaims, { clockSkew, now }: Expectations) => {
  const notBefore = claims["nbf"]
  if (now - clockSkew >= claims.exp) {
    return reject("exp", "The ID token is expired. Check this machine's clock.")
  }
  if (notBefore !== undefined && !(isNumber(notBefore) && notBefore <= now + clockSkew)) {
    return reject("nbf", "The ID token is not valid yet. Check this machine's clock.")
  }
  if (claims.iat > now + clockSkew) {
    return reject("iat", "The ID token is issued in the future. Check this machine's clock.")
  }
  return accept
}

const checkNonce = (claims: IdTokenClaims, nonce: Expectations["nonce"]) => {
  if (nonce === "unchecked") {
    return accept
  }
  return claims["nonce"] === (nonce === "absent" ? undefined : nonce.sent)
    ? accept
    : reject("nonce", "The ID token answers another sign-in. Start a new one.")
}

const checkAuthenticationTime = (claims: IdTokenClaims, { clockSkew, maxAge, now }: Expectations) => {
  if (Option.isNone(maxAge)) {
    return accept
  }
  const authTime = claims["auth_time"]
  return isNumber(authTime) && authTime <= now + clockSkew && now - clockSkew <= authTime + maxAge.value
    ? accept
    : reject("auth_time", "The person signed in longer ago than maxAge allows, or the ID token does not say when.")
}

/**
 * A refreshed ID token has to be for the same person: the one of the ID token before, else of the account.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse
 * @category constructors
 */
export const checkSamePerson = (
  claims: Option.Option<IdTokenClaims>,
  previous: Option.Option<IdTokenClaims>,
  before: TenantUser,
  now: TenantUser
): Either.Either<void, IdTokenRejected> => {
  if (Option.isNone(claims)) {
    return accept
  }
  const { iss, sub } = claims.value
  if (Option.isSome(previous)) {
    if (sub !== previous.value.sub) {
      return reject("sub", "The refreshed ID token is for another person.")
    }
    return iss === previous.value.iss ? accept : reject("iss", "The refreshed ID token is from another issuer.")
  }
  return now.tenantId !== before.tenantId || now.localAccountId === before.localAccountId
    ? accept
    : reject("sub", "The refreshed ID token is for another person.")
}

/** What tells two people of one tenant apart; a guest has another identifier elsewhere. */
type TenantUser = Pick<Account, "tenantId" | "localAccountId">

/**
 * The digest that `at_hash` is made with.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken
 * @category getters
 */
export const accessTokenDigest = (algorithm: string): "SHA-256" | "SHA-384" | "SHA-512" =>
  algorithm.endsWith("256") ? "SHA-256" : algorithm.endsWith("384") ? "SHA-384" : "SHA-512"

/**
 * Checks `at_hash` against the access token's digest.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowTokenValidation
 * @category constructors
 */
export const checkAccessTokenHash = (
  claims: IdTokenClaims,
  digest: Uint8Array
): Either.Either<IdTokenClaims, IdTokenRejected> =>
  claims["at_hash"] === Encoding.encodeBase64Url(digest.subarray(0, digest.length / 2))
    ? Either.right(claims)
    : reject("at_hash", "The access token is not the one the ID token was issued with.")

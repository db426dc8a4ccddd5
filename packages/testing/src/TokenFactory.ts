/**
 * Metadata, keys, ID tokens and token answers of a provider: a test says only what differs from good ones.
 */
import * as Authority from "@grantwork/core/Authority"
import * as ClientApplication from "@grantwork/core/ClientApplication"
import * as Crypto from "@grantwork/core/Crypto"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Encoding from "effect/Encoding"
import * as Layer from "effect/Layer"
import * as Person from "./Person.js"
import * as SigningKey from "./SigningKey.js"

/**
 * Members in place of the good ones; `undefined` leaves one out.
 *
 * @category models
 */
export type Differences = Readonly<Record<string, unknown>>

/** @category models */
export interface Options {
  /** Who signs in. */
  readonly person?: Person.Person | undefined
  readonly algorithm?: SigningKey.Algorithm | undefined
}

/** @category models */
export interface Service {
  readonly person: Person.Person
  readonly key: SigningKey.SigningKey
  /** The body of the discovery document. */
  readonly metadata: (differences?: Differences) => Readonly<Record<string, unknown>>
  /** The body of the key set. */
  readonly keySet: { readonly keys: ReadonlyArray<Readonly<Record<string, unknown>>> }
  /** Claims issued now, for an hour. */
  readonly claims: (differences?: Differences) => Effect.Effect<Readonly<Record<string, unknown>>>
  /** An ID token issued now, signed with the factory's key or another. */
  readonly idToken: (differences?: Differences, key?: SigningKey.SigningKey) => Effect.Effect<string>
  /** The body of a token answer, each with tokens of its own: `access-token-1`, `refresh-token-1`, and so on. */
  readonly tokenAnswer: (differences?: Differences) => Effect.Effect<Readonly<Record<string, unknown>>>
}

/** @category services */
export class TokenFactory extends Context.Tag("@grantwork/testing/TokenFactory")<TokenFactory, Service>() {}

/**
 * The factory of the application's provider, with a fresh key.
 *
 * @category constructors
 */
export const make = (
  options: Options = {}
): Effect.Effect<Service, never, ClientApplication.ClientApplication | Crypto.Crypto> =>
  Effect.gen(function*() {
    const { authority, clientId } = yield* ClientApplication.ClientApplication
    const crypto = yield* Crypto.Crypto
    const person = options.person ?? Person.ada
    const key = yield* SigningKey.generate(options.algorithm ?? "ES256", "key-1")
    let answers = 0

    const claims = (differences: Differences = {}) =>
      Effect.map(Clock.currentTimeMillis, (millis) => {
        const now = Math.floor(millis / 1000)
        return { ...Person.claims(person, authority), aud: clientId, iat: now, exp: now + 3600, ...differences }
      })

    const idToken = (differences?: Differences, { algorithm, kid, privateKey } = key) =>
      Effect.flatMap(claims(differences), (payload) =>
        crypto.sign(new TextEncoder().encode(JSON.stringify(payload)), { alg: algorithm, kid }, privateKey))

    const tokenAnswer = (differences: Differences = {}) =>
      Effect.gen(function*() {
        const count = ++answers
        return {
          token_type: "Bearer",
          access_token: `access-token-${count}`,
          expires_in: 3600,
          refresh_token: `refresh-token-${count}`,
          id_token: "id_token" in differences ? undefined : yield* idToken(),
          ...(Authority.sendsClientInfo(authority) && { ext_expires_in: 3600, client_info: clientInfo(person) }),
          ...differences
        }
      })

    return {
      person,
      key,
      metadata: (differences = {}) => ({ ...metadataOf(authority, person), ...differences }),
      keySet: { keys: [key.publicKey] },
      claims,
      idToken,
      tokenAnswer
    }
  })

/** @category layers */
export const layer = (
  options?: Options
): Layer.Layer<TokenFactory, never, ClientApplication.ClientApplication | Crypto.Crypto> =>
  Layer.effect(TokenFactory, make(options))

/**
 * Microsoft's word on whose tokens they are.
 *
 * @category getters
 */
export const clientInfo = ({ objectId, tenantId }: Person.Person): string =>
  Encoding.encodeBase64Url(JSON.stringify({ uid: objectId, utid: tenantId }))

const metadataOf = (authority: Authority.Authority, person: Person.Person): Readonly<Record<string, unknown>> => {
  const issuer = issuingTenants.get(Authority.requestedTenant(authority))
  const base = Authority.metadataUrl(authority).replace(/(?:\/v2\.0)?\/\.well-known\/openid-configuration$/, "")
  return authority._tag === "OpenIdConnect"
    ? {
      issuer: authority.issuer,
      authorization_endpoint: `${base}/authorize`,
      token_endpoint: `${base}/token`,
      jwks_uri: `${base}/jwks`,
      authorization_response_iss_parameter_supported: true,
      token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"]
    }
    : {
      issuer: authority._tag === "Entra" && issuer !== undefined
        ? `${authority.origin}/${issuer}/v2.0`
        : Person.issuer(person, authority),
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
      token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"]
    }
}

const issuingTenants = new Map([
  ["common", "{tenantid}"],
  ["organizations", "{tenantid}"],
  ["consumers", "9188040d-6c67-4c5b-b112-36a304b66dad"]
])

/**
 * The accounts, clients and tokens of one law, which no other law has: so that they can be kept where others are.
 */
import * as Account from "@grantwork/core/Account"
import * as Partition from "@grantwork/core/Partition"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Encoding from "effect/Encoding"
import * as Hash from "effect/Hash"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"

/** @category models */
export type AccessTokenRecord = Parameters<typeof Partition.addAccessToken>[1]

/** @category models */
export type RefreshTokenRecord = Parameters<typeof Partition.setRefreshToken>[1]

/** @category models */
export type IdTokenRecord = Parameters<typeof Partition.setIdToken>[1]

/** @category models */
export interface Sample {
  /** An issuer of its own. */
  readonly issuer: string
  /** Someone at the issuer, by their subject. */
  readonly person: (subject: string) => Partition.UserKey
  /** Someone at Microsoft. */
  readonly atMicrosoft: Partition.UserKey
  /** A client in its own name, in a tenant at Microsoft. */
  readonly app: (clientId: string, tenant?: string) => Partition.AppKey
  /** So many seconds from now, in whole seconds, as caches keep them. */
  readonly after: (seconds: number) => DateTime.Utc
}

/**
 * Microsoft's public cloud, as partitions name it.
 *
 * @category constants
 */
export const microsoft = "login.microsoftonline.com"

/**
 * A tenant at Microsoft.
 *
 * @category constants
 */
export const tenantId = "7e7e7e7e-0000-4000-8000-000000000001"

/** @category constructors */
export const make = (name: string): Effect.Effect<Sample> =>
  Effect.map(Clock.currentTimeMillis, (now) => {
    const id = (Hash.string(name) >>> 0).toString(16).padStart(8, "0")
    const issuer = `https://id.example.com/contract-${id}`
    return {
      issuer,
      person: (subject) => Partition.userKeyAt(issuer, subject),
      atMicrosoft: Partition.userKeyAt(microsoft, `${id}-0000-4000-8000-00000000ada0.${tenantId}`),
      app: (clientId, tenant = tenantId) => ({
        _tag: "App",
        provider: microsoft,
        clientId: `${id} ${clientId}`,
        tenant
      }),
      after: (seconds) => DateTime.unsafeMake((Math.floor(now / 1000) + seconds) * 1000)
    }
  })

/** @category constructors */
export const account = (
  key: Partition.UserKey,
  differences: Partial<ConstructorParameters<typeof Account.Account>[0]> = {}
): Account.Account =>
  new Account.Account({
    homeAccountId: key.homeAccountId,
    environment: key.provider,
    tenantId: tenantOf(key),
    localAccountId: key.homeAccountId,
    username: "ada@example.com",
    name: Option.none(),
    authorityType: key.provider === microsoft ? "MSSTS" : "Generic",
    ...differences
  })

const tenantOf = (key: Partition.Key): string => {
  if (key._tag === "App") {
    return key.tenant
  }
  return key.provider === microsoft ? tenantId : ""
}

/** @category constructors */
export const accessToken = (
  sample: Sample,
  key: Partition.Key,
  clientId: string,
  secret: string,
  differences: Partial<AccessTokenRecord> = {}
): AccessTokenRecord => ({
  environment: key.provider,
  clientId,
  tenantId: tenantOf(key),
  requestedTenant: tenantOf(key),
  scopes: ["read"],
  tokenType: "Bearer",
  secret: Redacted.make(secret),
  cachedAt: sample.after(0),
  expiresAt: sample.after(3600),
  extendedExpiresAt: Option.none(),
  refreshAt: Option.none(),
  ...differences
})

/** @category constructors */
export const refreshToken = (
  key: Partition.UserKey,
  clientId: string,
  secret: string,
  differences: Partial<RefreshTokenRecord> = {}
): RefreshTokenRecord => ({
  environment: key.provider,
  clientId,
  familyId: Option.none(),
  secret: Redacted.make(secret),
  modifiedAt: Option.none(),
  ...differences
})

/**
 * An ID token of these claims, unsigned but else as any: caches may read claims out of its text.
 *
 * @category constructors
 */
export const idToken = (
  sample: Sample,
  key: Partition.UserKey,
  clientId: string,
  claims: Readonly<Record<string, unknown>> = {},
  differences: Partial<Omit<IdTokenRecord, "claims" | "secret">> = {}
): IdTokenRecord => {
  const seconds = Math.floor(sample.after(0).epochMillis / 1000)
  const payload = {
    iss: key.provider,
    sub: key.homeAccountId,
    aud: clientId,
    iat: seconds,
    exp: seconds + 3600,
    ...claims
  }
  const parts = [JSON.stringify({ alg: "ES256", kid: "contract" }), JSON.stringify(payload), "signature"]
  return {
    environment: key.provider,
    clientId,
    tenantId: tenantOf(key),
    secret: Redacted.make(parts.map((part) => Encoding.encodeBase64Url(part)).join(".")),
    claims: payload,
    ...differences
  }
}

/**
 * What a client holds after a sign-in, one record of each kind.
 *
 * @category constructors
 */
export const signedIn = (sample: Sample, key: Partition.UserKey, clientId: string): Partition.Partition =>
  signIn(sample, Partition.empty, key, clientId)

/**
 * Adds what a client gets in a sign-in.
 *
 * @category combinators
 */
export const signIn = (
  sample: Sample,
  partition: Partition.Partition,
  key: Partition.UserKey,
  clientId: string
): Partition.Partition => {
  const withAccount = Partition.setAccount(partition, account(key))
  const withAccessToken = Partition.addAccessToken(
    withAccount,
    accessToken(sample, key, clientId, `access token of ${clientId} for ${key.homeAccountId}`),
    true
  )
  return Partition.setIdToken(
    Partition.setRefreshToken(
      withAccessToken,
      refreshToken(key, clientId, `refresh token of ${clientId} for ${key.homeAccountId}`)
    ),
    idToken(sample, key, clientId)
  )
}

/**
 * A client's own token.
 *
 * @category constructors
 */
export const ownToken = (sample: Sample, key: Partition.AppKey): Partition.Partition =>
  Partition.addAppToken(
    Partition.empty,
    accessToken(sample, key, key.clientId, `own token of ${key.clientId} in ${key.tenant}`),
    true
  )

/**
 * What another program notes of a record.
 *
 * @category constants
 */
export const foreign = { written_by: "another program", nested: { list: [1, null, "two"], flag: true } }

/**
 * Records of every kind, with and without what they may have.
 *
 * @category constructors
 */
export const everything = (sample: Sample, key: Partition.UserKey, environment = key.provider): Partition.Partition => {
  const accounts = [
    account(key, { environment, name: Option.some("Ada Lovelace") }),
    account(key, { environment, tenantId: "guest.example.com", localAccountId: "guest", username: "" })
  ].reduce(Partition.setAccount, Partition.empty)
  const accessTokens = [
    accessToken(sample, key, "one", "bare", { environment, scopes: ["a"] }),
    accessToken(sample, key, "one", "full", {
      environment,
      tenantId: "guest.example.com",
      requestedTenant: "as.requested.example.com",
      scopes: ["B", "a", "https://graph.example.com/.default"],
      cachedAt: sample.after(-60),
      expiresAt: sample.after(1800),
      extendedExpiresAt: Option.some(sample.after(7200)),
      refreshAt: Option.some(sample.after(900)),
      foreign
    }),
    accessToken(sample, key, "two", "of another client", { environment, scopes: [] }),
    accessToken(sample, key, "one", "bound to a key", { environment, scopes: ["a"], tokenType: "pop", keyId: "Key" })
  ].reduce((partition, token) => Partition.addAccessToken(partition, token, true), accounts)
  const refreshTokens = [
    refreshToken(key, "one", "bare", { environment }),
    refreshToken(key, "two", "full", {
      environment,
      familyId: Option.some("1"),
      modifiedAt: Option.some(sample.after(-60)),
      foreign
    })
  ].reduce(Partition.setRefreshToken, accessTokens)
  return [
    idToken(sample, key, "one", {}, { environment }),
    idToken(sample, key, "one", { nonce: "n", groups: ["a", "b"], address: { locality: "London" } }, {
      environment,
      tenantId: "guest.example.com",
      foreign
    })
  ].reduce(Partition.setIdToken, refreshTokens)
}

/**
 * Several of a client's own tokens.
 *
 * @category constructors
 */
export const ownTokens = (sample: Sample, key: Partition.AppKey): Partition.Partition =>
  [
    accessToken(sample, key, key.clientId, "another", {
      tenantId: "answered.example.com",
      scopes: ["https://graph.example.com/.default"],
      cachedAt: sample.after(-1),
      extendedExpiresAt: Option.some(sample.after(7200)),
      refreshAt: Option.some(sample.after(900)),
      foreign
    }),
    accessToken(sample, key, key.clientId, "with parameters", { extendedCacheKey: "parameters" }),
    accessToken(sample, key, key.clientId, "bound to a key", { tokenType: "pop", keyId: "Thumbprint" })
  ].reduce((partition, token) => Partition.addAppToken(partition, token, true), ownToken(sample, key))

/**
 * The secret of a client's refresh token, null for none.
 *
 * @category getters
 */
export const heldSecret = (partition: Partition.Partition, clientId: string): string | null =>
  Option.match(Partition.refreshToken(partition, clientId), {
    onNone: () => null,
    onSome: ({ secret }) => Redacted.value(secret)
  })

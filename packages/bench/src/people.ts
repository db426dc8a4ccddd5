/**
 * The people whose tokens are cached: the same ones, with the same tokens, on every side.
 */
export const clientId = "6731de76-14a6-49ae-97bc-6eba6914391e"
export const clientSecret = "a secret of the bench"
export const tenantId = "f645ad92-e38d-4d1a-b510-d1b09a74a8ca"
export const grantedScopes = ["User.Read", "profile", "openid", "email"]
export const scopes = ["User.Read"]
export const lifetimeSeconds = 24 * 60 * 60

export interface Person {
  readonly index: number
  readonly objectId: string
  readonly homeAccountId: string
  readonly username: string
  readonly name: string
  readonly accessToken: string
  readonly refreshToken: string
}

const accessTokenLength = 1500
const refreshTokenLength = 1000

/** A refresh token that tells the token server whose it is. */
export const refreshTokenOf = (index: number, serial = 0) =>
  `1.${index}.${serial}.${"R".repeat(refreshTokenLength)}`.slice(0, refreshTokenLength)

export const accessTokenOf = (index: number, serial = 0) =>
  `access.${index}.${serial}.${"A".repeat(accessTokenLength)}`.slice(0, accessTokenLength)

export const objectIdOf = (index: number) => `00000000-0000-4000-8000-${index.toString(16).padStart(12, "0")}`

export const personOf = (index: number): Person => ({
  index,
  objectId: objectIdOf(index),
  homeAccountId: `${objectIdOf(index)}.${tenantId}`,
  username: `person${index}@example.com`,
  name: `Person ${index}`,
  accessToken: accessTokenOf(index),
  refreshToken: refreshTokenOf(index)
})

export const people = (count: number, first = 0): ReadonlyArray<Person> =>
  Array.from({ length: count }, (_, offset) => personOf(first + offset))

/** So many of the people, spread evenly over all of them. */
export const peopleAmong = (count: number, all: number): ReadonlyArray<Person> =>
  Array.from({ length: Math.min(count, all) }, (_, index) => personOf(Math.floor(index * all / Math.min(count, all))))

/** The claims of a person's ID token. */
export const idTokenClaims = (index: number, issuer: string, now: number) => ({
  iss: issuer,
  sub: `subject-${index}`,
  aud: clientId,
  exp: now + lifetimeSeconds,
  iat: now,
  nbf: now,
  tid: tenantId,
  oid: objectIdOf(index),
  preferred_username: `person${index}@example.com`,
  name: `Person ${index}`,
  ver: "2.0"
})

/** A person's ID token with a signature that no one looks at: verified once, it is read from the cache ever after. */
export const cachedIdToken = (index: number, issuer: string, now: number) =>
  [{ alg: "RS256", kid: "bench" }, idTokenClaims(index, issuer, now)]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .concat("S".repeat(342))
    .join(".")

/**
 * Who and what the sample caches are about.
 */
export const tenantId = "7e7e7e7e-0000-4000-8000-000000000001"
export const guestTenantId = "90e57000-0000-4000-8000-000000000002"
export const uid = "a1a1a1a1-0000-4000-8000-00000000ada0"
export const homeAccountId = `${uid}.${tenantId}`
export const clientId = "c11e0000-0000-4000-8000-00000000c11e"

/** When the tokens came, in seconds since 1970. */
export const now = 1_900_000_000

const base64Url = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url")

/** An ID token of Ada's in her home tenant, but for these claims. */
export const idToken = (claims: Readonly<Record<string, unknown>> = {}): string => {
  const payload = {
    iss: `https://login.microsoftonline.com/${tenantId}/v2.0`,
    aud: clientId,
    sub: "ada-subject",
    oid: uid,
    tid: tenantId,
    preferred_username: "ada@example.com",
    name: "Ada Lovelace",
    iat: now,
    nbf: now,
    exp: now + 3600,
    ver: "2.0",
    ...claims
  }
  return [base64Url({ typ: "JWT", alg: "RS256", kid: "k1" }), base64Url(payload), "signature"].join(".")
}

export const guestClaims = {
  iss: `https://login.microsoftonline.com/${guestTenantId}/v2.0`,
  tid: guestTenantId,
  oid: "guest-oid",
  sub: "guest-subject"
}

export const clientInfo = base64Url({ uid, utid: tenantId })

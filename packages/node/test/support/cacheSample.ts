// Entries of MSAL's cache JSON, all of one person's unless they say otherwise.

type Members = Readonly<Record<string, unknown>>

/** What must not be told. */
export const secret = "a-secret-that-nobody-may-see"

/** In seconds since 1970. */
export const now = 1_700_000_000

const owned = {
  home_account_id: "ada",
  environment: "https://id.example.com",
  client_id: "client",
  secret
}

export const accessToken = (differences: Members = {}): Members => ({
  ...owned,
  credential_type: "AccessToken",
  realm: "",
  target: "read",
  token_type: "Bearer",
  cached_at: String(now - 60),
  expires_on: String(now + 60),
  ...differences
})

export const refreshToken = (differences: Members = {}): Members => ({
  ...owned,
  credential_type: "RefreshToken",
  ...differences
})

const claims = { iss: "https://id.example.com", sub: "ada", aud: "client", iat: now, exp: now + 60 }

export const idToken = (differences: Members = {}): Members => ({
  ...owned,
  credential_type: "IdToken",
  realm: "",
  secret: ["{\"alg\":\"RS256\"}", JSON.stringify(claims), secret]
    .map((part) => Buffer.from(part).toString("base64url")).join("."),
  ...differences
})

export const account = (differences: Members = {}): Members => ({
  home_account_id: "ada",
  environment: "https://id.example.com",
  realm: "",
  local_account_id: "ada",
  username: "ada@example.com",
  authority_type: "Generic",
  ...differences
})

/** A cache in which all is well. */
export const healthy = {
  AccessToken: { at: accessToken() },
  RefreshToken: { rt: refreshToken() },
  IdToken: { it: idToken() },
  Account: { account: account() },
  AppMetadata: { app: { client_id: "client", environment: "https://id.example.com" } }
}

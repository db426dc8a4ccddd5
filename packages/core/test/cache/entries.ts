/**
 * One entry of each kind, as MSAL for Python writes them.
 */
import { microsoft } from "./records.js"
import * as Values from "./samples/values.js"

const { clientId, homeAccountId, tenantId, uid } = Values

export const accessToken = {
  credential_type: "AccessToken",
  secret: "secret",
  home_account_id: homeAccountId,
  environment: microsoft,
  client_id: clientId,
  realm: tenantId,
  target: "a b",
  token_type: "Bearer",
  cached_at: String(Values.now),
  expires_on: String(Values.now + 3600)
}

export const refreshToken = {
  credential_type: "RefreshToken",
  secret: "secret",
  home_account_id: homeAccountId,
  environment: microsoft,
  client_id: clientId
}

export const idToken = {
  credential_type: "IdToken",
  secret: Values.idToken(),
  home_account_id: homeAccountId,
  environment: microsoft,
  client_id: clientId,
  realm: tenantId
}

export const account = {
  home_account_id: homeAccountId,
  environment: microsoft,
  realm: tenantId,
  local_account_id: uid,
  username: "ada@example.com",
  authority_type: "MSSTS"
}

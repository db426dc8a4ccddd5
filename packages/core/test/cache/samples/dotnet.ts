/**
 * A cache as MSAL for .NET writes it: a sign-in, tokens bound to a key and to parameters, tokens on behalf of a person, and
 * a client's own token.
 */
import { clientId, clientInfo, homeAccountId, idToken, tenantId, uid } from "./values.js"

const environment = "login.windows.net"
const ada = { home_account_id: homeAccountId, environment, client_info: clientInfo }
const times = {
  cached_at: "1900000000",
  expires_on: "1900003600",
  extended_expires_on: "1900007200",
  ext_expires_on: "1900007200"
}

export const keys = {
  accessToken: `${homeAccountId}-${environment}-accesstoken-${clientId}-${tenantId}-openid profile user.read`,
  popToken: `${homeAccountId}-${environment}-accesstoken_with_authscheme-${clientId}-${tenantId}-mail.read-pop`,
  extendedToken: `${homeAccountId}-${environment}-atext-${clientId}-${tenantId}-mail.read`
    + "-latlwkpewb_a0rcsmjvkecqt0_huumkw4sflzociike",
  onBehalfOf: `${homeAccountId}-${environment}-accesstoken-${clientId}-${tenantId}-files.read`,
  appToken: `-${environment}-accesstoken-${clientId}-${tenantId}-https://graph.microsoft.com/.default`,
  refreshToken: `${homeAccountId}-${environment}-refreshtoken-${clientId}--`,
  onBehalfOfRefreshToken: `${homeAccountId}-${environment}-refreshtoken-middle-tier--`,
  account: `${homeAccountId}-${environment}-${tenantId}`
}

export const dotnet = {
  AccessToken: {
    [keys.accessToken]: {
      ...ada,
      client_id: clientId,
      secret: "dotnet-access-token",
      credential_type: "AccessToken",
      realm: tenantId,
      target: "openid profile user.read",
      ...times,
      refresh_on: "1900001800"
    },
    [keys.popToken]: {
      ...ada,
      client_id: clientId,
      secret: "dotnet-pop-token",
      credential_type: "AccessToken",
      realm: tenantId,
      target: "mail.read",
      ...times,
      kid: "key-1",
      token_type: "pop"
    },
    [keys.extendedToken]: {
      ...ada,
      client_id: clientId,
      secret: "dotnet-extended-token",
      credential_type: "ATExt",
      realm: tenantId,
      target: "mail.read",
      ...times,
      ext: { key1: "value1", key2: "value2" }
    },
    [keys.onBehalfOf]: {
      ...ada,
      client_id: clientId,
      secret: "dotnet-on-behalf-of-token",
      credential_type: "AccessToken",
      realm: tenantId,
      target: "files.read",
      user_assertion_hash: "long-running",
      ...times
    },
    [keys.appToken]: {
      environment,
      client_id: clientId,
      secret: "dotnet-app-token",
      credential_type: "AccessToken",
      realm: tenantId,
      target: "https://graph.microsoft.com/.default",
      ...times
    }
  },
  RefreshToken: {
    [keys.refreshToken]: {
      ...ada,
      client_id: clientId,
      secret: "dotnet-refresh-token",
      credential_type: "RefreshToken",
      family_id: "",
      user_assertion_hash: ""
    },
    [keys.onBehalfOfRefreshToken]: {
      ...ada,
      client_id: "middle-tier",
      secret: "dotnet-on-behalf-of-refresh-token",
      credential_type: "RefreshToken",
      user_assertion_hash: "long-running"
    }
  },
  IdToken: {
    [`${homeAccountId}-${environment}-idtoken-${clientId}-${tenantId}-`]: {
      ...ada,
      client_id: clientId,
      secret: idToken(),
      credential_type: "IdToken",
      realm: tenantId
    }
  },
  Account: {
    [keys.account]: {
      ...ada,
      username: "ada@example.com",
      name: "Ada Lovelace",
      given_name: "Ada",
      family_name: "Lovelace",
      local_account_id: uid,
      authority_type: "MSSTS",
      realm: tenantId,
      wam_account_ids: { [clientId]: "wam-account" }
    }
  },
  AppMetadata: {
    [`appmetadata-${environment}-${clientId}`]: { client_id: clientId, environment, family_id: "" }
  }
}

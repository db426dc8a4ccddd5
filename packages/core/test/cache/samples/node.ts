/**
 * A cache as MSAL for Node 7 writes it: a sign-in with `common`, a token of a guest's tenant, a token on behalf of a
 * person, and a client's own tokens, one of them for a path of Federated Managed Identity.
 */
import { clientId, clientInfo, guestClaims, guestTenantId, homeAccountId, idToken, tenantId, uid } from "./values.js"

const environment = "login.windows.net"
const ada = { home_account_id: homeAccountId, environment }
const times = { cached_at: "1900000000", expires_on: "1900003600", extended_expires_on: "1900010800" }

export const keys = {
  accessToken: `${homeAccountId}-${environment}-accesstoken-${clientId}-${tenantId}-user.read openid profile email-`,
  guestToken:
    `${homeAccountId}-${environment}-accesstoken-${clientId}-${guestTenantId}-user.read openid profile email-`,
  onBehalfOf: `${homeAccountId}-${environment}-accesstoken-${clientId}-${tenantId}-mail.read-`,
  appToken: `-${environment}-accesstoken-${clientId}-${tenantId}-https://graph.microsoft.com/.default-`,
  fmiToken: `-${environment}-accesstoken-${clientId}-${tenantId}-https://graph.microsoft.com/.default`
    + "--i6ufsungkjzcpsxareif4vlmurc-xz7cwba-lo_l6re",
  refreshToken: `${homeAccountId}-${environment}-refreshtoken-1---`,
  account: `${homeAccountId}-${environment}-${tenantId}`,
  appMetadata: `appmetadata-${environment}-${clientId}`
}

export const node = {
  Account: {
    [keys.account]: {
      ...ada,
      realm: tenantId,
      local_account_id: uid,
      username: "ada@example.com",
      authority_type: "MSSTS",
      name: "Ada Lovelace",
      client_info: clientInfo,
      tenantProfiles: [
        JSON.stringify({
          tenantId,
          localAccountId: uid,
          name: "Ada Lovelace",
          username: "ada@example.com",
          isHomeTenant: true
        }),
        JSON.stringify({
          tenantId: guestTenantId,
          localAccountId: "guest-oid",
          name: "Ada, a guest",
          username: "ada_example.com#EXT#@guest.example",
          isHomeTenant: false
        })
      ]
    }
  },
  IdToken: {
    [`${homeAccountId}-${environment}-idtoken-${clientId}-${tenantId}--`]: {
      ...ada,
      credential_type: "IdToken",
      client_id: clientId,
      secret: idToken(),
      realm: tenantId
    },
    [`${homeAccountId}-${environment}-idtoken-${clientId}-${guestTenantId}--`]: {
      ...ada,
      credential_type: "IdToken",
      client_id: clientId,
      secret: idToken(guestClaims),
      realm: guestTenantId
    }
  },
  AccessToken: {
    [keys.accessToken]: {
      ...ada,
      credential_type: "AccessToken",
      client_id: clientId,
      secret: "node-access-token",
      realm: tenantId,
      target: "User.Read openid profile email",
      ...times,
      refresh_on: "1900001800",
      token_type: "Bearer"
    },
    [keys.guestToken]: {
      ...ada,
      credential_type: "AccessToken",
      client_id: clientId,
      secret: "node-guest-token",
      realm: guestTenantId,
      target: "User.Read openid profile email",
      ...times,
      token_type: "Bearer"
    },
    [keys.onBehalfOf]: {
      ...ada,
      credential_type: "AccessToken",
      client_id: clientId,
      secret: "node-on-behalf-of-token",
      realm: tenantId,
      target: "Mail.Read",
      ...times,
      token_type: "Bearer",
      userAssertionHash: "fFsdSeaHX9iH_VIhI8SzQWnUzBGmUCzATLfrj3wWaXI"
    },
    [keys.appToken]: {
      home_account_id: "",
      environment,
      credential_type: "AccessToken",
      client_id: clientId,
      secret: "node-app-token",
      realm: tenantId,
      target: "https://graph.microsoft.com/.default",
      ...times,
      token_type: "Bearer"
    },
    [keys.fmiToken]: {
      home_account_id: "",
      environment,
      credential_type: "AccessToken",
      client_id: clientId,
      secret: "node-fmi-token",
      realm: tenantId,
      target: "https://graph.microsoft.com/.default",
      ...times,
      token_type: "Bearer",
      additionalCacheKeyComponents: { fmi_path: "agent-app-id" }
    }
  },
  RefreshToken: {
    [keys.refreshToken]: {
      ...ada,
      credential_type: "RefreshToken",
      client_id: clientId,
      secret: "node-refresh-token",
      family_id: "1"
    }
  },
  AppMetadata: {
    [keys.appMetadata]: { client_id: clientId, environment, family_id: "1" }
  }
}

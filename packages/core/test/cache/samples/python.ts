/**
 * A cache as MSAL for Python writes it: a sign-in and an SSH certificate at Microsoft, a client's own tokens, one of them
 * for a path of Federated Managed Identity, and a sign-in at an AD FS.
 */
import { clientId, homeAccountId, idToken, tenantId, uid } from "./values.js"

const environment = "login.microsoftonline.com"
const adfs = { home_account_id: "S-1-Ada", environment: "adfs.contoso.example", client_id: clientId }
const ada = { home_account_id: homeAccountId, environment, client_id: clientId }
const nobody = { home_account_id: null, environment, client_id: clientId }
const times = { cached_at: "1900000000", expires_on: "1900003600" }

export const keys = {
  accessToken: `${homeAccountId}-${environment}-accesstoken-${clientId}-${tenantId}-user.read openid profile`,
  sshCertificate: `${homeAccountId}-${environment}-accesstoken-${clientId}-${tenantId}-https://pas.windows.net/x-key-1`,
  appToken: `-${environment}-accesstoken-${clientId}-contoso.example-https://graph.microsoft.com/.default`,
  fmiToken: `-${environment}-atext-${clientId}-contoso.example-https://graph.microsoft.com/.default`
    + "-a0ry_zl4gccsdp7gnw927x8s0mrmnodv6tyilt0u07m",
  refreshToken: `${homeAccountId}-${environment}-refreshtoken-${clientId}--user.read openid profile`,
  idToken: `${homeAccountId}-${environment}-idtoken-${clientId}-${tenantId}-`,
  account: `${homeAccountId}-${environment}-${tenantId}`,
  appMetadata: `appmetadata-${environment}-${clientId}`
}

export const python = {
  AccessToken: {
    [keys.accessToken]: {
      credential_type: "AccessToken",
      secret: "python-access-token",
      ...ada,
      target: "User.Read openid profile",
      realm: tenantId,
      token_type: "Bearer",
      ...times,
      extended_expires_on: "1900007200",
      refresh_on: "1900001800"
    },
    [keys.sshCertificate]: {
      credential_type: "AccessToken",
      secret: "python-ssh-certificate",
      ...ada,
      target: "https://pas.windows.net/x",
      realm: tenantId,
      token_type: "ssh-cert",
      ...times,
      extended_expires_on: "1900003600",
      key_id: "key-1"
    },
    [keys.appToken]: {
      credential_type: "AccessToken",
      secret: "python-app-token",
      ...nobody,
      target: "https://graph.microsoft.com/.default",
      realm: "contoso.example",
      token_type: "Bearer",
      ...times,
      extended_expires_on: "1900003600"
    },
    [keys.fmiToken]: {
      credential_type: "AccessToken",
      secret: "python-fmi-token",
      ...nobody,
      target: "https://graph.microsoft.com/.default",
      realm: "contoso.example",
      token_type: "Bearer",
      ...times,
      extended_expires_on: "1900003600",
      ext_cache_key: "a0ry_zl4gccsdp7gnw927x8s0mrmnodv6tyilt0u07m"
    },
    [`s-1-ada-adfs.contoso.example-accesstoken-${clientId}-adfs-a`]: {
      credential_type: "AccessToken",
      secret: "adfs-access-token",
      ...adfs,
      target: "a",
      realm: "adfs",
      token_type: "bearer",
      ...times,
      extended_expires_on: "1900003600"
    }
  },
  RefreshToken: {
    [keys.refreshToken]: {
      credential_type: "RefreshToken",
      secret: "python-refresh-token",
      ...ada,
      target: "User.Read openid profile",
      last_modification_time: "1900000000",
      family_id: "1"
    },
    [`s-1-ada-adfs.contoso.example-refreshtoken-${clientId}--a`]: {
      credential_type: "RefreshToken",
      secret: "adfs-refresh-token",
      ...adfs,
      target: "a",
      last_modification_time: "1900000000"
    }
  },
  IdToken: {
    [keys.idToken]: { credential_type: "IdToken", secret: idToken(), ...ada, realm: tenantId },
    [`s-1-ada-adfs.contoso.example-idtoken-${clientId}-adfs-`]: {
      credential_type: "IdToken",
      secret: idToken({ iss: "https://adfs.contoso.example/adfs", sub: "S-1-Ada", oid: undefined, tid: undefined }),
      ...adfs,
      realm: "adfs"
    }
  },
  Account: {
    [keys.account]: {
      home_account_id: homeAccountId,
      environment,
      realm: tenantId,
      local_account_id: uid,
      username: "ada@example.com",
      authority_type: "MSSTS",
      account_source: "authorization_code"
    },
    "s-1-ada-adfs.contoso.example-adfs": {
      home_account_id: "S-1-Ada",
      environment: "adfs.contoso.example",
      realm: "adfs",
      local_account_id: "S-1-Ada",
      username: "ada@contoso.example",
      authority_type: "ADFS",
      account_source: "authorization_code"
    }
  },
  AppMetadata: {
    [keys.appMetadata]: { client_id: clientId, environment, family_id: "1" },
    [`appmetadata-adfs.contoso.example-${clientId}`]: { client_id: clientId, environment: "adfs.contoso.example" }
  }
}

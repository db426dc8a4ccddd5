import { DefaultScenario } from "@grantwork/emulator"
import { describe, expect, it } from "vitest"
import { homeAccountIdOf } from "../support/interop/foreign.js"
import { type PeerName, peerNames } from "../support/interop/Peer.js"
import { lacks } from "../support/interop/pythonMsal.js"
import { contentsOf, type Entry, jane, scopes, shareFiles } from "../support/interop/sharedFile.js"
import "../support/patience.js"

const { newPath, start } = shareFiles()

const { clientIds, contoso, webSecret } = DefaultScenario

const accessToken =
  "cached_at client_id credential_type environment expires_on extended_expires_on home_account_id realm"
  + " secret target token_type"

/** Keys, and the fields under each. */
const signIns: Readonly<Record<PeerName, Readonly<Record<string, string>>>> = {
  Grantwork: {
    "AccessToken HOME-login.microsoftonline.com-accesstoken-CLIENT-TENANT-user.read openid profile": accessToken,
    "RefreshToken HOME-login.microsoftonline.com-refreshtoken-CLIENT--":
      "client_id credential_type environment home_account_id last_modification_time secret",
    "IdToken HOME-login.microsoftonline.com-idtoken-CLIENT-TENANT-":
      "client_id credential_type environment home_account_id realm secret",
    "Account HOME-login.microsoftonline.com-TENANT":
      "authority_type environment home_account_id local_account_id name realm username"
  },
  "msal-node": {
    "AccessToken HOME-login.windows.net-accesstoken-CLIENT-TENANT-user.read openid profile-": accessToken,
    "RefreshToken HOME-login.windows.net-refreshtoken-CLIENT---":
      "client_id credential_type environment home_account_id secret",
    "IdToken HOME-login.windows.net-idtoken-CLIENT-TENANT--":
      "client_id credential_type environment home_account_id realm secret",
    "Account HOME-login.windows.net-TENANT":
      "authority_type client_info environment home_account_id local_account_id name realm tenantProfiles username"
  },
  "msal for Python": {
    "AccessToken HOME-login.microsoftonline.com-accesstoken-CLIENT-TENANT-user.read openid profile": accessToken,
    "RefreshToken HOME-login.microsoftonline.com-refreshtoken-CLIENT--user.read openid profile":
      "client_id credential_type environment home_account_id last_modification_time secret target",
    "IdToken HOME-login.microsoftonline.com-idtoken-CLIENT-TENANT-":
      "client_id credential_type environment home_account_id realm secret",
    "Account HOME-login.microsoftonline.com-TENANT":
      "authority_type environment home_account_id local_account_id realm username",
    "AppMetadata appmetadata-login.microsoftonline.com-CLIENT": "client_id environment"
  }
}

const ownTokens: Readonly<Record<PeerName, Readonly<Record<string, string>>>> = {
  Grantwork: {
    "AccessToken -login.microsoftonline.com-accesstoken-CLIENT-TENANT-api://notes/.default": accessToken
  },
  "msal-node": { "AccessToken -login.windows.net-accesstoken-CLIENT-TENANT-api://notes/.default-": accessToken },
  "msal for Python": {
    "AccessToken -login.microsoftonline.com-accesstoken-CLIENT-TENANT-api://notes/.default": accessToken,
    "AppMetadata appmetadata-login.microsoftonline.com-CLIENT": "client_id environment"
  }
}

/** Keys and fields of a file, with its own identifiers by name. */
const shapeOf = (path: string, clientId: string, home = "HOME") =>
  Object.fromEntries(
    Object.entries(contentsOf(path)).flatMap(([section, entries]) =>
      Object.entries(entries).map(([key, entry]) => [
        `${section} ${key.replace(home, "HOME").replace(clientId, "CLIENT").replace(contoso, "TENANT")}`,
        Object.keys(entry).sort().join(" ")
      ])
    )
  )

const entriesOf = (path: string): ReadonlyArray<Entry> =>
  Object.values(contentsOf(path)).flatMap((entries) => Object.values(entries))

describe.each(peerNames)("%s", (name) => {
  it.skipIf(lacks(name))("writes a sign-in under these keys", async () => {
    const path = newPath()
    await (await start(name, path)).signIn(jane, scopes)
    const home = homeAccountIdOf(path, jane.username)
    expect(shapeOf(path, clientIds.public, home)).toEqual(signIns[name])
    const entry = entriesOf(path).find((one) => one["credential_type"] === "AccessToken") ?? {}
    expect(entry).toMatchObject({
      environment: name === "msal-node" ? "login.windows.net" : "login.microsoftonline.com",
      home_account_id: home,
      realm: contoso,
      target: "User.Read openid profile",
      token_type: "Bearer"
    })
    for (const field of ["cached_at", "expires_on", "extended_expires_on"]) {
      expect(entry[field]).toMatch(/^\d{10}$/)
    }
    const lasts = (field: string) => Number(entry[field]) - Number(entry["cached_at"])
    expect(lasts("expires_on")).toBe(3600)
    expect(lasts("extended_expires_on")).toBe(name === "msal-node" ? 7200 : 3600)
  })

  it.skipIf(lacks(name))("writes a client's own token under these keys", async () => {
    const path = newPath()
    const web = { clientId: clientIds.web, clientSecret: webSecret }
    await (await start(name, path, web)).ownToken(["api://notes/.default"])
    expect(shapeOf(path, clientIds.web)).toEqual(ownTokens[name])
    expect(entriesOf(path)[0]).toMatchObject({ home_account_id: name === "msal-node" ? "" : null, realm: contoso })
  })
})

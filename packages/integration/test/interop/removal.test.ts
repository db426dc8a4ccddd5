import { DefaultScenario } from "@grantwork/emulator"
import { describe, expect, it } from "vitest"
import { homeAccountIdOf } from "../support/interop/foreign.js"
import { peerNames } from "../support/interop/Peer.js"
import { lacks } from "../support/interop/pythonMsal.js"
import { contentsOf, jane, sam, scopes, shareFiles } from "../support/interop/sharedFile.js"
import "../support/patience.js"

const { newPath, start } = shareFiles()

const { clientIds } = DefaultScenario

/** Two of a family. */
const clients = [{ clientId: clientIds.public }, { clientId: clientIds.sibling }]

/** Jane signed in by all three for both clients, and Sam. */
const signInAll = async () => {
  const path = newPath()
  for (const client of clients) {
    for (const name of peerNames) {
      await (await start(name, path, client)).signIn(jane, scopes)
    }
  }
  await (await start("msal for Python", path)).signIn(sam, scopes)
  return { path, home: homeAccountIdOf(path, jane.username) }
}

/** Makes one entry of every two for the same purpose. */
const refreshAll = async (path: string) => {
  for (const client of clients) {
    await (await start("Grantwork", path, client)).silent(jane.username, scopes, "refresh")
  }
}

/** Section and host of what is left of a person. */
const leftOf = (path: string, home: string): ReadonlyArray<string> =>
  Object.entries(contentsOf(path)).flatMap(([section, entries]) =>
    Object.values(entries).flatMap((entry) =>
      entry["home_account_id"] === home ? [`${section} at ${String(entry["environment"])}`] : []
    )
  ).sort()

/** Who of the three still lists Jane for one of the clients. */
const listedBy = async (path: string) => {
  const listing: Array<string> = []
  for (const name of peerNames) {
    const applications = await Promise.all(clients.map((client) => start(name, path, client)))
    const accounts = (await Promise.all(applications.map((application) => application.accounts()))).flat()
    listing.push(...accounts.includes(jane.username) ? [name] : [])
  }
  return listing
}

describe.skipIf(lacks(...peerNames))("an account with entries of all three, of two clients,", () => {
  it("is gone for all once Grantwork removes it, and nothing else is", async () => {
    const { home, path } = await signInAll()
    await (await start("Grantwork", path)).remove(jane.username)
    expect(leftOf(path, home)).toEqual([])
    expect(await listedBy(path)).toEqual([])
    for (const name of peerNames) {
      const application = await start(name, path)
      expect(await application.accounts()).toEqual([sam.username])
      await application.silent(sam.username, scopes, "refresh")
    }
  })

  it("is gone for all once msal-node removes all of its accounts", async () => {
    const { home, path } = await signInAll()
    await (await start("msal-node", path)).remove(jane.username)
    expect(leftOf(path, home)).toEqual([])
    expect(await listedBy(path)).toEqual([])
  })

  it("is left under msal-node's host when msal for Python removes it, and all but Python list it", async () => {
    const { home, path } = await signInAll()
    await (await start("msal for Python", path)).remove(jane.username)
    expect(leftOf(path, home)).toEqual([
      "AccessToken at login.windows.net",
      "AccessToken at login.windows.net",
      "Account at login.windows.net",
      "IdToken at login.windows.net",
      "IdToken at login.windows.net",
      "RefreshToken at login.microsoftonline.com",
      "RefreshToken at login.microsoftonline.com",
      "RefreshToken at login.windows.net",
      "RefreshToken at login.windows.net"
    ])
    expect(await listedBy(path)).toEqual(["Grantwork", "msal-node"])
    await (await start("Grantwork", path)).remove(jane.username)
    expect(leftOf(path, home)).toEqual([])
  })

  it("is gone for all when msal for Python removes what Grantwork has refreshed, but for another client's refresh token", async () => {
    const { home, path } = await signInAll()
    await refreshAll(path)
    await (await start("msal for Python", path)).remove(jane.username)
    expect(leftOf(path, home)).toEqual(["RefreshToken at login.microsoftonline.com"])
    expect(await listedBy(path)).toEqual([])
  })
})

describe("a running msal-node", () => {
  it("still lists whom Grantwork removed, until it looks for a token", async () => {
    const path = newPath()
    const running = await start("msal-node", path)
    await running.signIn(jane, scopes)
    await (await start("Grantwork", path)).remove(jane.username)
    expect(await running.accounts()).toEqual([jane.username])
    await expect(running.silent(jane.username, scopes)).rejects.toThrow("no_tokens_found")
    expect(await running.accounts()).toEqual([])
  })

  it("brings back whom Grantwork removed when it signs somebody else in", async () => {
    const path = newPath()
    const running = await start("msal-node", path)
    await running.signIn(jane, scopes)
    const home = homeAccountIdOf(path, jane.username)
    const grantwork = await start("Grantwork", path)
    await grantwork.remove(jane.username)
    await running.signIn(sam, scopes)
    expect(leftOf(path, home)).not.toEqual([])
    expect(new Set(await grantwork.accounts())).toEqual(new Set([jane.username, sam.username]))
    await grantwork.remove(jane.username)
    expect(leftOf(path, home)).toEqual([])
  })
})

import { DefaultScenario } from "@grantwork/emulator"
import { describe, expect, it } from "vitest"
import { type PeerName, peerNames } from "../support/interop/Peer.js"
import { lacks } from "../support/interop/pythonMsal.js"
import { contentsOf, jane, scopes, shareFiles } from "../support/interop/sharedFile.js"
import "../support/patience.js"

const { newPath, sentDuring, start } = shareFiles()

const web = { clientId: DefaultScenario.clientIds.web, clientSecret: DefaultScenario.webSecret }
const notes = ["api://notes/.default"]

/** msal-node puts an empty home account where the others put null, and finds no other than its own. */
const reads: Readonly<Record<PeerName, Readonly<Record<PeerName, boolean>>>> = {
  Grantwork: { Grantwork: true, "msal-node": true, "msal for Python": true },
  "msal-node": { Grantwork: false, "msal-node": true, "msal for Python": false },
  "msal for Python": { Grantwork: true, "msal-node": false, "msal for Python": true }
}

const rows = peerNames.flatMap((writer) =>
  peerNames.map((reader) => ({ writer, reader, isHit: reads[reader][writer] }))
)

describe("a client's own token", () => {
  describe.each(rows)("that $writer wrote", ({ isHit, reader, writer }) => {
    it.skipIf(lacks(reader, writer))(`${isHit ? "is a hit" : "is nothing"} to ${reader}`, async () => {
      const path = newPath()
      const written = await (await start(writer, path, web)).ownToken(notes)
      const application = await start(reader, path, web)
      let read = ""
      expect(await sentDuring(async () => (read = await application.ownToken(notes))))
        .toEqual(isHit ? [] : ["client_credentials"])
      expect(read === written).toBe(isHit)
      expect(await application.accounts()).toEqual([])
    })
  })

  it.skipIf(lacks(...peerNames))("of each stays beside the others', and beside a person's", async () => {
    const path = newPath()
    await (await start("msal for Python", path)).signIn(jane, scopes)
    for (const name of peerNames) {
      await (await start(name, path, web)).ownToken(notes)
    }
    const homes = Object.values(contentsOf(path)["AccessToken"] ?? {}).map((entry) => entry["home_account_id"])
    expect(homes.filter((home) => home === null)).toHaveLength(1)
    expect(homes.filter((home) => home === "")).toHaveLength(1)
    for (const name of peerNames) {
      const application = await start(name, path, web)
      expect(await sentDuring(() => application.ownToken(notes))).toEqual([])
      const signedIn = await start(name, path)
      expect(await signedIn.accounts()).toEqual([jane.username])
      expect(await sentDuring(() => signedIn.silent(jane.username, scopes))).toEqual([])
    }
  })
})

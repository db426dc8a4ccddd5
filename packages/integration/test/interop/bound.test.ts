import { describe, expect, it } from "vitest"
import { type PeerName, peerNames } from "../support/interop/Peer.js"
import { lacks } from "../support/interop/pythonMsal.js"
import { contentsOf, jane, scopes, shareFiles } from "../support/interop/sharedFile.js"
import "../support/patience.js"

const { newPath, sentDuring, start } = shareFiles()

const refresh = ["refresh_token"]
const others = ["Mail.Read"]
const section = "AccessToken_With_AuthScheme"

describe("a token in the file that is bound to a key", () => {
  it.skipIf(lacks("msal for Python")).each(peerNames)(
    "is no bearer token to %s, and stays",
    async (reader: PeerName) => {
      const path = newPath()
      const application = await start("Grantwork", path)
      await application.signIn(jane, scopes)
      expect(await sentDuring(async () => application.bound?.(jane.username, others))).toEqual(refresh)
      const [bound] = Object.values(contentsOf(path)[section] ?? {})
      expect(bound).toMatchObject({ token_type: "pop", target: expect.stringContaining("Mail.Read") })

      const other = await start(reader, path)
      expect(await sentDuring(() => other.silent(jane.username, others))).toEqual(refresh)
      expect(Object.values(contentsOf(path)[section] ?? {})).toEqual([bound])
      expect(await sentDuring(async () => application.bound?.(jane.username, others))).toEqual([])
    }
  )

  it.skipIf(lacks("msal for Python")).each(peerNames)("serves nobody whom %s signed out", async (remover: PeerName) => {
    const path = newPath()
    const application = await start("Grantwork", path)
    await application.signIn(jane, scopes)
    await application.bound?.(jane.username, scopes)
    await (await start(remover, path)).remove(jane.username)
    await expect(application.bound?.(jane.username, scopes)).rejects.toMatchObject({ _tag: "InteractionRequired" })
  })
})

import { DefaultScenario } from "@grantwork/emulator"
import { afterEach, describe, expect, it, vi } from "vitest"
import { pairs } from "../support/interop/Peer.js"
import { lacks } from "../support/interop/pythonMsal.js"
import { contentsOf, jane, scopes, shareFiles } from "../support/interop/sharedFile.js"
import "../support/patience.js"

const { newPath, sentDuring, start } = shareFiles()

const hit: ReadonlyArray<string> = []
const refresh = ["refresh_token"]

/** What is sent for a token that the other one, in its turn, has just written. */
const expected = {
  [DefaultScenario.contoso]: {
    "Grantwork, then msal-node": [hit, hit],
    "Grantwork, then msal for Python": [hit, hit],
    "msal-node, then Grantwork": [hit, hit],
    "msal-node, then msal for Python": [hit, refresh],
    "msal for Python, then Grantwork": [hit, hit],
    "msal for Python, then msal-node": [hit, refresh]
  },
  "contoso.example": {
    "Grantwork, then msal-node": [hit, refresh],
    "Grantwork, then msal for Python": [hit, refresh],
    "msal-node, then Grantwork": [refresh, hit],
    "msal-node, then msal for Python": [hit, refresh],
    "msal for Python, then Grantwork": [refresh, hit],
    "msal for Python, then msal-node": [hit, refresh]
  },
  organizations: {
    "Grantwork, then msal-node": [hit, hit],
    "Grantwork, then msal for Python": [refresh, hit],
    "msal-node, then Grantwork": [hit, hit],
    "msal-node, then msal for Python": [refresh, hit],
    "msal for Python, then Grantwork": [hit, refresh],
    "msal for Python, then msal-node": [refresh, hit]
  }
}

describe.each(Object.entries(expected))("at the tenant %s", (tenant, table) => {
  describe.each(pairs)("a file of $writer, then $reader,", ({ reader, writer }) => {
    const [first, second] = new Map(Object.entries(table)).get(`${writer}, then ${reader}`) ?? []

    it.skipIf(lacks(reader, writer))(
      `serves the one ${first?.length === 0 ? "from the cache" : "by a refresh"},`
        + ` and then the other ${second?.length === 0 ? "from the cache" : "by a refresh"}`,
      async () => {
        const path = newPath()
        const begun = await start(writer, path, { tenant })
        const signedIn = await begun.signIn(jane, scopes)

        const other = await start(reader, path, { tenant })
        expect(await other.accounts()).toEqual([jane.username])
        let token = ""
        expect(await sentDuring(async () => (token = await other.silent(jane.username, scopes)))).toEqual(first)
        expect(token === signedIn).toBe(first?.length === 0)
        let refreshed = ""
        expect(await sentDuring(async () => (refreshed = await other.silent(jane.username, scopes, "refresh"))))
          .toEqual(refresh)
        expect(refreshed).not.toBe(token)

        const again = await start(writer, path, { tenant })
        expect(await again.accounts()).toEqual([jane.username])
        expect(await sentDuring(() => again.silent(jane.username, scopes))).toEqual(second)
        for (const application of [again, other, begun]) {
          expect(await sentDuring(() => application.silent(jane.username, scopes, "refresh"))).toEqual(refresh)
          expect(await sentDuring(() => application.silent(jane.username, scopes))).toEqual(hit)
          expect(new Set(await application.accounts())).toEqual(new Set([jane.username]))
        }
      }
    )
  })
})

describe("what msal-node wrote", () => {
  afterEach(() => vi.useRealTimers())

  it("is a hit at once, though its times are rounded and may be half a second ahead", async () => {
    const path = newPath()
    await (await start("msal-node", path)).signIn(jane, scopes)
    const [token] = Object.values(contentsOf(path)["AccessToken"] ?? {})
    vi.useFakeTimers({ now: Number(token?.["cached_at"]) * 1000 - 500, toFake: ["Date"] })
    const application = await start("Grantwork", path)
    expect(await sentDuring(() => application.silent(jane.username, scopes))).toEqual(hit)
  })
})

describe("msal for Python", () => {
  it.skipIf(lacks("msal for Python"))(
    "first tries a sibling's refresh token, once, for a client that it did not know",
    async () => {
      const path = newPath()
      await (await start("Grantwork", path, { clientId: DefaultScenario.clientIds.sibling })).signIn(jane, scopes)
      await (await start("Grantwork", path)).signIn(jane, scopes)
      const application = await start("msal for Python", path)
      const forced = () => sentDuring(() => application.silent(jane.username, scopes, "refresh"))
      expect([await forced(), await forced()]).toEqual([[...refresh, ...refresh], refresh])
    }
  )
})

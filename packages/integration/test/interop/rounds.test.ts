import { describe, expect, it } from "vitest"
import { homeAccountIdOf, lostByMsalNode, lostOf, notedSections, plant } from "../support/interop/foreign.js"
import { type Application, type PeerName, peerNames } from "../support/interop/Peer.js"
import { lacks } from "../support/interop/pythonMsal.js"
import { jane, sam, scopes, shareFiles } from "../support/interop/sharedFile.js"
import "../support/patience.js"

type Shared = ReturnType<typeof shareFiles>

interface Turns {
  readonly order: ReadonlyArray<PeerName>
  readonly rounds: number
  readonly usernames: ReadonlyArray<string>
}

/** Refreshes for everybody, round after round; all start anew every tenth round. */
const takeTurns = async ({ start }: Shared, path: string, { order, rounds, usernames }: Turns) => {
  const running = new Map<PeerName, Application>()
  for (let round = 0; round < rounds; round++) {
    for (const name of order) {
      const application = (round % 10 === 0 ? undefined : running.get(name)) ?? await start(name, path)
      running.set(name, application)
      for (const username of usernames) {
        await application.silent(username, scopes, "refresh")
      }
    }
  }
}

/** Each of them, started anew, lists everybody and can refresh for them. */
const servesAll = async ({ start }: Shared, path: string, { order, usernames }: Turns) => {
  for (const name of order) {
    const application = await start(name, path)
    expect(await application.accounts()).toEqual(expect.arrayContaining([...usernames]))
    for (const username of usernames) {
      await application.silent(username, scopes, "refresh")
    }
  }
}

describe("fifty rounds of refreshes by all three in turns", () => {
  const shared = shareFiles()
  const turns: Turns = { order: peerNames, rounds: 50, usernames: [jane.username, sam.username] }

  it.skipIf(lacks(...peerNames))(
    "lose no account, no refresh token, and nothing foreign that msal-node keeps",
    async () => {
      const path = shared.newPath()
      await (await shared.start("Grantwork", path)).signIn(jane, scopes)
      await (await shared.start("msal for Python", path)).signIn(sam, scopes)
      const homes = turns.usernames.map((username) => homeAccountIdOf(path, username))
      plant(path)
      await takeTurns(shared, path, turns)
      expect(lostOf(path)).toEqual(lostByMsalNode)
      for (const home of homes) {
        expect(notedSections(path, home)).toContain("Account")
      }
      await servesAll(shared, path, turns)
    }
  )
})

describe("where a used refresh token revokes what came of the sign-in", () => {
  const shared = shareFiles({ replay: "revoke" })

  it.skipIf(lacks(...peerNames)).each<{ readonly order: ReadonlyArray<PeerName> }>([
    { order: ["Grantwork", "msal-node"] },
    { order: ["Grantwork", "msal for Python"] },
    { order: ["Grantwork", "msal-node", "Grantwork", "msal for Python"] }
  ])("twenty-five rounds of $order replay none", async ({ order }) => {
    const turns: Turns = { order, rounds: 25, usernames: [jane.username] }
    const path = shared.newPath()
    await (await shared.start(order.at(-1) ?? "Grantwork", path)).signIn(jane, scopes)
    await takeTurns(shared, path, turns)
    await servesAll(shared, path, turns)
    expect(await shared.refusals()).toEqual([])
  })
})

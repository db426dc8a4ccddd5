import { describe, expect, it } from "vitest"
import { homeAccountIdOf, lostByMsalNode, lostOf, notedSections, plant } from "../support/interop/foreign.js"
import { type Application, type PeerName, peerNames } from "../support/interop/Peer.js"
import { lacks } from "../support/interop/pythonMsal.js"
import { jane, sam, scopes, shareFiles } from "../support/interop/sharedFile.js"
import "../support/patience.js"

const { newPath, start } = shareFiles()

const acts = {
  "a refresh": (application: Application) => application.silent(jane.username, scopes, "refresh"),
  "another sign-in": (application: Application) => application.signIn(jane, scopes),
  "somebody else's sign-in": (application: Application) => application.signIn(sam, scopes)
}

type Act = keyof typeof acts

/** What others planted in a file of Jane's, and what becomes of it once somebody acts. */
const afterwards = async (writer: PeerName, changer: PeerName, act: (application: Application) => Promise<unknown>) => {
  const path = newPath()
  await (await start(writer, path)).signIn(jane, scopes)
  const home = homeAccountIdOf(path, jane.username)
  plant(path)
  await act(await start(changer, path))
  return { lost: lostOf(path), noted: new Set(notedSections(path, home)) }
}

const all = ["AccessToken", "RefreshToken", "IdToken", "Account"]

/** The sections whose entries of Jane's still have the note of another program. */
const keptNotes: Readonly<Record<PeerName, Readonly<Record<Act, ReadonlyArray<string>>>>> = {
  Grantwork: {
    "a refresh": ["RefreshToken", "Account"],
    "another sign-in": ["RefreshToken", "Account"],
    "somebody else's sign-in": all
  },
  "msal-node": { "a refresh": ["Account"], "another sign-in": [], "somebody else's sign-in": all },
  "msal for Python": { "a refresh": ["RefreshToken", "Account"], "another sign-in": [], "somebody else's sign-in": all }
}

const lostBy: Readonly<Record<PeerName, ReadonlyArray<string>>> = {
  Grantwork: [],
  "msal-node": lostByMsalNode,
  "msal for Python": []
}

const table = (name: PeerName) =>
  Object.entries(acts).map(([act, run]) => ({ act, run, notes: new Map(Object.entries(keptNotes[name])).get(act) }))

describe.each(peerNames)("in a file that %s wrote", (writer) => {
  it.skipIf(lacks(writer)).each(table("Grantwork"))(
    "Grantwork keeps all that is foreign at $act, and notes at $notes",
    async ({ notes, run }) => {
      expect(await afterwards(writer, "Grantwork", run)).toEqual({ lost: [], noted: new Set(notes) })
    }
  )

  it.skipIf(lacks(writer))("Grantwork keeps all that is foreign at a removal", async () => {
    const remove = (application: Application) => application.remove(jane.username)
    expect(await afterwards(writer, "Grantwork", remove)).toEqual({ lost: [], noted: new Set() })
  })
})

describe.each(["msal-node", "msal for Python"] as const)("in a file that Grantwork wrote, %s", (changer) => {
  it.skipIf(lacks(changer)).each(table(changer))(
    `loses ${lostBy[changer].join(", ") || "nothing"} at $act, and keeps notes at $notes`,
    async ({ notes, run }) => {
      expect(await afterwards("Grantwork", changer, run)).toEqual({ lost: lostBy[changer], noted: new Set(notes) })
    }
  )
})

it("the note at a refresh token that msal-node has doubled is kept by Grantwork", async () => {
  const path = newPath()
  await (await start("Grantwork", path)).signIn(jane, scopes)
  const home = homeAccountIdOf(path, jane.username)
  plant(path)
  await (await start("msal-node", path)).silent(jane.username, scopes, "refresh")
  await (await start("Grantwork", path)).silent(jane.username, scopes, "refresh")
  expect(new Set(notedSections(path, home))).toEqual(new Set(["RefreshToken", "Account"]))
})

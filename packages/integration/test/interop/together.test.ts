import { AuthError } from "@grantwork/core"
import { readdirSync } from "node:fs"
import { basename, dirname } from "node:path"
import { describe, expect, it } from "vitest"
import { type Application, type PeerName, peerNames } from "../support/interop/Peer.js"
import { lacks } from "../support/interop/pythonMsal.js"
import { scopes, shareFiles } from "../support/interop/sharedFile.js"
import "../support/patience.js"

const named = (names: ReadonlyArray<string>) =>
  names.map((name) => ({ username: `${name}@contoso.example`, password: `${name}'s pass word`, name }))

/** Whom each of them signs in. */
const people = {
  Grantwork: named(["ana", "ben", "cleo"]),
  "msal-node": named(["dan", "eva", "fred"]),
  "msal for Python": named(["gina", "hugo", "ida"])
} satisfies Record<PeerName, unknown>

const everybody = Object.values(people).flat()

/** Names of what stands beside the file, such as locks and damaged files that were kept. */
const beside = (path: string): ReadonlyArray<string> =>
  readdirSync(dirname(path)).filter((name) => name !== basename(path) && name.startsWith(basename(path)))

type Shared = ReturnType<typeof shareFiles>

/** Each signs in its people and refreshes for them, all at the same time; whatever has been done is told to `onDone`. */
const workTogether = async (
  { start }: Shared,
  path: string,
  onDone: (what: { readonly name: PeerName; readonly username: string; readonly failure?: unknown }) => Promise<void>
) => {
  const work = async (name: PeerName, application: Application) => {
    const attempt = async (username: string, run: () => Promise<unknown>) => {
      try {
        await run()
      } catch (failure) {
        return onDone({ name, username, failure })
      }
      await onDone({ name, username })
    }
    for (const person of people[name]) {
      await attempt(person.username, () => application.signIn(person, scopes))
    }
    for (let round = 0; round < 5; round++) {
      for (const { username } of people[name]) {
        await attempt(username, () => application.silent(username, scopes, "refresh"))
      }
    }
  }
  const applications = await Promise.all(
    peerNames.map(async (name) => ({ name, application: await start(name, path) }))
  )
  await Promise.all(applications.map(({ application, name }) => work(name, application)))
}

describe("at the same time, all three", () => {
  const shared = shareFiles({ people: everybody, plugin: "careful" })

  it.skipIf(lacks(...peerNames))(
    "lose nobody and no refresh token, where msal-node's plugin heeds the lock",
    async () => {
      const path = shared.newPath()
      const watcher = await shared.start("Grantwork", path)
      const signedIn = new Set<string>()
      await workTogether(shared, path, async ({ failure, name, username }) => {
        expect(failure, `${name}, for ${username}`).toBeUndefined()
        const before = [...signedIn.add(username)]
        expect(await watcher.accounts()).toEqual(expect.arrayContaining(before))
      })
      expect(new Set(await watcher.accounts())).toEqual(new Set(everybody.map(({ username }) => username)))
      for (const name of peerNames) {
        const application = await shared.start(name, path)
        for (const { username } of everybody) {
          await application.silent(username, scopes, "refresh")
        }
      }
      expect(beside(path)).toEqual([])
    }
  )
})

describe("at the same time, with msal-node's own plugin, which removes others' locks and writes what it read before,", () => {
  const shared = shareFiles({ people: everybody })

  it.skipIf(lacks(...peerNames))(
    "Grantwork never fails to read or to write, and finds whoever signs in again",
    async () => {
      const path = shared.newPath()
      const watcher = await shared.start("Grantwork", path)
      const failures: Array<unknown> = []
      await workTogether(shared, path, async ({ failure, name }) => {
        failures.push(...name === "Grantwork" && failure !== undefined ? [failure] : [])
        await watcher.accounts()
      })
      expect(failures.filter((failure) => failure instanceof AuthError.CacheUnavailable)).toEqual([])
      for (const name of peerNames) {
        const application = await shared.start(name, path)
        for (const person of people[name]) {
          await application.signIn(person, scopes)
        }
      }
      const application = await shared.start("Grantwork", path)
      for (const { username } of everybody) {
        await application.silent(username, scopes, "refresh")
      }
      expect(new Set(await application.accounts())).toEqual(new Set(everybody.map(({ username }) => username)))
      expect(beside(path)).toEqual([])
    }
  )
})

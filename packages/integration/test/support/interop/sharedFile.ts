import { DefaultScenario, type Scenario } from "@grantwork/emulator"
import { type RunningEmulator, startEmulator } from "@grantwork/emulator/startEmulator"
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setImmediate } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll } from "vitest"
import { known } from "../emulator.js"
import { grantworkPeer } from "./grantworkPeer.js"
import { type Application, type Peer, type PeerName, peerNames, type Registration } from "./Peer.js"
import { processPeer } from "./processPeer.js"
import { lacks, python } from "./pythonMsal.js"

const { clientIds, contoso, defaultScenario } = DefaultScenario

export const jane = known("jane@contoso.example")
export const sam = known("sam@contoso.example")
export const scopes = ["User.Read"]

export interface Options {
  /** What becomes of a refresh token that was used before; accepted unless told otherwise, as libraries do not agree on who refreshes. */
  readonly replay?: "accept" | "revoke"
  /** Others whom the tenant knows. */
  readonly people?: ReadonlyArray<Scenario.UserInput>
  /** How msal-node keeps the file; as its own plugin does unless told otherwise. */
  readonly plugin?: "own" | "careful"
}

const program = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url))

const startPeer = (
  name: PeerName,
  emulator: RunningEmulator,
  caFile: string,
  { plugin = "own" }: Options
): Peer => {
  const { caCertificate, origin } = emulator
  switch (name) {
    case "Grantwork":
      return grantworkPeer(emulator)
    case "msal-node":
      return processPeer(process.execPath, [
        "--import",
        "tsx",
        program("interopMsalNode.ts"),
        JSON.stringify({ caCertificate, origin, plugin })
      ])
    case "msal for Python":
      return processPeer(python, [program("interop_msal_python.py"), new URL(origin).port, caFile])
  }
}

/** The emulator and all three libraries, for the tests around. */
export const shareFiles = (options: Options = {}) => {
  const peers = new Map<PeerName, Peer>()
  let emulator: RunningEmulator
  let directory: string
  let count = 0

  beforeAll(async () => {
    emulator = await startEmulator({
      scenario: {
        ...defaultScenario,
        users: [...defaultScenario.users ?? [], ...options.people ?? []],
        policies: { refreshTokenReplay: options.replay ?? "accept" }
      }
    })
    directory = mkdtempSync(join(tmpdir(), "grantwork-"))
    const caFile = join(directory, "ca.pem")
    writeFileSync(caFile, emulator.caCertificate)
    for (const name of peerNames.filter((one) => !lacks(one))) {
      peers.set(name, startPeer(name, emulator, caFile, options))
    }
  })

  afterAll(async () => {
    await Promise.all(Array.from(peers.values(), (peer) => peer.close()))
    await emulator.close()
    rmSync(directory, { recursive: true })
  })

  return {
    /** A file that is not there yet. */
    newPath: (): string => join(directory, `tokens-${count++}.json`),
    /** Starts an application of the public client at its tenant, unless told otherwise. */
    start: async (name: PeerName, path: string, more: Partial<Registration> = {}): Promise<Application> => {
      const peer = peers.get(name)
      if (peer === undefined) throw new Error(`${name} is not here.`)
      return peer.start({ path, clientId: clientIds.public, tenant: contoso, ...more })
    },
    /** The token requests that were sent meanwhile, by their grant types. */
    sentDuring: async (run: () => Promise<unknown>): Promise<ReadonlyArray<string>> => {
      await nextTick(join(directory, "tick"))
      const before = (await emulator.requests()).length
      await run()
      return (await emulator.requests()).slice(before)
        .flatMap(({ grantType }) => grantType === undefined ? [] : [grantType])
    },
    /** The AADSTS numbers of the last thousand requests that were refused. */
    refusals: async (): Promise<ReadonlyArray<number>> =>
      (await emulator.requests()).flatMap(({ refusal }) => refusal === undefined ? [] : [refusal])
  }
}

/** MSAL tells by a file's time whether it has changed, and the system's time moves on in steps of milliseconds. */
const nextTick = async (path: string): Promise<void> => {
  const start = Date.now()
  do {
    writeFileSync(path, "")
    await setImmediate()
  } while (statSync(path).mtimeMs <= start)
}

export type Entry = Readonly<Record<string, unknown>>

/** What a file holds: sections of entries. */
export type Contents = Readonly<Record<string, Readonly<Record<string, Entry>>>>

export const contentsOf = (path: string): Contents => {
  const contents: Contents = JSON.parse(readFileSync(path, "utf8"))
  return contents
}

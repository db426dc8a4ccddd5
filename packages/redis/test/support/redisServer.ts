/**
 * A Redis server of the tests' own, from the system's packages, on a free port of loopback.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"

/** Whether tests that need a Redis server have to be left out, which is said aloud; in CI they fail without it. */
export const lacksRedis = spawnSync("redis-server", ["--version"]).status !== 0 && process.env["CI"] === undefined

if (lacksRedis) {
  process.emitWarning("Tests with a real Redis are skipped. Install Debian's package redis-server to run them.")
}

export interface RedisServer {
  readonly port: number
  readonly url: string
  /** Kills it at once, as a crash would. */
  readonly kill: () => Promise<void>
  /** Starts it again on the same port with the same data. */
  readonly start: () => Promise<void>
  /** Leaves every connection open and answers nothing. */
  readonly pause: () => void
  readonly resume: () => void
  readonly close: () => Promise<void>
}

/** One that the second port of a cluster's server, 10,000 above, does not lead out of range. */
const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  const port = typeof address === "object" && address !== null ? address.port : 0
  return port <= 55_535 ? port : freePort()
}

const launch = async (port: number, directory: string, options: ReadonlyArray<string>): Promise<ChildProcess> => {
  const durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
  const child = spawn(
    "redis-server",
    ["--port", String(port), "--bind", "127.0.0.1", "--dir", directory, ...durable, ...options],
    { stdio: ["ignore", "pipe", "inherit"] }
  )
  const lines = createInterface({ input: child.stdout })
  await new Promise<void>((resolve, reject) => {
    lines.on("line", (line) => {
      if (line.includes("Ready to accept connections")) resolve()
    })
    child.once("error", reject)
    child.once("exit", () => reject(new Error("The Redis server has ended before it was ready.")))
  })
  return child
}

export const startRedis = async (options: ReadonlyArray<string> = []): Promise<RedisServer> => {
  const directory = mkdtempSync(join(tmpdir(), "grantwork-redis-"))
  const port = await freePort()
  let child: ChildProcess | undefined

  const start = async () => {
    child = await launch(port, directory, options)
  }
  const kill = async () => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, "exit")
    child.kill("SIGKILL")
    await ended
    child = undefined
  }

  await start()
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    kill,
    start,
    pause: () => void child?.kill("SIGSTOP"),
    resume: () => void child?.kill("SIGCONT"),
    close: async () => {
      await kill()
      rmSync(directory, { recursive: true })
    }
  }
}

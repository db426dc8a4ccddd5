import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createClient } from "redis"
import type { Cache } from "./Setting.js"

/** A place for tokens, for as long as a story lasts. */
export interface CachePlace extends AsyncDisposable {
  readonly cache: Cache
}

const inMemory = (): Promise<CachePlace> =>
  Promise.resolve({ cache: { kind: "memory" }, [Symbol.asyncDispose]: () => Promise.resolve() })

const newFolder = async () => {
  const path = await mkdtemp(join(tmpdir(), "grantwork-demo-"))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

const inFile = async (): Promise<CachePlace> => {
  const folder = await newFolder()
  return { cache: { kind: "file", path: join(folder.path, "tokens.json") }, [Symbol.asyncDispose]: folder.remove }
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  await once(server, "close")
  if (typeof address !== "object" || address === null) throw new Error("No port of loopback is free.")
  return address.port
}

const startRedis = async (): Promise<CachePlace> => {
  const folder = await newFolder()
  const port = await freePort()
  const server = spawn("redis-server", [
    "--port",
    String(port),
    "--bind",
    "127.0.0.1",
    "--save",
    "",
    "--dir",
    folder.path
  ])
  const ended = new Promise<never>((_, reject) => {
    server.once("error", () => reject(new Error("redis-server is not installed. Install it, or set REDIS_URL.")))
    server.once("exit", (status) => reject(new Error(`redis-server ended with status ${status}.`)))
  })
  ended.catch(() => {})
  const ready = new Promise<void>((resolve) => {
    server.stdout.on("data", (text) => String(text).includes("Ready to accept connections") && resolve())
  })
  await Promise.race([ready, ended])
  return {
    cache: { kind: "redis", url: `redis://127.0.0.1:${port}` },
    [Symbol.asyncDispose]: async () => {
      server.kill()
      await ended.catch(() => {})
      await folder.remove()
    }
  }
}

/** The Redis that `REDIS_URL` names, from which the story's keys are removed in the end; else one of our own. */
const inRedis = async (): Promise<CachePlace> => {
  const url = process.env["REDIS_URL"]
  if (url === undefined) return startRedis()
  return {
    cache: { kind: "redis", url },
    [Symbol.asyncDispose]: async () => {
      const client = await connectToRedis(url)
      for await (const keys of client.scanIterator({ MATCH: `${redisPrefix}*` })) {
        if (keys.length > 0) await client.del(keys)
      }
      client.destroy()
    }
  }
}

/** A connected client; what goes wrong later is told by the commands that fail. */
export const connectToRedis = (url: string) =>
  createClient({ url, disableOfflineQueue: true }).on("error", () => {}).connect()

/** What the story's keys in Redis begin with. */
export const redisPrefix = "grantwork-demo"

/** The places that can be chosen, by name. */
export const caches: ReadonlyMap<string, () => Promise<CachePlace>> = new Map([
  ["memory", inMemory],
  ["file", inFile],
  ["redis", inRedis]
])

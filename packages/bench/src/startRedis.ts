import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"

export const hasRedis = (): boolean => spawnSync("redis-server", ["--version"]).status === 0

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  await once(server, "close")
  return typeof address === "object" && address !== null ? address.port : 0
}

/** Starts a Redis server on loopback that keeps nothing on the disk, and gives where it is and how to stop it. */
export const startRedis = async () => {
  const folder = await mkdtemp(join(tmpdir(), "grantwork-bench-"))
  const port = await freePort()
  const options = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no"]
  const server = spawn("redis-server", options, { stdio: ["ignore", "pipe", "inherit"] })
  const exited = once(server, "exit")
  for await (const line of createInterface({ input: server.stdout })) {
    if (line.includes("Ready to accept connections")) {
      break
    }
  }
  server.stdout.resume()
  return {
    url: `redis://127.0.0.1:${port}`,
    close: async () => {
      server.kill()
      await exited
      await rm(folder, { recursive: true })
    }
  }
}

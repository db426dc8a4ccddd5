import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"

const root = fileURLToPath(new URL("../../..", import.meta.url))

/** What `npm run sample` runs once everything is installed. */
const start = (...parameters: ReadonlyArray<string>) =>
  spawn(
    process.execPath,
    ["--conditions=@grantwork/source", "--import=tsx", "packages/express-sample/src/main.ts", ...parameters],
    { cwd: root, stdio: ["ignore", "pipe", "pipe"] }
  )

it("starts the app and an identity provider that sends people back to it", async () => {
  const child = start()
  try {
    let output = ""
    const origin = await new Promise<string>((resolve, reject) => {
      child.once("exit", () => reject(new Error(`ended early: ${output}`)))
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        output += chunk
        const [, address] = /open +(http:\S+)[^]*certificate/.exec(output) ?? []
        if (address !== undefined) resolve(address)
      })
    })
    expect(output).toContain("jane@contoso.example, password \"correct horse\"")
    expect((await fetch(origin)).status).toBe(200)
    const { headers } = await fetch(`${origin}/login`, { redirect: "manual" })
    expect(headers.get("location")).toMatch(/^https:\/\/localhost:\d+\/organizations\/oauth2\/v2\.0\/authorize\?/)
  } finally {
    child.kill()
    await once(child, "exit")
  }
})

it.each([["--port", "65536"], ["--help"]])("explains itself for %s", async (...parameters) => {
  const child = start(...parameters)
  let errors = ""
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    errors += chunk
  })
  const [status] = await once(child, "close")
  expect({ errors, status }).toEqual({ errors: "Usage: npm run sample [-- --port <number>]\n", status: 2 })
})

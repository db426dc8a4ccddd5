/**
 * Starts the sample beside an identity provider of its own.
 */
import { clientIds, defaultScenario, webSecret } from "@grantwork/emulator/defaultScenario"
import { startEmulator } from "@grantwork/emulator/startEmulator"
import { ConfidentialClientApplication } from "@grantwork/promise"
import { randomBytes } from "node:crypto"
import { parseArgs } from "node:util"
import { Agent } from "undici"
import { createFetchProfile } from "./api.js"
import { createApp } from "./app.js"
import { logLine } from "./problems.js"
import { serve } from "./serve.js"

const usage = "Usage: npm run sample [-- --port <number>]"

const readPort = (): number | undefined => {
  try {
    const { port } = parseArgs({ options: { port: { type: "string", default: "0" } } }).values
    return /^\d{1,5}$/.test(port) && Number(port) <= 65_535 ? Number(port) : undefined
  } catch {
    return undefined
  }
}

const start = async (port: number): Promise<void> => {
  const emulator = await startEmulator({ seed: randomBytes(16).toString("hex") })
  const authority = `${emulator.origin}/organizations`
  const dispatcher = new Agent({ connect: { ca: emulator.caCertificate } })
  const client = new ConfidentialClientApplication({
    clientId: clientIds.web,
    clientSecret: webSecret,
    authority,
    knownAuthorities: [new URL(authority).host],
    dispatcher
  })

  const { origin } = await serve(port, (origin) =>
    createApp({
      client,
      authority,
      redirectUri: `${origin}/callback`,
      sessionSecret: randomBytes(32).toString("base64url"),
      fetchProfile: createFetchProfile(`${emulator.origin}/v1.0/me`, dispatcher),
      onError: (error) => console.error(logLine(error))
    }))
  await emulator.putApp({
    id: clientIds.web,
    name: "Express sample",
    redirectUris: [`${origin}/callback`, `${origin}/`],
    secrets: [webSecret],
    consent: "ask"
  })

  const people = (defaultScenario.users ?? []).map(({ password, username }) => `${username}, password "${password}"`)
  console.log(`A web app that signs people in, and an identity provider for it. Stop both with Ctrl+C.

  open      ${origin}
  people    ${people.join("\n            ")}
  requests  ${emulator.origin}/_emulator/requests

Your browser will warn of the identity provider's certificate, which is made anew at each start.
`)
}

const port = readPort()
if (port === undefined) {
  console.error(usage)
  process.exitCode = 2
} else {
  await start(port).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    console.error(usage)
    process.exit(1)
  })
}

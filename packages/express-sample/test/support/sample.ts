import { clientIds, webSecret } from "@grantwork/emulator/defaultScenario"
import { type RunningEmulator, startEmulator } from "@grantwork/emulator/startEmulator"
import express, { type RequestHandler } from "express"
import { Agent } from "undici"
import { createFetchProfile } from "../../src/api.js"
import { createApp } from "../../src/app.js"
import { serve } from "../../src/serve.js"
import { RecordingClient } from "./RecordingClient.js"

export const jane = { username: "jane@contoso.example", password: "correct horse" }
export const sam = { username: "sam@contoso.example", password: "battery staple" }

export const sessionSecret = "secret of the session cookie"

/** The sample, registered as an app that asks each person for consent. */
export const asking = {
  id: clientIds.web,
  name: "Express sample",
  redirectUris: ["http://localhost/callback", "http://localhost/"],
  secrets: [webSecret],
  consent: "ask"
} as const

/** The sample as it runs, and what can be known of it from outside and inside. */
export interface Sample {
  readonly origin: string
  readonly emulator: RunningEmulator
  readonly client: RecordingClient
  /** Every page sent until now. */
  readonly pages: Array<string>
  /** Errors that pages were shown for. */
  readonly errors: Array<unknown>
  readonly close: () => Promise<void>
}

/** Starts the emulator, and the sample beside it. */
export const startSample = async (): Promise<Sample> => {
  const emulator = await startEmulator()
  const dispatcher = new Agent({ connect: { ca: emulator.caCertificate } })
  const authority = `${emulator.origin}/organizations`
  const client = new RecordingClient({
    clientId: clientIds.web,
    clientSecret: webSecret,
    authority,
    knownAuthorities: [new URL(authority).host],
    dispatcher
  })
  const errors: Array<unknown> = []
  const pages: Array<string> = []
  const noting: RequestHandler = (_request, response, next) => {
    const send = response.send.bind(response)
    response.send = (page: unknown) => {
      pages.push(String(page))
      return send(page)
    }
    next()
  }
  const { close, origin } = await serve(0, (origin) =>
    express().disable("x-powered-by").use(
      noting,
      createApp({
        client,
        authority,
        redirectUri: `${origin}/callback`,
        sessionSecret,
        fetchProfile: createFetchProfile(`${emulator.origin}/v1.0/me`, dispatcher),
        onError: (error) => errors.push(error)
      })
    ))
  return {
    origin,
    emulator,
    client,
    pages,
    errors,
    close: async () => {
      await close()
      await client.dispose()
      await dispatcher.close()
      await emulator.close()
    }
  }
}

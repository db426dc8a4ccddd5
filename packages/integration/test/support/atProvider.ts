import { afterAll, beforeAll } from "@effect/vitest"
import type { ClientApplication, Grantwork } from "@grantwork/core"
import * as Effect from "effect/Effect"
import { application } from "./application.js"
import type { HttpClientName } from "./httpClients.js"
import type { Provider } from "./Provider.js"

/**
 * Starts a provider for the tests around, and returns what runs a program there: in a fresh application of the public
 * client unless told otherwise.
 */
export const atProvider = <P extends Provider>(start: () => Promise<P>) => {
  let provider: P

  beforeAll(async () => {
    provider = await start()
  })

  afterAll(() => provider.close())

  return <A, E>(
    program: (provider: P) => Effect.Effect<A, E, Grantwork.Services>,
    client: (provider: P) => ClientApplication.Options = ({ clients }) => clients.public,
    over?: HttpClientName
  ) => Effect.suspend(() => Effect.provide(program(provider), application(provider, client(provider), over)))
}

import type { ClientApplication, Grantwork } from "@grantwork/core"
import * as Effect from "effect/Effect"
import { atProvider } from "./atProvider.js"
import { type EmulatorProvider, scenario, startEmulatorProvider } from "./emulator.js"

/** Like `atProvider`, at an emulator that starts over for each program. */
export const atEmulator = () => {
  const provided = atProvider(() => startEmulatorProvider())
  return <A, E>(
    program: (provider: EmulatorProvider) => Effect.Effect<A, E, Grantwork.Services>,
    client?: (provider: EmulatorProvider) => ClientApplication.Options
  ) =>
    provided(
      (provider) => Effect.zipRight(Effect.promise(() => provider.emulator.reset(scenario())), program(provider)),
      client
    )
}

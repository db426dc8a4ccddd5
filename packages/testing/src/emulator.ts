/**
 * The whole stack on an Entra-like provider in process: people sign in, give consent, meet a second factor, and are
 * refused, at the time of the test's own clock.
 */
import type * as AuthError from "@grantwork/core/AuthError"
import * as ClientApplication from "@grantwork/core/ClientApplication"
import type * as Grantwork from "@grantwork/core/Grantwork"
import * as TokenCache from "@grantwork/core/TokenCache"
import type { InvalidScenario } from "@grantwork/emulator"
import * as DefaultScenario from "@grantwork/emulator/defaultScenario"
import * as Emulator from "@grantwork/emulator/Emulator"
import * as Layer from "effect/Layer"
import * as SeededCrypto from "./SeededCrypto.js"

/** @category models */
export interface Options extends Emulator.Options {
  /** The public client of the default scenario, at Microsoft's `organizations`, by default. */
  readonly application?: Partial<ClientApplication.Options> | undefined
}

/**
 * Everything a grant asks for, and the emulator to steer and observe.
 *
 * @category layers
 */
export const layer = (
  { application, ...options }: Options = {}
): Layer.Layer<
  Grantwork.Services | Emulator.Emulator,
  AuthError.InvalidConfiguration | AuthError.InvalidAuthority | InvalidScenario
> =>
  Layer.mergeAll(
    ClientApplication.layer({
      clientId: DefaultScenario.clientIds.public,
      authority: "https://login.microsoftonline.com/organizations",
      ...application
    }),
    Emulator.layerHttpClient(options),
    TokenCache.layerMemory,
    SeededCrypto.layer()
  )

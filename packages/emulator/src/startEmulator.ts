/**
 * The emulator for those who do not use Effect: started by a promise, steered by methods.
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as ManagedRuntime from "effect/ManagedRuntime"
import type * as Browser from "./Browser.js"
import * as Emulator from "./Emulator.js"
import * as EmulatorServer from "./EmulatorServer.js"
import type * as Fault from "./scenario/Fault.js"
import type * as Scenario from "./scenario/Scenario.js"
import type { RecordedRequest } from "./state/RequestLog.js"

/** @category models */
export interface RunningBrowser {
  readonly signIn: (authorizationUrl: string | URL, person: Browser.Person) => Promise<Browser.AuthorizationResponse>
}

/**
 * What `Emulator` offers, in promises.
 *
 * @category models
 */
export interface RunningEmulator extends EmulatorServer.Service, RunningBrowser, AsyncDisposable {
  /** A browser of its own, which keeps its session. */
  readonly openBrowser: () => Promise<RunningBrowser>
  readonly requests: () => Promise<ReadonlyArray<RecordedRequest>>
  readonly addFault: (fault: Fault.Input) => Promise<void>
  readonly clearFaults: () => Promise<void>
  readonly putUser: (user: Scenario.UserInput) => Promise<void>
  readonly changeUser: (username: string, changes: Partial<Scenario.UserInput>) => Promise<void>
  readonly putApp: (app: Scenario.AppInput) => Promise<void>
  readonly revokeSessions: (username: string) => Promise<void>
  readonly challenge: (username: string) => Promise<void>
  readonly rotateSigningKey: (options?: { readonly withdraw?: boolean | undefined }) => Promise<void>
  readonly reset: (scenario?: Scenario.Input) => Promise<void>
  readonly close: () => Promise<void>
}

/**
 * Starts an emulator on a port of loopback. Rejects with `InvalidScenario`, and with `ServeError` where the port cannot
 * be had.
 *
 * @category constructors
 */
export const startEmulator = async (options: EmulatorServer.Options = {}): Promise<RunningEmulator> => {
  const runtime = ManagedRuntime.make(EmulatorServer.layer(options))
  const run = async <A, E>(
    effect: Effect.Effect<A, E, Emulator.Emulator | EmulatorServer.EmulatorServer>
  ): Promise<A> => {
    const exit = await runtime.runPromiseExit(effect)
    if (Exit.isFailure(exit)) throw Cause.squash(exit.cause)
    return exit.value
  }
  const context = await run(Effect.context<Emulator.Emulator | EmulatorServer.EmulatorServer>())
  const emulator = Context.get(context, Emulator.Emulator)
  const close = () => runtime.dispose()
  return {
    ...Context.get(context, EmulatorServer.EmulatorServer),
    openBrowser: async () => {
      const { signIn } = await run(emulator.browser)
      return { signIn: (authorizationUrl, person) => run(signIn(authorizationUrl, person)) }
    },
    signIn: (authorizationUrl, person) => run(emulator.signIn(authorizationUrl, person)),
    requests: () => run(emulator.requests),
    addFault: (fault) => run(emulator.addFault(fault)),
    clearFaults: () => run(emulator.clearFaults),
    putUser: (user) => run(emulator.putUser(user)),
    changeUser: (username, changes) => run(emulator.changeUser(username, changes)),
    putApp: (app) => run(emulator.putApp(app)),
    revokeSessions: (username) => run(emulator.revokeSessions(username)),
    challenge: (username) => run(emulator.challenge(username)),
    rotateSigningKey: (rotation) => run(emulator.rotateSigningKey(rotation)),
    reset: (scenario) => run(emulator.reset(scenario)),
    close,
    [Symbol.asyncDispose]: close
  }
}

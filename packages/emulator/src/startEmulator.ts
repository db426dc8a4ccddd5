/**
 * The emulator for those who do not use Effect: started by a promise, steered by methods.
 */
import { ServeError } from "@effect/platform/HttpServerError"
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
  readonly decideOnDevice: (
    device: { readonly verificationUri: string | URL; readonly userCode: string },
    person: Browser.Person
  ) => Promise<"approved" | "declined">
  readonly signOut: (logoutUrl: string | URL) => Promise<URL | undefined>
}

/**
 * What `Emulator` offers, in promises.
 *
 * @category models
 */
export interface RunningEmulator extends EmulatorServer.Service, Omit<RunningBrowser, "signOut">, AsyncDisposable {
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
  let isClosed = false
  const run = async <A, E>(
    effect: Effect.Effect<A, E, Emulator.Emulator | EmulatorServer.EmulatorServer>
  ): Promise<A> => {
    if (isClosed) throw new Error("The emulator is closed. Start another one.")
    const exit = await runtime.runPromiseExit(effect)
    if (Exit.isFailure(exit)) throw worded(Cause.squash(exit.cause))
    return exit.value
  }
  const context = await run(Effect.context<Emulator.Emulator | EmulatorServer.EmulatorServer>())
  const emulator = Context.get(context, Emulator.Emulator)
  const close = () => {
    isClosed = true
    return runtime.dispose()
  }
  return {
    ...Context.get(context, EmulatorServer.EmulatorServer),
    openBrowser: async () => {
      const { decideOnDevice, signIn, signOut } = await run(emulator.browser)
      return {
        signIn: (authorizationUrl, person) => run(signIn(authorizationUrl, person)),
        decideOnDevice: (device, person) => run(decideOnDevice(device, person)),
        signOut: (logoutUrl) => run(signOut(logoutUrl))
      }
    },
    signIn: (authorizationUrl, person) => run(emulator.signIn(authorizationUrl, person)),
    decideOnDevice: (device, person) => run(emulator.decideOnDevice(device, person)),
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

/** What the platform says without a word. */
const worded = (error: unknown): unknown =>
  error instanceof ServeError && error.message === ""
    ? Object.assign(error, { message: error.cause instanceof Error ? error.cause.message : String(error.cause) })
    : error

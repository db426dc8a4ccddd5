/**
 * An Entra-like identity provider in memory.
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { app } from "./app.js"
import * as Browser from "./Browser.js"
import * as Origin from "./http/Origin.js"
import { RequestOrigin } from "./http/RequestOrigin.js"
import { defaultScenario } from "./scenario/defaultScenario.js"
import type * as Fault from "./scenario/Fault.js"
import type { InvalidScenario } from "./scenario/InvalidScenario.js"
import type * as Scenario from "./scenario/Scenario.js"
import * as Control from "./state/Control.js"
import type { RecordedRequest } from "./state/RequestLog.js"
import { make as makeWorld, World } from "./state/World.js"

/** @category models */
export interface Service {
  /** A browser of its own, in which nobody is signed in. */
  readonly browser: Effect.Effect<Browser.Browser>
  /** Signs in with a new browser. */
  readonly signIn: Browser.Browser["signIn"]
  /** Decides on a device with a new browser. */
  readonly decideOnDevice: Browser.Browser["decideOnDevice"]
  /** The last thousand requests, oldest first, with secrets masked. */
  readonly requests: Effect.Effect<ReadonlyArray<RecordedRequest>>
  readonly addFault: (fault: Fault.Input) => Effect.Effect<void, InvalidScenario>
  readonly clearFaults: Effect.Effect<void>
  /** Adds a user, or replaces the one of this name. */
  readonly putUser: (user: Scenario.UserInput) => Effect.Effect<void, InvalidScenario>
  readonly changeUser: (
    username: string,
    changes: Partial<Scenario.UserInput>
  ) => Effect.Effect<void, InvalidScenario | Control.UnknownUser>
  /** Adds an application, or replaces the one of this id. */
  readonly putApp: (app: Scenario.AppInput) => Effect.Effect<void, InvalidScenario>
  /** Refuses the refresh tokens that a person has by now, and lets `/me` demand newer access tokens. */
  readonly revokeSessions: (username: string) => Effect.Effect<void, Control.UnknownUser>
  /** Lets `/me` demand newer access tokens than a person has by now. */
  readonly challenge: (username: string) => Effect.Effect<void, Control.UnknownUser>
  /** Signs with the next key from now on. The one before stays published unless it is withdrawn. */
  readonly rotateSigningKey: (options?: { readonly withdraw?: boolean | undefined }) => Effect.Effect<void>
  /** Starts over, with another scenario if one is given. */
  readonly reset: (scenario?: Scenario.Input) => Effect.Effect<void, InvalidScenario>
}

/** @category services */
export class Emulator extends Context.Tag("@grantwork/emulator/Emulator")<Emulator, Service>() {}

/** @category models */
export interface Options {
  /** The one of `defaultScenario` unless given. */
  readonly scenario?: Scenario.Input | undefined
  /** The same seed and the same requests bring the same identifiers and codes, and at the same time the same tokens. */
  readonly seed?: string | undefined
}

const makeService = Effect.map(Effect.context<World>(), (context): Service => {
  const inWorld = <A, E>(effect: Effect.Effect<A, E, World>): Effect.Effect<A, E> => Effect.provide(effect, context)
  const { keys } = Context.get(context, World)
  const browser = inWorld(Browser.make)
  return {
    browser,
    signIn: (authorizationUrl, person) => Effect.flatMap(browser, ({ signIn }) => signIn(authorizationUrl, person)),
    decideOnDevice: (device, person) => Effect.flatMap(browser, ({ decideOnDevice }) => decideOnDevice(device, person)),
    requests: inWorld(Effect.flatMap(World, ({ log }) => log.all)),
    addFault: (fault) => inWorld(Control.addFault(fault)),
    clearFaults: inWorld(Effect.flatMap(World, ({ faults }) => faults.clear)),
    putUser: (user) => inWorld(Control.putUser(user)),
    changeUser: (username, changes) => inWorld(Control.changeUser(username, changes)),
    putApp: (app) => inWorld(Control.putApp(app)),
    revokeSessions: (username) => inWorld(Control.revokeSessions(username)),
    challenge: (username) => inWorld(Control.challenge(username)),
    rotateSigningKey: keys.rotate,
    reset: (scenario) => inWorld(Control.reset(scenario))
  }
})

/**
 * The emulator, and what it knows and remembers; it answers nobody yet.
 *
 * @category layers
 */
export const layerWorld = (
  { scenario = defaultScenario, seed = "grantwork" }: Options = {}
): Layer.Layer<Emulator | World, InvalidScenario> =>
  Layer.provideMerge(
    Layer.effect(Emulator, makeService),
    Layer.scoped(World, Effect.flatMap(Control.readScenario(scenario), (directory) => makeWorld(directory, seed)))
  )

/**
 * An HTTP client whose requests to Microsoft's hosts the emulator answers in process, without a socket, at the time of
 * the caller's `Clock`. Requests to other hosts fail as if nobody listened there.
 *
 * @category layers
 */
export const layerHttpClient = (
  options: Options = {}
): Layer.Layer<Emulator | HttpClient.HttpClient, InvalidScenario> =>
  Layer.provideMerge(
    Layer.effect(HttpClient.HttpClient, Effect.map(World, makeClient)),
    layerWorld(options)
  )

const makeClient = (world: World["Type"]): HttpClient.HttpClient =>
  HttpClient.make((request, url) =>
    Effect.gen(function*() {
      const unreachable = (description: string) =>
        new HttpClientError.RequestError({ request, reason: "Transport", description })
      if (url.protocol !== "https:" || !Origin.isMicrosofts(url.host)) {
        return yield* unreachable(`Nobody listens at ${url.host}.`)
      }
      const response = yield* app.pipe(
        Effect.provideService(
          HttpServerRequest.HttpServerRequest,
          HttpServerRequest.fromWeb(
            yield* Effect.mapError(toWebRequest(request, url), ({ message: description }) =>
              new HttpClientError.RequestError({ request, reason: "Encode", description }))
          )
        ),
        Effect.provideService(RequestOrigin, url.origin),
        Effect.provideService(World, world),
        Effect.mapError(() =>
          unreachable("The connection was dropped.")
        )
      )
      return HttpClientResponse.fromWeb(request, HttpServerResponse.toWeb(response))
    })
  )

const toWebRequest = (request: HttpClientRequest.HttpClientRequest, url: URL) => {
  const make = (body?: BodyInit) =>
    Effect.try({
      try: () =>
        new Request(url, {
          method: request.method,
          headers: request.headers,
          ...(body !== undefined && { body, duplex: "half" })
        }),
      catch: (error) => new Cause.IllegalArgumentException(String(error))
    })
  switch (request.body._tag) {
    case "Uint8Array":
      return make(Uint8Array.from(request.body.body))
    case "FormData":
      return make(request.body.formData)
    case "Stream":
      return Effect.flatMap(Stream.toReadableStreamEffect(request.body.stream), make)
    case "Raw":
      return make(String(request.body.body))
    case "Empty":
      return make()
  }
}

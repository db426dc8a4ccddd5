import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import {
  Accounts,
  type AuthError,
  ClientApplication,
  ClientCredentials,
  Crypto,
  type Grantwork,
  Silent,
  type TokenResult,
  UsernamePassword
} from "@grantwork/core"
import * as FileTokenCache from "@grantwork/node/FileTokenCache"
import * as Array from "effect/Array"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { type Destination, leadingAgent } from "./leadingAgent.js"
import { type Application, authorityOf, type Peer, type Registration } from "./Peer.js"

const layerOf = (destination: Destination, registration: Registration) => {
  const { clientId, clientSecret, path } = registration
  const agent = Effect.acquireRelease(
    Effect.sync(() => leadingAgent(destination)),
    (agent) => Effect.promise(() => agent.destroy())
  )
  return Layer.mergeAll(
    ClientApplication.layer({
      clientId,
      authority: authorityOf(registration),
      ...clientSecret !== undefined && { clientSecret: Redacted.make(clientSecret) }
    }),
    Layer.provide(NodeHttpClient.layerUndiciWithoutDispatcher, Layer.scoped(NodeHttpClient.Dispatcher, agent)),
    FileTokenCache.layer({ path }),
    Crypto.layer
  )
}

const token = ({ accessToken }: TokenResult.TokenResult) => Redacted.value(accessToken)

const accountOf = (username: string) => Effect.map(Accounts.list({ username }), Array.head)

/** Our own programs, over a file. */
export const grantworkPeer = (destination: Destination): Peer => {
  const runtimes: Array<ManagedRuntime.ManagedRuntime<Grantwork.Services, unknown>> = []
  return {
    start: async (registration) => {
      const runtime = ManagedRuntime.make(layerOf(destination, registration))
      runtimes.push(runtime)
      const run = async <A>(program: Effect.Effect<A, AuthError.AuthError, Grantwork.Services>): Promise<A> => {
        const exit = await runtime.runPromiseExit(program)
        if (Exit.isFailure(exit)) throw Cause.squash(exit.cause)
        return exit.value
      }
      return {
        signIn: ({ password, username }, scopes) =>
          run(Effect.map(UsernamePassword.acquire({ username, password: Redacted.make(password), scopes }), token)),
        accounts: () => run(Effect.map(Accounts.list(), Array.map(({ username }) => username))),
        silent: (username, scopes, refresh) =>
          run(Effect.gen(function*() {
            const account = yield* accountOf(username)
            return token(yield* Silent.acquire({ scopes, account, forceRefresh: refresh === "refresh" }))
          })),
        bound: (username, scopes) =>
          run(Effect.gen(function*() {
            const account = yield* accountOf(username)
            return yield* Silent.acquire({
              scopes,
              account,
              authScheme: { method: "GET", url: "https://api.example/" }
            })
          })),
        remove: (username) =>
          run(
            Effect.flatMap(accountOf(username), Option.match({ onNone: () => Effect.void, onSome: Accounts.remove }))
          ),
        ownToken: (scopes) => run(Effect.map(ClientCredentials.acquire({ scopes }), token))
      } satisfies Application
    },
    close: async () => {
      await Promise.all(runtimes.map((runtime) => runtime.dispose()))
    }
  }
}

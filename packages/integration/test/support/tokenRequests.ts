import type { IdentityServer } from "@grantwork/identity-server"
import * as Effect from "effect/Effect"

/** The grant types the server was sent while the program ran, in order. */
export const tokenRequestsDuring = <A, E, R>(
  server: IdentityServer,
  program: Effect.Effect<A, E, R>
): Effect.Effect<ReadonlyArray<string | undefined>, E, R> =>
  Effect.gen(function*() {
    const before = server.requests.length
    yield* program
    return server.requests.slice(before).filter(({ path }) => path === "/token").map(({ grantType }) => grantType)
  })

import { Accounts, Silent } from "@grantwork/core"
import * as Effect from "effect/Effect"
import { receive } from "../errand.js"
import { stack } from "./stack.js"

const { caCertificate, cache, registration, scope, username } = await receive()

const { source } = await Effect.gen(function*() {
  const [account] = yield* Accounts.list({ username })
  return yield* Silent.acquire({ scopes: [scope], account })
}).pipe(Effect.provide(stack({ caCertificate, registration }, cache)), Effect.runPromise)

console.log(source)

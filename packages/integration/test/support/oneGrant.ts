import { type ClientApplication, Grantwork, UsernamePassword } from "@grantwork/core"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { application } from "./application.js"

/** What the process is told, as JSON. */
export interface Task {
  /** Over undici with this certification authority; over the default layer without. */
  readonly caCertificate: string | undefined
  readonly client: ClientApplication.Options
  readonly username: string
  readonly password: string
  readonly scopes: ReadonlyArray<string>
}

const { caCertificate, client, password, scopes, username }: Task = JSON.parse(process.argv[2] ?? "")
const layer = caCertificate === undefined ? Grantwork.layer(client) : application({ caCertificate }, client)

const program = Effect.gen(function*() {
  const { account } = yield* UsernamePassword.acquire({ username, password: Redacted.make(password), scopes })
  yield* Console.log(Option.getOrThrow(account).username)
})

await Effect.runPromise(Effect.provide(program, Layer.orDie(layer)))

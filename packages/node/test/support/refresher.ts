import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpClient from "@effect/platform/HttpClient"
import { Accounts, ClientApplication, Crypto, Silent } from "@grantwork/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as FileTokenCache from "../../src/FileTokenCache.js"
import { say, starting } from "./starting.js"

/** What the process is told, as JSON. */
export interface Task {
  readonly path: string
  readonly client: ClientApplication.Options
  readonly username: string
  readonly scopes: ReadonlyArray<string>
  readonly forceRefresh?: boolean
  /** Whether the process is killed once a token answer has come. */
  readonly diesOfAnswer?: boolean
}

/** What it says. */
export interface Answer {
  readonly source?: string
  readonly token?: string
  readonly error?: string
}

const { client, diesOfAnswer, forceRefresh, path, scopes, username }: Task = JSON.parse(process.argv[2] ?? "")

const dying = HttpClient.tap(({ request }) =>
  diesOfAnswer === true && request.url.endsWith("/token")
    ? Effect.zipRight(Effect.sync(() => process.kill(process.pid, "SIGKILL")), Effect.never)
    : Effect.void
)

const layer = Layer.mergeAll(
  ClientApplication.layer(client),
  FetchHttpClient.layer,
  FileTokenCache.layer({ path }),
  Crypto.layer
)

const program = Effect.gen(function*() {
  const [account] = yield* Accounts.list({ username })
  const { accessToken, source } = yield* Silent.acquire({ account, scopes, forceRefresh })
  return { source, token: Redacted.value(accessToken) }
}).pipe(
  Effect.catchAll((error) => Effect.succeed({ error: `${error._tag}: ${error.message}` })),
  Effect.updateService(HttpClient.HttpClient, dying)
)

await starting()
const answer: Answer = await Effect.runPromise(Effect.provide(program, layer))
say(JSON.stringify(answer))

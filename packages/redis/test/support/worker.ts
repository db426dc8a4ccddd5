/**
 * One server of a fleet, as a process of its own: it does what its standard input says, and tells what it did.
 */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as Account from "@grantwork/core/Account"
import type * as AuthError from "@grantwork/core/AuthError"
import * as ClientApplication from "@grantwork/core/ClientApplication"
import * as Crypto from "@grantwork/core/Crypto"
import * as Silent from "@grantwork/core/Silent"
import * as TokenCache from "@grantwork/core/TokenCache"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Schema from "effect/Schema"
import { createInterface } from "node:readline"
import { createClient } from "redis"
import { RedisTokenCache } from "../../src/index.js"
import { keyOf, signIn } from "./partitions.js"

/** What the process is told when it starts, as JSON. */
export interface Assignment {
  readonly name: string
  readonly hasFirstLevel: boolean
  readonly caCertificate: string
  readonly application: ClientApplication.Options
  readonly redisUrl: string
  readonly account: typeof Account.Account.Encoded
  readonly scopes: ReadonlyArray<string>
}

/**
 * - `acquire`: a token, by many equal calls at once
 * - `refresh`: a new token so many times, and a note of each in the ledger
 */
export type Order = { readonly acquire: number } | { readonly refresh: number }

export type Told =
  | { readonly _tag: "Ready" }
  | { readonly _tag: "Done" }
  | { readonly _tag: "Requesting" }
  /** Nanoseconds of a clock that all processes share. */
  | { readonly _tag: "TokenRequest"; readonly began: string; readonly ended: string }
  | { readonly _tag: "Saved"; readonly note: string }
  | { readonly _tag: "Failed"; readonly error: string }

const assignment: Assignment = JSON.parse(process.argv[2] ?? "")
const { application, caCertificate, hasFirstLevel, name, redisUrl, scopes } = assignment
const account = Schema.decodeSync(Account.Account)(assignment.account)

const tell = (told: Told) => Effect.sync(() => void process.stdout.write(`${JSON.stringify(told)}\n`))

const now = Effect.sync(() => process.hrtime.bigint())

const http = Layer.effect(
  HttpClient.HttpClient,
  Effect.map(
    HttpClient.HttpClient,
    HttpClient.transform((response, request) =>
      request.url.endsWith("/token")
        ? Effect.flatMap(Effect.zipRight(tell({ _tag: "Requesting" }), now), (began) =>
          Effect.ensuring(
            response,
            Effect.flatMap(now, (ended) => tell({ _tag: "TokenRequest", began: String(began), ended: String(ended) }))
          ))
        : response
    )
  )
).pipe(
  Layer.provide(NodeHttpClient.layerWithoutAgent),
  Layer.provide(NodeHttpClient.makeAgentLayer({ ca: caCertificate }))
)

const client = createClient({ url: redisUrl })
client.on("error", () => {})
await client.connect()

const cache = RedisTokenCache.layer({
  client,
  commandTimeout: "500 millis",
  ...hasFirstLevel && { firstLevel: { capacity: 100, timeToLive: "1 minute" } }
})

const runtime = ManagedRuntime.make(
  Layer.provideMerge(
    ClientApplication.layer(application),
    Layer.mergeAll(http, Crypto.layer, Layer.provide(cache, Crypto.layer))
  )
)

/** Until it works: a server that is told that Redis is away tries again. */
const persistently = <A, E extends AuthError.AuthError, R>(effect: Effect.Effect<A, E, R>) =>
  effect.pipe(
    Effect.tapError((error) => error._tag === "CacheUnavailable" ? Effect.sleep("50 millis") : Effect.void),
    Effect.retry({ while: (error) => error._tag === "CacheUnavailable" })
  )

const ledger = keyOf("ledger")

const write = (note: string) =>
  Effect.flatMap(
    TokenCache.TokenCache,
    (cache) => cache.modify(ledger, (partition) => [undefined, signIn(ledger, "noted", { clientId: note })(partition)])
  )

const refresh = (size: number) => (count: number) =>
  Effect.gen(function*() {
    yield* persistently(Silent.acquire({ scopes, account, forceRefresh: true }))
    const note = `${name} ${size} ${count}`
    yield* persistently(write(note))
    yield* tell({ _tag: "Saved", note })
  })

const follow = (order: Order) =>
  "acquire" in order
    ? Effect.all(Array.from({ length: order.acquire }, () => persistently(Silent.acquire({ scopes, account }))), {
      concurrency: "unbounded",
      discard: true
    })
    : Effect.forEach(Array.from({ length: order.refresh }, (_, count) => count), refresh(order.refresh), {
      discard: true
    })

await runtime.runPromise(tell({ _tag: "Ready" }))
for await (const line of createInterface({ input: process.stdin })) {
  const order: Order = JSON.parse(line)
  await runtime.runPromise(
    follow(order).pipe(
      Effect.matchCauseEffect({
        onFailure: (cause) => tell({ _tag: "Failed", error: String(cause) }),
        onSuccess: () => Effect.void
      }),
      Effect.zipRight(tell({ _tag: "Done" }))
    )
  )
}
await runtime.dispose()
client.destroy()

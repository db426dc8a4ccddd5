import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { describe, expect, it } from "@effect/vitest"
import { ClientApplication, Crypto, Silent, UsernamePassword } from "@grantwork/core"
import { DefaultScenario } from "@grantwork/emulator"
import { type RunningEmulator, startEmulator } from "@grantwork/emulator/startEmulator"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import * as FileTokenCache from "../src/FileTokenCache.js"
import { folder } from "./support/folder.js"
import type { Answer, Task } from "./support/refresher.js"
import * as WorkerProgram from "./support/WorkerProgram.js"

const { clientIds, defaultScenario } = DefaultScenario

const scopes = ["api://notes/read"]
const jane = "jane@contoso.example"
const sam = "sam@contoso.example"

const emulator = Effect.acquireRelease(
  Effect.promise(() =>
    startEmulator({
      scenario: {
        ...defaultScenario,
        policies: { accessTokenLifetime: 3600, refreshTokenRotation: true, refreshTokenReplay: "revoke" }
      }
    })
  ),
  ({ close }) => Effect.promise(() => close())
)

const clientOf = ({ origin }: RunningEmulator): ClientApplication.Options => ({
  clientId: clientIds.public,
  authority: `${origin}/contoso.example`,
  knownAuthorities: [new URL(origin).host]
})

const signIn = (username: string) => {
  const password = defaultScenario.users?.find((one) => one.username === username)?.password ?? ""
  return UsernamePassword.acquire({ username, password: Redacted.make(password), scopes })
}

/** Everything for one test: people who are signed in, and processes that want a token for them. */
const setUp = Effect.gen(function*() {
  const running = yield* emulator
  const path = join(yield* folder, "cache.json")
  const certificate = join(yield* folder, "ca.pem")
  writeFileSync(certificate, running.caCertificate)
  const client = clientOf(running)
  const layer = Layer.mergeAll(
    ClientApplication.layer(client),
    Layer.provide(
      NodeHttpClient.layerWithoutAgent,
      NodeHttpClient.makeAgentLayer({ ca: running.caCertificate })
    ),
    FileTokenCache.layer({ path }),
    Crypto.layer
  )
  const program = yield* WorkerProgram.program("refresher.ts")
  const start = (task: Partial<Task> = {}) =>
    program.start({
      task: { path, client, username: jane, scopes, ...task },
      env: { NODE_EXTRA_CA_CERTS: certificate }
    })
  const refreshes = Effect.promise(async () =>
    (await running.requests()).filter(({ grantType }) => grantType === "refresh_token")
  )
  return { emulator: running, path, layer, start, refreshes }
})

const run = (workers: ReadonlyArray<WorkerProgram.Worker>) => Effect.promise(() => WorkerProgram.runTogether(workers))

const answerOf = ({ lines, stderr }: WorkerProgram.Outcome): Answer => {
  expect(stderr).toBe("")
  const answer: Answer = JSON.parse(lines[0] ?? "{}")
  return answer
}

const eight = Array.from({ length: 8 }, (_, index) => index)

/** Makes every access token in the file one that expired long ago, as its time alone would in the end. */
const expire = (path: string) =>
  writeFileSync(path, readFileSync(path, "utf8").replaceAll(/"(cached_at|expires_on)":"\d+"/g, "\"$1\":\"1\""))

describe("eight processes that want a token for one account, at a server that revokes all on replay", () => {
  it.scopedLive("make one refresh between them where the token has expired", () =>
    Effect.gen(function*() {
      const { layer, path, refreshes, start } = yield* setUp
      yield* Effect.provide(signIn(jane), layer)
      expire(path)
      const outcomes = yield* run(eight.map(() => start()))
      const answers = outcomes.map(answerOf)
      expect(answers.filter(({ source }) => source === "cache")).toHaveLength(7)
      expect(answers.filter(({ source }) => source === "identity-provider")).toHaveLength(1)
      expect(new Set(answers.map(({ token }) => token)).size).toBe(1)
      expect((yield* refreshes).map(({ refusal, status }) => ({ refusal, status }))).toEqual([
        { refusal: undefined, status: 200 }
      ])
      expect(readdirSync(dirname(path))).toEqual([basename(path)])
    }))

  it.scopedLive("take turns where each insists on one, and replay none", () =>
    Effect.gen(function*() {
      const { emulator, layer, refreshes, start } = yield* setUp
      yield* Effect.provide(signIn(jane), layer)
      const milliseconds = 60
      yield* Effect.promise(() =>
        emulator.addFault({ kind: "latency", milliseconds, on: { endpoint: "token", grantType: "refresh_token" } })
      )
      const answers = (yield* run(eight.map(() => start({ forceRefresh: true })))).map(answerOf)
      expect(answers.map(({ error, source }) => ({ error, source }))).toEqual(
        eight.map(() => ({ error: undefined, source: "identity-provider" }))
      )
      const requests = yield* refreshes
      expect(requests.map(({ refusal, status }) => ({ refusal, status }))).toEqual(
        eight.map(() => ({ refusal: undefined, status: 200 }))
      )
      for (const [index, { at }] of requests.slice(1).entries()) {
        // One that comes before the answer to another would have been in flight with it.
        expect(at).toBeGreaterThanOrEqual((requests[index]?.at ?? 0) + milliseconds - 1)
      }
    }))
})

describe("a process that is killed between the server's answer and the save", () => {
  it.scopedLive("costs that account a sign-in, and nothing else", () =>
    Effect.gen(function*() {
      const { layer, path, refreshes, start } = yield* setUp
      const accountOf = (username: string) => Effect.map(signIn(username), ({ account }) => Option.getOrThrow(account))
      const [janes, sams] = yield* Effect.provide(Effect.all([accountOf(jane), accountOf(sam)]), layer)
      const [killed] = yield* run([start({ forceRefresh: true, diesOfAnswer: true })])
      expect(killed).toMatchObject({ signal: "SIGKILL", lines: [] })
      expect(yield* refreshes).toMatchObject([{ status: 200 }])

      yield* Effect.gen(function*() {
        expect((yield* Silent.acquire({ scopes, account: janes })).source).toBe("cache")
        const error = yield* Effect.flip(Silent.acquire({ scopes, account: janes, forceRefresh: true }))
        expect(error).toMatchObject({ _tag: "InteractionRequired", reason: "expired" })
        const others = yield* Silent.acquire({ scopes, account: sams, forceRefresh: true })
        expect(others.source).toBe("identity-provider")
        yield* signIn(jane)
        const again = yield* Silent.acquire({ scopes, account: janes, forceRefresh: true })
        expect(again.source).toBe("identity-provider")
      }).pipe(Effect.provide(layer))
      expect(readdirSync(dirname(path))).toEqual([basename(path)])
    }))
})

import { describe, expect, it } from "@effect/vitest"
import { Silent, UsernamePassword } from "@grantwork/core"
import { DefaultScenario, type Fault } from "@grantwork/emulator"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { atEmulator } from "./support/atEmulator.js"
import type { EmulatorProvider } from "./support/emulator.js"
import { failureOf } from "./support/failureOf.js"
import "./support/patience.js"
import { signIn } from "./support/signIn.js"

const provided = atEmulator()

const scopes = ["api://notes/read"]
const once = (endpoint: Fault.Endpoint) => ({ on: { endpoint }, times: 1 })

const befall = ({ emulator }: EmulatorProvider, fault: Fault.Input) => Effect.promise(() => emulator.addFault(fault))

const acquire = ({ people: { jane } }: EmulatorProvider, requested: ReadonlyArray<string> = scopes) =>
  UsernamePassword.acquire({ username: jane.username, password: Redacted.make(jane.password), scopes: requested })

/** Without a second try, which would help. */
const tryingOnce = ({ clients }: EmulatorProvider) => ({ ...clients.public, retry: false })

type Outage = readonly [string, Fault.Input, { readonly _tag: string; readonly [detail: string]: unknown }]

const outages = (endpoint: Fault.Endpoint): ReadonlyArray<Outage> => [
  ["429 and seconds", { ...once(endpoint), kind: "throttled", retryAfter: 7 }, {
    _tag: "Throttled",
    status: 429,
    retryAfter: 7
  }],
  ["429 and a date beyond the hour", {
    ...once(endpoint),
    kind: "throttled",
    retryAfter: 86_400,
    retryAfterForm: "date"
  }, { _tag: "Throttled", status: 429, retryAfter: 3600 }],
  ["429 alone", { ...once(endpoint), kind: "throttled" }, { _tag: "Throttled", status: 429, retryAfter: undefined }],
  ["503 and seconds", { ...once(endpoint), kind: "unavailable", retryAfter: 30 }, {
    _tag: "Throttled",
    status: 503,
    retryAfter: 30
  }],
  ["503 alone", { ...once(endpoint), kind: "unavailable" }, { _tag: "ServerUnavailable", status: 503 }],
  ["a proxy's page with status 502", { ...once(endpoint), kind: "proxyPage" }, {
    _tag: "ServerUnavailable",
    status: 502
  }],
  ["a dropped connection", { ...once(endpoint), kind: "drop" }, { _tag: "NetworkFailure", reason: "connection" }]
]

describe("the token endpoint's", () => {
  const ofTheToken: ReadonlyArray<Outage> = [
    ...outages("token"),
    ["proxy's page with status 200", { ...once("token"), kind: "proxyPage", status: 200 }, {
      _tag: "MalformedResponse",
      reason: "not_json"
    }],
    ["proxy's page with status 407", { ...once("token"), kind: "proxyPage", status: 407 }, {
      _tag: "MalformedResponse",
      status: 407
    }]
  ]

  it.live.each(ofTheToken)(
    "%s fails a refresh, and costs nothing",
    ([, fault, expected]) =>
      provided((provider) =>
        Effect.gen(function*() {
          const signedIn = yield* signIn(provider)
          const { account } = signedIn
          const refresh = Silent.acquire({ scopes, account, forceRefresh: true })
          yield* befall(provider, fault)
          expect(yield* failureOf(refresh)).toMatchObject({ ...expected, endpoint: provider.endpoints.token })
          const cached = yield* Silent.acquire({ scopes, account })
          expect(Redacted.value(cached.accessToken)).toBe(Redacted.value(signedIn.accessToken))
          const again = yield* Effect.either(refresh)
          expect(again).toMatchObject(
            expected._tag === "Throttled"
              ? { _tag: "Left", left: { _tag: "Throttled", message: expect.stringContaining("nothing was sent") } }
              : { _tag: "Right", right: { source: "identity-provider" } }
          )
        }), tryingOnce)
  )

  it.live("date to try again is told in seconds", () =>
    provided((provider) =>
      Effect.gen(function*() {
        yield* befall(provider, { ...once("token"), kind: "throttled", retryAfter: 600, retryAfterForm: "date" })
        const error = yield* failureOf(acquire(provider))
        const retryAfter = error._tag === "Throttled" ? error.retryAfter : undefined
        expect(retryAfter).toBeLessThanOrEqual(600)
        expect(retryAfter).toBeGreaterThan(500)
      })
    ))
})

describe.each(["metadata", "keys"] as const)("instead of the %s", (endpoint) => {
  it.live.each(outages(endpoint))(
    "%s fails a sign-in, and the next one asks again",
    ([, fault, expected]) =>
      provided((provider) =>
        Effect.gen(function*() {
          yield* befall(provider, fault)
          expect(yield* failureOf(acquire(provider))).toMatchObject(expected)
          expect((yield* acquire(provider)).source).toBe("identity-provider")
        }), tryingOnce)
  )
})

it.live("metadata in another issuer's name is not believed, and the next is", () =>
  provided((provider) =>
    Effect.gen(function*() {
      yield* befall(provider, { ...once("metadata"), kind: "wrongIssuer" })
      const error = yield* failureOf(acquire(provider))
      expect(error).toMatchObject({ _tag: "InvalidAuthority", reason: "issuer_mismatch" })
      expect(yield* Effect.promise(provider.grantTypes)).toEqual([])
      expect((yield* acquire(provider)).source).toBe("identity-provider")
    })
  ))

describe("a refresh token that is refused", () => {
  const refusal = { ...once("token"), kind: "refusal", code: 700_082 } as const

  it.live.each([["token_expired", "no_token"], [undefined, "identity-provider"]])(
    "with the suberror %s leaves %s",
    ([suberror, left]) =>
      provided((provider) =>
        Effect.gen(function*() {
          const { account } = yield* signIn(provider)
          const refresh = Silent.acquire({ scopes, account, forceRefresh: true })
          yield* befall(provider, { ...refusal, ...(suberror !== undefined && { suberror }) })
          expect(yield* failureOf(refresh)).toMatchObject({ _tag: "InteractionRequired", reason: "expired" })
          const next = yield* Effect.match(refresh, {
            onFailure: (error) => error._tag === "InteractionRequired" ? error.reason : error._tag,
            onSuccess: ({ source }) => source
          })
          expect(next).toBe(left)
        })
      )
  )
})

describe("refused is", () => {
  const { public: publicId } = DefaultScenario.clientIds

  it.live("a tenant that is not there", () =>
    provided((provider) =>
      Effect.gen(function*() {
        expect(yield* failureOf(acquire(provider))).toMatchObject({
          _tag: "InvalidAuthority",
          reason: "not_found",
          errorCodes: [90002]
        })
      }), ({ at }) => at("nowhere.example")))

  const clients: ReadonlyArray<readonly [string, object, object]> = [
    ["an application that is not there", { clientId: "a0000000-0000-4000-8000-00000000000f" }, {
      error: "unauthorized_client",
      errorCodes: [700_016]
    }],
    ["a secret that is wrong", { clientSecret: Redacted.make("wrong") }, { status: 401, errorCodes: [7_000_215] }],
    ["a secret that is missing", { clientSecret: undefined }, { status: 401, errorCodes: [7_000_218] }],
    ["a secret of a public client", { clientId: publicId }, { status: 401, errorCodes: [700_025] }]
  ]

  it.live.each(clients)("%s", ([, change, expected]) =>
    provided((provider) =>
      Effect.gen(function*() {
        expect(yield* failureOf(acquire(provider))).toMatchObject({ _tag: "InvalidClient", ...expected })
      }), ({ clients }) => ({ ...clients.secretPost, ...change })))

  const scopeRefusals: ReadonlyArray<readonly [string, ReadonlyArray<string>, object]> = [
    ["a resource that is not there", ["api://nowhere/read"], { _tag: "InvalidScope", errorCodes: [500_011] }],
    ["a permission that is not there", ["api://notes/eat"], { _tag: "InvalidScope", errorCodes: [650_053] }],
    ["two resources at once", ["api://notes/read", "User.Read"], { _tag: "InvalidScope", errorCodes: [28_000] }]
  ]

  it.live.each(scopeRefusals)(
    "%s, by password and by browser",
    ([, scopes, expected]) =>
      provided((provider) =>
        Effect.gen(function*() {
          expect(yield* failureOf(acquire(provider, scopes))).toMatchObject(expected)
          expect(yield* failureOf(signIn(provider, { scopes }))).toMatchObject(expected)
        })
      )
  )
})

import { describe, expect, it } from "@effect/vitest"
import { Accounts, type ClientApplication, Silent, UsernamePassword } from "@grantwork/core"
import { issueCertificates } from "@grantwork/emulator/certificates"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { application } from "./support/application.js"
import { clockAhead } from "./support/clockAhead.js"
import { failureOf } from "./support/failureOf.js"
import { compressedFlood, compressedTokens, endless, faults, redirect, silence, unfinished } from "./support/faults.js"
import { type HttpClientName, httpClientNames } from "./support/httpClients.js"
import { startStubServer, type StubServer } from "./support/StubServer.js"
import "./support/patience.js"

const password = "a password for one person"
const clientSecret = "a secret for one client"

const signIn = UsernamePassword.acquire({ username: "jane", password: Redacted.make(password), scopes: ["read"] })

const applicationAt = (
  stub: StubServer,
  over: HttpClientName,
  options: Pick<ClientApplication.Options, "requestTimeout"> = {}
) => {
  const client = { clientId: "stub-client", issuer: stub.issuer, clientSecret: Redacted.make(clientSecret) }
  return application(stub, { ...client, retry: false, ...options }, over)
}

const metadata = "/.well-known/openid-configuration"

describe.each(httpClientNames)("over %s", (over) => {
  describe("a token endpoint that", () => {
    it.scopedLive.each(Object.entries(faults))(
      "%s gives a typed error and costs nothing",
      ([, { answer, error }]) =>
        Effect.gen(function*() {
          const stub = yield* startStubServer
          yield* Effect.gen(function*() {
            const signedIn = yield* signIn
            const account = yield* signedIn.account
            const refresh = Silent.acquire({ scopes: ["read"], account, forceRefresh: true })

            stub.misbehave("/token", answer)
            const failure = yield* failureOf(refresh)
            expect(failure).toMatchObject({ ...error, endpoint: `${stub.issuer}/token` })
            expect(JSON.stringify(failure)).not.toContain(Redacted.value(Option.getOrThrow(signedIn.refreshToken)))
            const cached = yield* Silent.acquire({ scopes: ["read"], account })
            expect(Redacted.value(cached.accessToken)).toBe(Redacted.value(signedIn.accessToken))

            stub.recover()
            expect((yield* refresh).source).toBe("identity-provider")
          }).pipe(Effect.provide(applicationAt(stub, over)))
        })
    )

    it.scopedLive("sends without end is hung up on", () =>
      Effect.gen(function*() {
        const stub = yield* startStubServer
        stub.misbehave("/token", endless)
        const gone = yield* Effect.fork(stub.gone("/token"))
        yield* failureOf(signIn).pipe(Effect.provide(applicationAt(stub, over)))
        yield* Fiber.join(gone)
      }))

    const compressions = [
      ["compresses its answer", compressedTokens, { _tag: "Right", right: { tokenType: "Bearer" } }],
      ["compresses a flood", compressedFlood, {
        _tag: "Left",
        left: { _tag: "MalformedResponse", reason: "too_large" }
      }]
    ] as const

    it.scopedLive.each(compressions)(
      "%s is read unpacked, or not at all",
      ([, answer, unpacked]) =>
        Effect.gen(function*() {
          const stub = yield* startStubServer
          stub.misbehave("/token", answer)
          const outcome = yield* Effect.either(signIn).pipe(Effect.provide(applicationAt(stub, over)))
          const asked = stub.received.find(({ path }) => path === "/token")?.acceptEncoding !== undefined
          expect(asked).toBe(over === "fetch")
          expect(outcome).toMatchObject(
            asked ? unpacked : { _tag: "Left", left: { _tag: "MalformedResponse", reason: "not_json" } }
          )
        })
    )

    it.scoped.each([["never answers", silence], ["never ends its answer", unfinished]] as const)(
      "%s is given up after the time limit, and hung up on",
      ([, answer]) =>
        Effect.gen(function*() {
          const stub = yield* startStubServer
          stub.misbehave("/token", answer)
          const asked = yield* Effect.fork(stub.asked("/token"))
          const gone = yield* Effect.fork(stub.gone("/token"))
          yield* Effect.gen(function*() {
            const call = yield* Effect.fork(failureOf(signIn))
            yield* Fiber.join(asked)
            yield* TestClock.adjust("29 seconds")
            expect(Option.isNone(yield* Fiber.poll(call))).toBe(true)
            yield* TestClock.adjust("1 second")
            const error = yield* Fiber.join(call)
            expect(error).toMatchObject({ _tag: "NetworkFailure", reason: "timeout", endpoint: `${stub.issuer}/token` })
            expect(error.message).toContain("30s")
            yield* Fiber.join(gone)
          }).pipe(Effect.provide(applicationAt(stub, over)))
        })
    )
  })

  describe("a redirect", () => {
    it.scopedLive.each([301, 302, 303, 307, 308])(
      "with status %i takes no credentials anywhere",
      (status) =>
        Effect.gen(function*() {
          const stub = yield* startStubServer
          const elsewhere = yield* startStubServer
          yield* Effect.gen(function*() {
            const account = yield* (yield* signIn).account
            const before = stub.received.length
            stub.misbehave("/token", redirect(status, `${elsewhere.issuer}/token`))
            for (const call of [signIn, Silent.acquire({ scopes: ["read"], account, forceRefresh: true })]) {
              expect(yield* failureOf(call)).toMatchObject({ _tag: "MalformedResponse", reason: "redirect" })
            }
            stub.misbehave("/token", redirect(status, "/another-token"))
            expect(yield* failureOf(signIn)).toMatchObject({ _tag: "MalformedResponse", reason: "redirect" })
            expect(stub.received.slice(before).map(({ path }) => path)).toEqual(["/token", "/token", "/token"])
            expect(elsewhere.received).toEqual([])
          }).pipe(Effect.provide(applicationAt(stub, over)))
        })
    )

    it.scopedLive("of the metadata or the keys is not followed, though nothing secret would go along", () =>
      Effect.gen(function*() {
        const stub = yield* startStubServer
        const elsewhere = yield* startStubServer
        yield* Effect.gen(function*() {
          for (const path of [metadata, "/jwks"]) {
            stub.misbehave(path, redirect(302, elsewhere.issuer + path))
            expect(yield* failureOf(signIn)).toMatchObject({
              _tag: "MalformedResponse",
              reason: "redirect",
              endpoint: stub.issuer + path
            })
            expect(yield* Accounts.list()).toEqual([])
            stub.recover()
          }
          expect(elsewhere.received).toEqual([])
          expect((yield* signIn).source).toBe("identity-provider")
        }).pipe(Effect.provide(applicationAt(stub, over)))
      }))
  })

  describe("a certificate", () => {
    it.scopedLive("that nobody trusted vouches for is refused before anything is sent", () =>
      Effect.gen(function*() {
        const stub = yield* startStubServer
        const { caCertificate } = yield* Effect.promise(() => issueCertificates())
        const error = yield* failureOf(signIn).pipe(Effect.provide(applicationAt({ ...stub, caCertificate }, over)))
        expect(error).toMatchObject({
          _tag: "NetworkFailure",
          reason: "connection",
          code: expect.stringMatching(/^(UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|CERT_)/)
        })
        expect(stub.received).toEqual([])
      }))
  })

  it.scopedLive("a server that never answers anything is given up by the real clock, too", () =>
    Effect.gen(function*() {
      const stub = yield* startStubServer
      stub.misbehave(metadata, silence)
      const error = yield* failureOf(signIn).pipe(
        Effect.provide(applicationAt(stub, over, { requestTimeout: "50 millis" }))
      )
      expect(error).toMatchObject({ _tag: "NetworkFailure", reason: "timeout", endpoint: stub.issuer + metadata })
      expect(error.message).toContain("50ms")
    }))

  it.scopedLive("nobody listening is a NetworkFailure with the platform's code", () =>
    Effect.gen(function*() {
      const stub = yield* Effect.scoped(startStubServer)
      const error = yield* failureOf(signIn).pipe(Effect.provide(applicationAt(stub, over)))
      expect(error).toMatchObject({ _tag: "NetworkFailure", reason: "connection", code: "ECONNREFUSED" })
      expect(error.message).toContain("ECONNREFUSED")
    }))
})

describe("metadata", () => {
  it.scopedLive.each(Object.entries(faults))(
    "from a server that %s is no metadata, and is asked for again",
    ([, { answer }]) =>
      Effect.gen(function*() {
        const stub = yield* startStubServer
        stub.misbehave(metadata, answer)
        yield* Effect.gen(function*() {
          const error = yield* failureOf(signIn)
          expect(["InvalidAuthority", "MalformedResponse", "NetworkFailure", "ServerUnavailable"]).toContain(error._tag)
          expect(error.endpoint).toBe(stub.issuer + metadata)
          expect(stub.received.map(({ path }) => path)).toEqual([metadata])
          stub.recover()
          expect((yield* signIn).source).toBe("identity-provider")
        }).pipe(Effect.provide(applicationAt(stub, "undici")))
      })
  )
})

describe("keys", () => {
  it.scopedLive.each(Object.entries(faults))(
    "of a server that %s fail the refresh, and the rotated token is kept",
    ([, { answer }]) =>
      Effect.gen(function*() {
        const stub = yield* startStubServer
        yield* Effect.gen(function*() {
          const signedIn = yield* signIn
          const account = yield* signedIn.account
          const refresh = clockAhead("2 hours")(Silent.acquire({ scopes: ["read"], account, forceRefresh: true }))

          stub.misbehave("/jwks", answer)
          const error = yield* failureOf(refresh)
          expect(["MalformedResponse", "NetworkFailure", "ServerUnavailable"]).toContain(error._tag)
          expect(error.endpoint).toBe(`${stub.issuer}/jwks`)
          const cached = yield* Silent.acquire({ scopes: ["read"], account })
          expect(Redacted.value(cached.accessToken)).toBe(Redacted.value(signedIn.accessToken))

          stub.recover()
          expect((yield* refresh).source).toBe("identity-provider")
        }).pipe(Effect.provide(applicationAt(stub, "undici")))
      })
  )
})

it.scopedLive("an account removed while its refresh is under way stays removed", () =>
  Effect.gen(function*() {
    const stub = yield* startStubServer
    yield* Effect.gen(function*() {
      const account = yield* (yield* signIn).account
      const held: Array<() => void> = []
      stub.misbehave("/token", (_, behave) => held.push(behave))
      const asked = yield* Effect.fork(stub.asked("/token"))
      const refresh = yield* Effect.fork(
        Silent.acquire({ scopes: ["read"], account, forceRefresh: true })
      )
      yield* Fiber.join(asked)
      yield* Accounts.remove(account)
      for (const release of held) release()
      const refreshed = yield* Fiber.join(refresh)
      expect(refreshed.source).toBe("identity-provider")
      expect(yield* Accounts.list()).toEqual([])
      expect(yield* failureOf(Silent.acquire({ scopes: ["read"], account }))).toMatchObject({ reason: "no_account" })
    }).pipe(Effect.provide(applicationAt(stub, "undici")))
  }))

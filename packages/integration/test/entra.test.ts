import { describe, expect, it } from "@effect/vitest"
import { Accounts, Silent, UsernamePassword } from "@grantwork/core"
import { createFetch, type Person } from "@grantwork/identity-server"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { atEmulator } from "./support/atEmulator.js"
import { capability, claimsIn, claimsOf } from "./support/challenges.js"
import { type EmulatorProvider, known } from "./support/emulator.js"
import { failureOf } from "./support/failureOf.js"
import "./support/patience.js"
import { signIn } from "./support/signIn.js"
import { tokenRequestsDuring } from "./support/tokenRequests.js"

const provided = atEmulator()

const read = ["api://notes/read"]
const write = ["api://notes/write"]
/** Needs a second factor. */
const share = ["api://notes/share"]
/** Needs an administrator. */
const purge = ["api://notes/purge"]
const code = "123456"

const acquire = ({ password, username = "" }: Person, scopes: ReadonlyArray<string> = read) =>
  UsernamePassword.acquire({ username, password: Redacted.make(password), scopes })

const isNew = "identity-provider"

describe("a second factor", () => {
  const mia = { ...known("mia@contoso.example"), code }
  const demand = { _tag: "InteractionRequired", reason: "mfa", suberror: "basic_action", errorCodes: [50076] }

  it.live("that a password lacks is met by a browser that brings the claims", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const error = yield* failureOf(acquire(mia))
        expect(error).toMatchObject(demand)
        expect(yield* Accounts.list()).toEqual([])
        const claims = claimsOf(error)
        const result = yield* signIn(provider, { person: mia, claims })
        expect(result.scopes).toEqual(expect.arrayContaining(read))
        const requests = yield* Effect.promise(provider.emulator.requests)
        const authorized = requests.find(({ path }) => path.endsWith("/authorize"))
        // The log names the claims, without their values.
        const named = ["claims", "access_token access_token.capolids"]
        expect(authorized?.query).toContainEqual(named)
        expect(requests.findLast(({ path }) => path.endsWith("/token"))?.form).toContainEqual(named)
        expect((yield* Silent.acquire({ scopes: share, account: result.account })).source).toBe(isNew)
      })
    ))

  it.live("that a refresh lacks is met likewise, and what is cached still serves", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const account = yield* (yield* signIn(provider)).account
        const error = yield* failureOf(Silent.acquire({ scopes: share, account }))
        expect(error).toMatchObject(demand)
        expect((yield* Silent.acquire({ scopes: read, account })).source).toBe("cache")
        const person = { ...provider.people.jane, code }
        const result = yield* signIn(provider, { person, scopes: share, claims: claimsOf(error) })
        expect(result.scopes).toEqual(expect.arrayContaining(share))
        expect((yield* Silent.acquire({ scopes: share, account, forceRefresh: true })).source).toBe(isNew)
      })
    ))

  it.live("is entered for the sake of the claims alone", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const account = yield* (yield* signIn(provider)).account
        const refresh = Silent.acquire({ scopes: share, account })
        const claims = claimsOf(yield* failureOf(refresh))
        yield* signIn(provider, { person: { ...provider.people.jane, code }, claims })
        expect((yield* refresh).source).toBe(isNew)
      })
    ))
})

describe("consent", () => {
  const demand = { _tag: "InteractionRequired", reason: "consent", suberror: "consent_required", errorCodes: [65001] }
  const native = ({ clients }: EmulatorProvider) => clients.native

  it.live("that a password cannot give is given in a browser, and holds from then on", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const { jane } = provider.people
        expect(yield* failureOf(acquire(jane))).toMatchObject(demand)
        expect(yield* Accounts.list()).toEqual([])
        expect((yield* signIn(provider, { prompt: undefined })).source).toBe(isNew)
        expect((yield* acquire(jane)).source).toBe(isNew)
      }), native))

  it.live("to one scope is none to another", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const account = yield* (yield* signIn(provider, { prompt: undefined })).account
        const refresh = Silent.acquire({ scopes: write, account })
        expect(yield* failureOf(refresh)).toMatchObject(demand)
        yield* signIn(provider, { prompt: undefined, scopes: write })
        expect((yield* Silent.acquire({ scopes: write, account, forceRefresh: true })).source).toBe(isNew)
      }), native))

  it.live("that is an administrator's to give is asked of nobody else", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const error = yield* failureOf(signIn(provider, { prompt: undefined, scopes: purge }))
        expect(error).toMatchObject({ _tag: "InteractionRequired", reason: "consent", errorCodes: [90094] })
      }), native))
})

describe("a password", () => {
  it.live("that has to be changed is changed in a browser, and the new one serves", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const person = known("new@contoso.example")
        const newPassword = "second password"
        expect(yield* failureOf(acquire(person))).toMatchObject({
          _tag: "InteractionRequired",
          reason: "password",
          errorCodes: [50055]
        })
        expect((yield* signIn(provider, { person: { ...person, newPassword } })).source).toBe(isNew)
        expect((yield* acquire({ ...person, password: newPassword })).source).toBe(isNew)
        expect(yield* failureOf(acquire(person))).toMatchObject({ _tag: "InvalidCredentials" })
      })
    ))

  it.live.each(
    [
      ["that is wrong", { username: "jane@contoso.example", password: "not her password" }, 50126],
      ["of nobody", { username: "nobody@contoso.example", password: "correct horse" }, 50034]
    ] as const
  )("%s is InvalidCredentials", ([, person, number]) =>
    provided(() =>
      Effect.gen(function*() {
        const error = yield* failureOf(acquire(person))
        expect(error).toMatchObject({ _tag: "InvalidCredentials", error: "invalid_grant", errorCodes: [number] })
        expect(JSON.stringify(error)).not.toContain(person.password)
      })
    ))

  it.live("of an account that is blocked is refused, right as it is", () =>
    provided(() =>
      Effect.gen(function*() {
        const error = yield* failureOf(acquire(known("bob@contoso.example")))
        expect(error).toMatchObject({ _tag: "InteractionRequired", reason: "policy", errorCodes: [50057] })
      })
    ))
})

describe("a session", () => {
  it.live("that was revoked asks for a person, and its refresh token is not sent again", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const account = yield* (yield* signIn(provider)).account
        yield* Effect.promise(() => provider.emulator.revokeSessions(provider.people.jane.username))
        const refresh = Silent.acquire({ scopes: read, account, forceRefresh: true })
        expect(yield* failureOf(refresh)).toMatchObject({
          _tag: "InteractionRequired",
          reason: "expired",
          suberror: "bad_token",
          errorCodes: [50173]
        })
        expect((yield* Silent.acquire({ scopes: read, account })).source).toBe("cache")
        const sent = yield* tokenRequestsDuring(
          provider,
          Effect.map(failureOf(refresh), (error) =>
            expect(error).toMatchObject({ _tag: "InteractionRequired", reason: "no_token" }))
        )
        expect(sent).toEqual([])
        yield* signIn(provider)
        expect((yield* refresh).source).toBe(isNew)
      })
    ))

  it.live("of somebody who is blocked for a while goes on afterwards", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const { changeUser } = provider.emulator
        const account = yield* (yield* signIn(provider)).account
        const refresh = Silent.acquire({ scopes: read, account, forceRefresh: true })
        yield* Effect.promise(() => changeUser(provider.people.jane.username, { blocked: true }))
        expect(yield* failureOf(refresh)).toMatchObject({ _tag: "InteractionRequired", errorCodes: [50057] })
        yield* Effect.promise(() => changeUser(provider.people.jane.username, { blocked: false }))
        expect((yield* refresh).source).toBe(isNew)
      })
    ))
})

describe("a resource's claims challenge", () => {
  it.live("brings a newer token, which the resource takes", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const { challenge, origin } = provider.emulator
        const { password, username } = provider.people.jane
        const callMe = (token: Redacted.Redacted) => {
          const headers = { authorization: `Bearer ${Redacted.value(token)}` }
          return Effect.promise(() => createFetch(provider.caCertificate)(`${origin}/v1.0/me`, { headers }))
        }
        const scopes = ["User.Read"]
        const signedIn = yield* UsernamePassword.acquire({
          username,
          password: Redacted.make(password),
          scopes,
          claims: capability
        })
        expect((yield* callMe(signedIn.accessToken)).status).toBe(200)

        yield* Effect.promise(() => challenge(username))
        const { account } = signedIn
        const cached = yield* Silent.acquire({ scopes, account })
        expect(cached.source).toBe("cache")
        const refused = yield* callMe(cached.accessToken)
        expect(refused.status).toBe(401)
        const renewed = yield* Silent.acquire({ scopes, account, claims: claimsIn(refused) })
        expect(renewed.source).toBe(isNew)
        const accepted = yield* callMe(renewed.accessToken)
        expect(yield* Effect.promise(() => accepted.json())).toMatchObject({
          id: Option.getOrThrow(account).localAccountId,
          userPrincipalName: username
        })
      })
    ))
})

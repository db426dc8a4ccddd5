import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import {
  Accounts,
  AuthorizationCode,
  type ClientApplication,
  RefreshToken,
  Silent,
  UsernamePassword
} from "@grantwork/core"
import { type Client, type IdentityServer, startIdentityServer } from "@grantwork/identity-server"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { application } from "./support/application.js"
import { failureOf } from "./support/failureOf.js"
import { httpClientNames } from "./support/httpClients.js"
import "./support/patience.js"
import { goAndComeBack, jane, sam } from "./support/signIn.js"
import { tokenRequestsDuring } from "./support/tokenRequests.js"

let announcesAll: IdentityServer
let announcesBasic: IdentityServer

beforeAll(async () => {
  announcesAll = await startIdentityServer()
  announcesBasic = await startIdentityServer({ clientAuthMethods: ["client_secret_basic"] })
})

afterAll(() => Promise.all([announcesAll.close(), announcesBasic.close()]))

const registration = ({ client_id, client_secret }: Client): Partial<ClientApplication.Options> => ({
  clientId: client_id,
  ...(client_secret === undefined ? {} : { clientSecret: Redacted.make(client_secret) })
})

const clients = {
  public: () => ({ server: announcesAll, client: announcesAll.clients.public }),
  secretPost: () => ({ server: announcesAll, client: announcesAll.clients.secretPost }),
  secretBasic: () => ({ server: announcesBasic, client: announcesBasic.clients.secretBasic })
}

/** What each client tells of itself in the form. */
const credentials = { public: ["client_id"], secretPost: ["client_id", "client_secret"], secretBasic: [] } as const

describe.each(httpClientNames)("over %s", (over) => {
  describe.each(["public", "secretPost", "secretBasic"] as const)("the %s client", (name) => {
    it.live("signs in by code, serves from the cache, refreshes and forgets", () =>
      Effect.suspend(() => {
        const { client, server } = clients[name]()
        return Effect.gen(function*() {
          const { arrived, flow } = yield* goAndComeBack(server)
          const signedIn = yield* AuthorizationCode.complete({
            flow: JSON.parse(JSON.stringify(flow)),
            response: arrived.parameters
          })
          expect(signedIn).toMatchObject({ source: "identity-provider", tokenType: "Bearer", tenantId: "" })
          expect([...signedIn.scopes].sort()).toEqual(["offline_access", "openid", "profile", "read"])
          expect(Option.isSome(signedIn.refreshToken)).toBe(true)
          const account = yield* signedIn.account
          expect(account).toMatchObject({
            homeAccountId: "248289761001",
            localAccountId: "248289761001",
            environment: server.issuer,
            tenantId: "",
            username: "jane",
            name: Option.some("Jane Doe"),
            authorityType: "Generic"
          })

          const cached = yield* Silent.acquire({ scopes: ["read"], account })
          expect(cached.source).toBe("cache")
          expect(Redacted.value(cached.accessToken)).toBe(Redacted.value(signedIn.accessToken))

          const refreshed = yield* Silent.acquire({ scopes: ["read"], account, forceRefresh: true })
          expect(refreshed.source).toBe("identity-provider")
          expect(Redacted.value(refreshed.accessToken)).not.toBe(Redacted.value(signedIn.accessToken))

          const fields = server.requests.findLast(({ path }) => path === "/token")?.formFields
          expect(fields?.filter((field) => field.startsWith("client_"))).toEqual(credentials[name])

          yield* Accounts.remove(account)
          expect(Option.isNone(yield* Silent.acquireOption({ scopes: ["read"], account }))).toBe(true)
        }).pipe(Effect.provide(application(server, registration(client), over)))
      }))

    it.live("signs in by name and password, and takes a refresh token from elsewhere", () =>
      Effect.suspend(() => {
        const { client, server } = clients[name]()
        const byPassword = UsernamePassword.acquire({
          username: "sam",
          password: Redacted.make(sam.password),
          scopes: ["read", "write"]
        }).pipe(Effect.provide(application(server, registration(client), over)))
        return Effect.gen(function*() {
          const elsewhere = yield* byPassword
          const refreshToken = yield* elsewhere.refreshToken
          const imported = yield* RefreshToken.acquire({ refreshToken, scopes: ["read", "write"] })
          const account = yield* imported.account
          expect(account).toEqual(yield* elsewhere.account)
          const cached = yield* Silent.acquire({ scopes: ["write"], account })
          expect(Redacted.value(cached.accessToken)).toBe(Redacted.value(imported.accessToken))
        }).pipe(Effect.provide(application(server, registration(client), over)))
      }))
  })
})

describe("a secret", () => {
  const grantWith = (server: IdentityServer, options: Partial<ClientApplication.Options>) =>
    UsernamePassword.acquire({ username: "jane", password: Redacted.make(jane.password), scopes: ["read"] }).pipe(
      Effect.provide(application(server, options))
    )

  it.live.each(["secretPost", "secretBasic"] as const)(
    "that is wrong is refused to the %s client",
    (name) =>
      Effect.gen(function*() {
        const { client, server } = clients[name]()
        const clientSecret = Redacted.make("not the secret at all")
        const error = yield* failureOf(grantWith(server, { clientId: client.client_id, clientSecret }))
        expect(error).toMatchObject({ _tag: "InvalidClient", error: "invalid_client", status: 401 })
        expect(error.message).not.toContain("not the secret at all")
      })
  )

  it.live("that is missing is missed", () =>
    Effect.gen(function*() {
      const error = yield* failureOf(grantWith(announcesAll, { clientId: "secret-post-client" }))
      expect(error).toMatchObject({ _tag: "InvalidClient", error: "invalid_client" })
    }))
})

it.live("a client nobody registered is refused", () =>
  Effect.gen(function*() {
    const requests = tokenRequestsDuring(
      announcesAll,
      Effect.gen(function*() {
        const error = yield* failureOf(
          UsernamePassword.acquire({ username: "jane", password: Redacted.make(jane.password), scopes: [] })
        )
        expect(error).toMatchObject({ _tag: "InvalidClient", error: "invalid_client" })
      })
    )
    expect(yield* requests).toHaveLength(1)
  }).pipe(Effect.provide(application(announcesAll, { clientId: "nobody" }))))

import { describe, expect, it } from "@effect/vitest"
import { ClientApplication } from "@grantwork/core"
import { FakeProvider, Person, Reply, ScriptedHttpClient, TokenFactory } from "@grantwork/testing"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { cached, failure, outcome, signIn } from "../scenario.js"

const { tenantId } = Person.ada
const service = "https://login.microsoftonline.com/common/discovery/instance"
const host = "login.private.example"
const authority = `https://${host}/${tenantId}`
const metadataUrl = `${authority}/v2.0/.well-known/openid-configuration`

const stack = (application: Partial<ClientApplication.Options> = {}) =>
  FakeProvider.layer({ application: { authority, instanceDiscovery: true, ...application } })

const instances = (...aliases: ReadonlyArray<string>) =>
  Reply.json({
    tenant_discovery_endpoint: metadataUrl,
    metadata: [
      { preferred_network: "login.microsoftonline.com", aliases: ["login.microsoftonline.com", "login.windows.net"] },
      { preferred_network: aliases[0], preferred_cache: aliases[0], aliases }
    ]
  })

const invalidInstance = Reply.json({
  error: "invalid_instance",
  error_description: "AADSTS50049: Unknown or invalid instance.",
  error_codes: [50049]
}, { status: 400 })

const answerService = (route: ScriptedHttpClient.Route, address = service) =>
  ScriptedHttpClient.script({ [`GET ${address}`]: route })

const sent = Effect.map(ScriptedHttpClient.requests, (all) => all.map(({ method, url }) => `${method} ${url}`))

const question = `${service}?api-version=1.1&authorization_endpoint=${
  encodeURIComponent(`${authority}/oauth2/v2.0/authorize`)
}`

describe("instance discovery (feature 64)", () => {
  it.effect("vouches for a host before its metadata is asked for, and both are remembered for a day", () =>
    Effect.gen(function*() {
      yield* answerService(instances(host))
      yield* signIn()
      expect(yield* sent).toEqual([
        `GET ${question}`,
        `GET ${metadataUrl}`,
        `POST ${authority}/oauth2/v2.0/token`,
        `GET ${authority}/discovery/v2.0/keys`
      ])
      yield* signIn()
      expect((yield* sent).slice(4)).toEqual([`POST ${authority}/oauth2/v2.0/token`])
      yield* TestClock.adjust("25 hours")
      yield* signIn()
      expect((yield* sent).slice(5, 7)).toEqual([`GET ${question}`, `GET ${metadataUrl}`])
    }).pipe(Effect.provide(stack())))

  it.effect("asks another service where it is told", () => {
    const own = "https://discovery.private.example/instances?cloud=1"
    return Effect.gen(function*() {
      yield* answerService(instances(host.toUpperCase()), "https://discovery.private.example/instances")
      yield* signIn()
      const [first] = yield* ScriptedHttpClient.requests
      const { origin, pathname, searchParams } = new URL(first?.url ?? "")
      expect(`${origin}${pathname}`).toBe("https://discovery.private.example/instances")
      expect(Object.fromEntries(searchParams)).toEqual({
        cloud: "1",
        "api-version": "1.1",
        authorization_endpoint: `${authority}/oauth2/v2.0/authorize`
      })
    }).pipe(Effect.provide(stack({ instanceDiscovery: own })))
  })

  it.effect("is off unless it is wanted, and the host refused (feature 66)", () =>
    Effect.gen(function*() {
      for (const instanceDiscovery of [undefined, false]) {
        const options = { clientId: "client", authority, instanceDiscovery }
        expect(yield* failure(Effect.scoped(ClientApplication.make(options)))).toMatchObject({
          _tag: "InvalidAuthority",
          reason: "unknown_host"
        })
      }
    }))

  it.effect("makes the aliases of its answer one cloud with the host", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      yield* answerService(instances(host, "sts.private.example"))
      const jwks_uri = "https://sts.private.example/keys"
      const issuer = `https://sts.private.example/${tenantId}/v2.0`
      yield* FakeProvider.answer("metadata", Reply.json(factory.metadata({ issuer, jwks_uri })))
      const id_token = yield* factory.idToken({ iss: issuer })
      yield* FakeProvider.answer("token", Reply.json(yield* factory.tokenAnswer({ id_token })))
      yield* ScriptedHttpClient.script({ [`GET ${jwks_uri}`]: Reply.json(factory.keySet) })
      expect((yield* signIn()).tenantId).toBe(tenantId)
    }).pipe(Effect.provide(stack())))

  it.effect("makes no other cloud one with it", () =>
    Effect.gen(function*() {
      const factory = yield* TokenFactory.TokenFactory
      yield* answerService(instances(host, "sts.private.example"))
      const metadata = factory.metadata({ token_endpoint: "https://login.microsoftonline.com/tokens" })
      yield* FakeProvider.answer("metadata", Reply.json(metadata))
      expect(yield* failure(signIn())).toMatchObject({ _tag: "InvalidAuthority", reason: "metadata" })
    }).pipe(Effect.provide(stack())))

  it.effect("is needed for metadata that the caller gives, too", () => {
    const metadata = {
      issuer: `${authority}/v2.0`,
      token_endpoint: `${authority}/oauth2/v2.0/token`,
      jwks_uri: `${authority}/discovery/v2.0/keys`
    }
    return Effect.gen(function*() {
      yield* answerService([invalidInstance, instances(host)])
      expect(yield* failure(signIn())).toMatchObject({ _tag: "InvalidAuthority", reason: "unknown_host" })
      yield* signIn()
      yield* signIn()
      expect(yield* sent).toEqual([
        `GET ${question}`,
        `GET ${question}`,
        `POST ${authority}/oauth2/v2.0/token`,
        `GET ${authority}/discovery/v2.0/keys`,
        `POST ${authority}/oauth2/v2.0/token`
      ])
    }).pipe(Effect.provide(stack({ metadata })))
  })

  const answers: ReadonlyArray<readonly [string, Reply.Answer, object]> = [
    ["knows no such host (items 91, 98)", invalidInstance, {
      _tag: "InvalidAuthority",
      reason: "unknown_host",
      authority: host,
      error: "invalid_instance",
      errorCodes: [50049],
      status: 400
    }],
    ["lists others only", instances("sts.private.example"), { _tag: "InvalidAuthority", reason: "unknown_host" }],
    ["lists a host that begins alike", instances(`${host}.evil.example`), { _tag: "InvalidAuthority" }],
    ["lists the host at another port", instances(`${host}:8443`), { _tag: "InvalidAuthority" }],
    ["lists nothing", Reply.json({ metadata: [] }), { _tag: "InvalidAuthority", reason: "unknown_host" }],
    ["is a proxy's page", Reply.html("<p>Sign in to the proxy</p>"), { _tag: "MalformedResponse", reason: "not_json" }],
    ["is empty", Reply.json({}), { _tag: "MalformedResponse", reason: "wrong_type", status: 200 }],
    ["lists numbers", Reply.json({ metadata: [{ aliases: [7] }] }), { _tag: "MalformedResponse" }],
    ["is a list", Reply.json([host]), { _tag: "MalformedResponse" }],
    ["complains of the question", Reply.json({ error: "invalid_request" }, { status: 400 }), {
      _tag: "MalformedResponse",
      reason: "status",
      error: "invalid_request",
      status: 400
    }],
    ["is not there", Reply.json({ metadata: [{ aliases: [host] }] }, { status: 404 }), {
      _tag: "MalformedResponse",
      reason: "status"
    }],
    ["is elsewhere", Reply.redirect("https://evil.example.com"), { _tag: "MalformedResponse", reason: "redirect" }],
    ["is down", Reply.empty({ status: 503 }), { _tag: "ServerUnavailable", status: 503 }],
    ["asks to slow down", Reply.empty({ status: 429, headers: { "retry-after": "7" } }), {
      _tag: "Throttled",
      retryAfter: 7
    }],
    ["breaks off", Reply.disconnected(), { _tag: "NetworkFailure", reason: "connection" }]
  ]

  it.effect.each(answers)(
    "where the service %s, nothing more is sent, and nothing remembered",
    ([, answer, expected]) =>
      Effect.gen(function*() {
        yield* answerService([answer, instances(host)])
        expect(yield* failure(signIn())).toMatchObject({ ...expected, endpoint: service })
        expect(yield* sent).toHaveLength(1)
        expect(yield* cached).toEqual([])
        expect((yield* signIn()).source).toBe("identity-provider")
      }).pipe(Effect.provide(stack()))
  )

  it.effect("that never answers is a failure of the network", () =>
    Effect.gen(function*() {
      yield* answerService(Reply.never)
      const fiber = yield* Effect.fork(failure(signIn()))
      yield* ScriptedHttpClient.awaitRequests(1)
      yield* TestClock.adjust("31 seconds")
      expect(yield* Fiber.join(fiber)).toMatchObject({ _tag: "NetworkFailure", reason: "timeout", endpoint: service })
    }).pipe(Effect.provide(stack())))

  /** Reference, section 9, item 90. */
  it.effect.each<readonly [string, Partial<ClientApplication.Options>]>([
    ["a host of Microsoft's", { authority: "https://login.microsoftonline.com/common" }],
    ["an alias", { authority: "https://login.windows.net/common" }],
    ["another cloud", { authority: "https://login.microsoftonline.us/example.com" }],
    ["a host of the application's (feature 66)", { knownAuthorities: [host] }],
    ["B2C", { authority: "https://contoso.b2clogin.com/contoso/b2c_1_susi" }],
    ["External ID", { authority: "https://contoso.ciamlogin.com" }],
    ["AD FS", { authority: "https://fs.contoso.com/adfs", knownAuthorities: ["fs.contoso.com"] }],
    ["dSTS", { authority: "https://dsts.contoso.com/dstsv2/a", knownAuthorities: ["dsts.contoso.com"] }],
    ["another provider (item 88)", { authority: undefined, issuer: "https://id.example.com" }]
  ])("is not asked about %s (item 90)", ([, application]) =>
    Effect.gen(function*() {
      expect((yield* signIn()).source).toBe("identity-provider")
      expect((yield* sent).filter((request) => request.includes("/discovery/instance"))).toEqual([])
    }).pipe(Effect.provide(stack(application))))

  it.effect.each([
    "https://fs.private.example/adfs",
    "https://dsts.private.example/dstsv2/a",
    "https://login.private.example/contoso/b2c_1_susi",
    "https://contoso.b2clogin.com.evil.example/contoso/b2c_1_susi"
  ])("cannot vouch for %s, whose host the application has to know", (address) =>
    Effect.gen(function*() {
      const options = { clientId: "client", authority: address, instanceDiscovery: true }
      expect(yield* failure(Effect.scoped(ClientApplication.make(options)))).toMatchObject({
        _tag: "InvalidAuthority",
        reason: "unknown_host"
      })
    }))
})

it.effect("a typo, an untrusted host and an outage are three errors", () =>
  Effect.gen(function*() {
    const result = (route: ScriptedHttpClient.Route, metadata: ScriptedHttpClient.Route) =>
      Effect.gen(function*() {
        yield* answerService(route)
        yield* FakeProvider.answer("metadata", metadata)
        return yield* outcome(signIn())
      })
    const noTenant = Reply.json({ error: "invalid_tenant", error_codes: [90002] }, { status: 400 })
    const typo = yield* result(instances(host), noTenant)
    const untrusted = yield* result(invalidInstance, noTenant)
    const outages = yield* Effect.all([
      result(Reply.disconnected(), noTenant),
      result(Reply.empty({ status: 503 }), noTenant),
      result(instances(host), Reply.disconnected()),
      result(instances(host), Reply.empty({ status: 500 }))
    ])
    expect(typo).toMatchObject({ left: { _tag: "InvalidAuthority", reason: "not_found", errorCodes: [90002] } })
    expect(untrusted).toMatchObject({ left: { _tag: "InvalidAuthority", reason: "unknown_host" } })
    expect(outages).toMatchObject([
      { left: { _tag: "NetworkFailure" } },
      { left: { _tag: "ServerUnavailable" } },
      { left: { _tag: "NetworkFailure" } },
      { left: { _tag: "ServerUnavailable" } }
    ])
  }).pipe(Effect.provide(stack())))

import { describe, expect, it } from "@effect/vitest"
import { Authority, ClientApplication, Grantwork } from "@grantwork/core"
import * as Cause from "effect/Cause"
import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as ClientCredential from "../../src/domain/ClientCredential.js"

const clientId = "client"

const make = (options: Partial<ClientApplication.Options>) =>
  Effect.mapError(
    Effect.scoped(ClientApplication.make({ clientId, ...options })),
    Cause.originalError
  )

describe("options", () => {
  it.effect("have defaults", () =>
    Effect.gen(function*() {
      const application = yield* make({})
      expect(application).toMatchObject({
        clientId,
        authority: { _tag: "Entra", host: "login.microsoftonline.com", tenant: "common" },
        trustPolicy: { knownAuthorities: [], allowInsecureLoopback: false },
        credential: Option.none(),
        maximumResponseSize: 1024 * 1024
      })
      expect(Duration.toMillis(application.clockSkew)).toBe(120_000)
      expect(Duration.toMillis(application.requestTimeout)).toBe(30_000)
      expect(application.idTokenSigningAlgorithms).toContain("RS256")
      expect(application.idTokenSigningAlgorithms.filter((one) => /^HS|none/i.test(one))).toEqual([])
    }))

  it.effect.each([
    ["clientId", { clientId: "" }],
    ["clientId", { clientId: "  " }],
    ["clientId", { clientId: undefined }],
    ["clientId", { clientId: 7 }],
    ["clientSecret", { clientSecret: Redacted.make("") }],
    ["clientSecret", { clientSecret: Redacted.make(7) }],
    ["clientSecret", { clientSecret: "plain" }],
    ["issuer", { issuer: "https://id.example.com", authority: "https://login.microsoftonline.com/common" }],
    ["clockSkew", { clockSkew: "a while" }],
    ["requestTimeout", { requestTimeout: 0 }],
    ["requestTimeout", { requestTimeout: "soon" }],
    ["maximumResponseSize", { maximumResponseSize: 0 }],
    ["maximumResponseSize", { maximumResponseSize: -1 }],
    ["maximumResponseSize", { maximumResponseSize: 1.5 }],
    ["maximumResponseSize", { maximumResponseSize: Infinity }],
    ["maximumResponseSize", { maximumResponseSize: "1000" }],
    ["idTokenSigningAlgorithms", { idTokenSigningAlgorithms: [] }],
    ["idTokenSigningAlgorithms", { idTokenSigningAlgorithms: ["none"] }],
    ["idTokenSigningAlgorithms", { idTokenSigningAlgorithms: ["RS256", "HS256"] }]
  ])("refuse %s: %j", ([option, options]) =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(make(options as Partial<ClientApplication.Options>))
      expect(error).toMatchObject({ _tag: "InvalidConfiguration", option })
      expect(error.message).not.toContain("plain")
    }))

  it.effect.each(
    [
      ["malformed", { authority: "" }],
      ["malformed", { authority: "common" }],
      ["malformed", { authority: "https://" }],
      ["malformed", { authority: "https://login.microsoftonline.com" }],
      ["malformed", { authority: "https://login.microsoftonline.com/" }],
      ["malformed", { authority: "https://login.microsoftonline.com/..%2f" }],
      ["malformed", { authority: "https://user:password@login.microsoftonline.com/common" }],
      ["insecure", { authority: "http://login.microsoftonline.com/common" }],
      ["insecure", { authority: "http://localhost:8080/common", knownAuthorities: ["localhost:8080"] }],
      ["insecure", { authority: "ftp://login.microsoftonline.com/common" }],
      ["unknown_host", { authority: "https://login.evil.example.com/common" }],
      ["unknown_host", { authority: "https://login.microsoftonline.com.evil.example.com/common" }],
      ["unknown_host", { authority: "https://login.microsoftonline.com:8443/common" }],
      ["unknown_host", { authority: "https://known.example.com:8443/common", knownAuthorities: ["known.example.com"] }],
      ["malformed", { issuer: "" }],
      ["malformed", { issuer: "id.example.com" }],
      ["malformed", { issuer: "https://id.example.com?tenant=a" }],
      ["malformed", { issuer: "https://id.example.com#a" }],
      ["malformed", { issuer: "https://user:password@id.example.com" }],
      ["insecure", { issuer: "http://id.example.com" }],
      ["insecure", { issuer: "http://localhost:8080" }],
      ["insecure", { issuer: "http://localhost.example.com", allowInsecureLoopback: true }],
      ["insecure", { issuer: "http://192.168.0.1", allowInsecureLoopback: true }],
      ["malformed", { issuer: "javascript:alert(1)" }]
    ] as const
  )("refuse an authority that is %s: %j", ([reason, options]) =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(make(options))
      expect(error).toMatchObject({ _tag: "InvalidAuthority", reason })
      expect(JSON.stringify(error)).not.toContain("password@")
    }))

  it.effect.each(
    [
      [{ authority: "https://LOGIN.MicrosoftOnline.com/Contoso.OnMicrosoft.com" }, "contoso.onmicrosoft.com"],
      [
        { authority: "https://login.microsoftonline.com/7E7E7E7E-0000-4000-8000-000000000001/v2.0?x=1" },
        "7e7e7e7e-0000-4000-8000-000000000001"
      ],
      [{ authority: "https://login.microsoftonline.us/organizations/" }, "organizations"],
      [{ authority: "https://Known.example.com/tenant", knownAuthorities: ["known.EXAMPLE.com"] }, "tenant"],
      [{ authority: "https://known.example.com:8443/tenant", knownAuthorities: ["known.example.com:8443"] }, "tenant"],
      [
        {
          authority: "http://127.0.0.1:8080/tenant",
          knownAuthorities: ["127.0.0.1:8080"],
          allowInsecureLoopback: true
        },
        "tenant"
      ]
    ] as const
  )("take an authority: %j", ([options, tenant]) =>
    Effect.gen(function*() {
      const { authority } = yield* make(options)
      expect(authority).toMatchObject({ _tag: "Entra", tenant })
    }))

  it.effect.each([
    { issuer: "https://id.example.com" },
    { issuer: "https://id.example.com/" },
    { issuer: "https://id.example.com/realms/one" },
    { issuer: "https://id.example.com:8443" },
    { issuer: "http://localhost:8080", allowInsecureLoopback: true },
    { issuer: "http://127.0.0.1:8080", allowInsecureLoopback: true },
    { issuer: "http://[::1]:8080", allowInsecureLoopback: true }
  ])("take an issuer exactly: %j", (options) =>
    Effect.gen(function*() {
      const { authority } = yield* make(options)
      expect(authority).toEqual({ _tag: "OpenIdConnect", issuer: options.issuer })
      expect(Authority.provider(authority)).toBe(options.issuer)
    }))
})

describe("configuration", () => {
  const from = (entries: ReadonlyArray<readonly [string, string]>) =>
    Layer.setConfigProvider(ConfigProvider.fromMap(new Map(entries)))

  const read = (entries: ReadonlyArray<readonly [string, string]>) =>
    Effect.provide(
      ClientApplication.ClientApplication,
      Layer.provide(ClientApplication.layerConfig(), from(entries))
    )

  it.effect("reads the names that Azure's tools read (feature 78)", () =>
    Effect.gen(function*() {
      const application = yield* read([
        ["AZURE_CLIENT_ID", "client"],
        ["AZURE_TENANT_ID", "example.com"],
        ["AZURE_AUTHORITY_HOST", "https://login.microsoftonline.us/"],
        ["AZURE_CLIENT_SECRET", "the secret"]
      ])
      expect(application).toMatchObject({
        clientId: "client",
        authority: { host: "login.microsoftonline.us", tenant: "example.com" }
      })
      expect(ClientCredential.secrets(application.credential)).toEqual(["the secret"])
    }))

  it.effect("needs the client id alone", () =>
    Effect.gen(function*() {
      expect(yield* read([["AZURE_CLIENT_ID", "client"]])).toMatchObject({
        authority: { host: "login.microsoftonline.com", tenant: "common" },
        credential: Option.none()
      })
    }))

  it.effect.each(
    [
      [[], "ConfigError"],
      [[["AZURE_CLIENT_ID", ""]], "ConfigError"],
      [[["AZURE_CLIENT_ID", "client"], ["AZURE_CLIENT_SECRET", ""]], "accepted"],
      [[["AZURE_CLIENT_ID", "client"], ["AZURE_AUTHORITY_HOST", "https://evil.example.com"]], "InvalidAuthority"],
      [[["AZURE_CLIENT_ID", "client"], ["AZURE_TENANT_ID", "a/../b"]], "accepted"],
      [[["AZURE_CLIENT_ID", "client"], ["AZURE_TENANT_ID", "a b"]], "InvalidAuthority"]
    ] as const
  )("%j: %s", ([entries, expected]) =>
    Effect.gen(function*() {
      const result = yield* Effect.either(read(entries as ReadonlyArray<readonly [string, string]>))
      expect(result._tag === "Right" ? "accepted" : result.left._tag).toBe(expected)
    }))

  it.effect("makes the whole stack", () =>
    Effect.gen(function*() {
      const { clientId } = yield* ClientApplication.ClientApplication
      expect(clientId).toBe("client")
    }).pipe(Effect.provide(Layer.provide(Grantwork.layerConfig, from([["AZURE_CLIENT_ID", "client"]])))))

  it.effect("may be anything else that is a configuration", () =>
    Effect.gen(function*() {
      const { clientId } = yield* ClientApplication.ClientApplication
      expect(clientId).toBe("mine")
    }).pipe(Effect.provide(ClientApplication.layerConfig(Config.succeed({ clientId: "mine" })))))
})

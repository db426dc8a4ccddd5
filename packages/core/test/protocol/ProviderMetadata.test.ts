import * as Either from "effect/Either"
import * as Option from "effect/Option"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type * as Authority from "../../src/domain/Authority.js"
import * as AuthorityUrl from "../../src/domain/AuthorityUrl.js"
import * as Cloud from "../../src/domain/Cloud.js"
import * as ProviderMetadata from "../../src/protocol/ProviderMetadata.js"
import { anyAddress } from "../anyAddress.js"

const policy = { knownAuthorities: ["localhost:8080"], allowInsecureLoopback: false }
const lax = { ...policy, allowInsecureLoopback: true }
const tenantId = "8ab1c0de-0000-4000-8000-00000000000a"
const otherTenantId = "8ab1c0de-0000-4000-8000-00000000000b"

const generic = Either.getOrThrow(AuthorityUrl.openIdConnect("https://issuer.example/a", policy))
const entra = (tenant: string, host = "login.microsoftonline.com") =>
  Either.getOrThrow(AuthorityUrl.microsoft(`https://${host}/${tenant}`, policy))

const genericBody = {
  issuer: "https://issuer.example/a",
  token_endpoint: "https://issuer.example/a/token",
  authorization_endpoint: "https://issuer.example/a/authorize",
  jwks_uri: "https://issuer.example/a/keys"
}
const entraBody = {
  issuer: "https://login.microsoftonline.com/{tenantid}/v2.0",
  token_endpoint: "https://login.microsoftonline.com/common/oauth2/v2.0/token",
  authorization_endpoint: "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
  jwks_uri: "https://login.microsoftonline.com/common/discovery/v2.0/keys"
}

const decodeGeneric = (change: object, rules = policy) =>
  ProviderMetadata.decode({ ...genericBody, ...change }, generic, rules)
const decodeEntra = (change: object, authority: Authority.Authority = entra("common")) =>
  ProviderMetadata.decode({ ...entraBody, ...change }, authority, policy)
const refusal = <L>(result: Either.Either<unknown, L>): L => Either.getOrThrow(Either.flip(result))

describe("decode", () => {
  it("reads what the toolkit uses", () => {
    const metadata = Either.getOrThrow(decodeGeneric({
      token_endpoint_auth_methods_supported: ["private_key_jwt", "client_secret_post"],
      authorization_response_iss_parameter_supported: true,
      userinfo_endpoint: 5
    }))
    expect(metadata).toMatchObject({
      issuer: "https://issuer.example/a",
      tokenEndpoint: "https://issuer.example/a/token",
      authorizationEndpoint: Option.some("https://issuer.example/a/authorize"),
      jwksUri: Option.some("https://issuer.example/a/keys"),
      tokenEndpointAuthMethods: Option.some(["private_key_jwt", "client_secret_post"]),
      sendsIssuer: true
    })
  })

  it.each([undefined, null])("takes optional members that are %s as absent", (absent) => {
    const metadata = Either.getOrThrow(decodeGeneric({
      authorization_endpoint: absent,
      jwks_uri: absent,
      token_endpoint_auth_methods_supported: absent,
      authorization_response_iss_parameter_supported: absent
    }))
    expect(metadata).toMatchObject({
      authorizationEndpoint: Option.none(),
      jwksUri: Option.none(),
      tokenEndpointAuthMethods: Option.none(),
      sendsIssuer: false
    })
  })

  it.each([
    ["issuer", undefined],
    ["issuer", null],
    ["issuer", ""],
    ["issuer", 5],
    ["issuer", ["https://issuer.example/a"]],
    ["token_endpoint", undefined],
    ["token_endpoint", null],
    ["token_endpoint", ""],
    ["token_endpoint", {}],
    ["authorization_endpoint", 5],
    ["authorization_endpoint", ""],
    ["jwks_uri", false],
    ["jwks_uri", ["https://issuer.example/a/keys"]],
    ["token_endpoint_auth_methods_supported", "client_secret_post"],
    ["token_endpoint_auth_methods_supported", [1]],
    ["authorization_response_iss_parameter_supported", "true"]
  ])("refuses %s of %j by name", (name, value) => {
    const error = refusal(decodeGeneric({ [name]: value }))
    expect(error).toMatchObject({
      _tag: "InvalidAuthority",
      reason: "metadata",
      authority: "https://issuer.example/a",
      endpoint: "https://issuer.example/a/.well-known/openid-configuration"
    })
    expect(error.message).toContain(name)
  })

  it.each([[null], [undefined], ["text"], [5], [[]], [[genericBody]], [{}], [
    JSON.parse("{\"__proto__\":{\"issuer\":\"a\"}}")
  ]])(
    "refuses %j",
    (body) => {
      expect(refusal(ProviderMetadata.decode(body, generic, policy))).toMatchObject({ reason: "metadata" })
    }
  )

  it("is an Either for any JSON", () => {
    const value = fc.oneof(fc.jsonValue(), anyAddress, fc.constantFrom(...Object.values(genericBody)))
    const body = fc.record({ issuer: value, token_endpoint: value, authorization_endpoint: value, jwks_uri: value }, {
      requiredKeys: []
    })
    fc.assert(fc.property(fc.oneof(fc.jsonValue(), body), (answer) => {
      expect(Either.isEither(ProviderMetadata.decode(answer, generic, policy))).toBe(true)
      expect(Either.isEither(ProviderMetadata.decode(answer, entra("common"), policy))).toBe(true)
    }))
  })
})

describe("the issuer", () => {
  it.each([
    "https://issuer.example/a/",
    "https://issuer.example",
    "https://issuer.example/A",
    "https://ISSUER.example/a",
    "https://issuer.example:443/a",
    "http://issuer.example/a",
    "https://issuer.example/a?",
    "https://issuer.example/a#",
    " https://issuer.example/a",
    "https://issuer.example/a\n",
    "https://issuer.example/b/../a",
    "https://evil.example/a",
    "https://issuer.example.evil.example/a",
    "https://issuer.example/{tenantid}"
  ])("has to be exactly the one asked for, not %j", (issuer) => {
    expect(refusal(decodeGeneric({ issuer }))).toMatchObject({ _tag: "InvalidAuthority", reason: "issuer_mismatch" })
  })

  it.each([
    ["common", "https://login.microsoftonline.com/{tenantid}/v2.0"],
    ["organizations", "https://login.microsoftonline.com/{tenantid}/v2.0"],
    ["common", `https://login.microsoftonline.com/${tenantId}/v2.0`],
    ["common", "https://login.windows.net/{tenantid}/v2.0"],
    ["consumers", `https://login.microsoftonline.com/${Cloud.consumersTenantId}/v2.0`],
    [tenantId, `https://login.microsoftonline.com/${tenantId}/v2.0`],
    ["contoso.com", `https://login.microsoftonline.com/${tenantId}/v2.0`]
  ])("of Microsoft at %s may be %s", (tenant, issuer) => {
    expect(Either.map(decodeEntra({ issuer }, entra(tenant)), (metadata) => metadata.issuer)).toEqual(
      Either.right(issuer)
    )
  })

  it.each([
    ["common", "https://login.microsoftonline.com/{tenantid}/v2.0/"],
    ["common", "https://login.microsoftonline.com/{tenantid}"],
    ["common", "https://login.microsoftonline.com/{tenantid}/v1.0"],
    ["common", "https://login.microsoftonline.com/{tenantid}/{tenantid}/v2.0"],
    ["common", "https://login.microsoftonline.com/{TenantId}/v2.0"],
    ["common", "https://login.microsoftonline.com/common/v2.0"],
    ["common", "https://login.microsoftonline.com//v2.0"],
    ["common", "http://login.microsoftonline.com/{tenantid}/v2.0"],
    ["common", "https://login.microsoftonline.com:443/{tenantid}/v2.0"],
    ["common", "https://user@login.microsoftonline.com/{tenantid}/v2.0"],
    ["common", "https://login.microsoftonline.us/{tenantid}/v2.0"],
    ["common", "https://login.microsoftonline.com.evil.com/{tenantid}/v2.0"],
    ["common", "https://{tenantid}/a/v2.0"],
    ["common", "https://evil.com/{tenantid}/v2.0"],
    ["common", "https://evil.com/login.microsoftonline.com/{tenantid}/v2.0"],
    ["common", "https://login.microsoftonline.com/{tenantid}/v2.0\n"],
    ["common", "x\nhttps://login.microsoftonline.com/{tenantid}/v2.0"],
    [tenantId, `https://login.microsoftonline.com/${otherTenantId}/v2.0`],
    ["consumers", `https://login.microsoftonline.com/${tenantId}/v2.0`],
    ["organizations", `https://login.microsoftonline.com/${Cloud.consumersTenantId}/v2.0`],
    ["organizations", `https://login.microsoftonline.com/${Cloud.consumersTenantId.toUpperCase()}/v2.0`]
  ])("of Microsoft at %s may not be %j", (tenant, issuer) => {
    expect(refusal(decodeEntra({ issuer }, entra(tenant)))).toMatchObject({ reason: "issuer_mismatch" })
  })

  it("speaks http only where the authority does", () => {
    const local = Either.getOrThrow(AuthorityUrl.microsoft("http://localhost:8080/common", lax))
    const body = (scheme: string) => ({
      issuer: `${scheme}://localhost:8080/{tenantid}/v2.0`,
      token_endpoint: "http://localhost:8080/common/token"
    })
    expect(Either.isRight(ProviderMetadata.decode(body("http"), local, lax))).toBe(true)
    expect(Either.isRight(ProviderMetadata.decode(body("https"), local, lax))).toBe(false)
  })
})

describe("what is known of a cloud", () => {
  const known = (tenant: string, host?: string) => ProviderMetadata.ofKnownCloud(entra(tenant, host))

  it.each([
    ["common", "{tenantid}"],
    ["organizations", "{tenantid}"],
    ["consumers", Cloud.consumersTenantId],
    [tenantId, tenantId]
  ])("fits what Microsoft publishes for %s", (tenant, issuing) => {
    expect(Option.getOrThrow(known(tenant))).toMatchObject({
      issuer: `https://login.microsoftonline.com/${issuing}/v2.0`,
      tokenEndpoint: `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`,
      jwksUri: Option.some(`https://login.microsoftonline.com/${tenant}/discovery/v2.0/keys`)
    })
  })

  it.each([
    ["a domain", "contoso.com", "login.microsoftonline.com"],
    ["an alias", "common", "login.windows.net"],
    ["a closed cloud", "common", "login.microsoftonline.de"],
    ["a host of the application's", "common", "localhost:8080"]
  ])("is nothing for %s", (_, tenant, host) => {
    expect(known(tenant, host)).toEqual(Option.none())
  })

  it("is accepted as if it had been published", () => {
    for (const tenant of ["common", "organizations", "consumers", tenantId]) {
      const { authorizationEndpoint, issuer, jwksUri, tokenEndpoint } = Option.getOrThrow(known(tenant))
      const body = {
        issuer,
        token_endpoint: tokenEndpoint,
        authorization_endpoint: Option.getOrNull(authorizationEndpoint),
        jwks_uri: Option.getOrNull(jwksUri)
      }
      expect(Either.isRight(ProviderMetadata.decode(body, entra(tenant), policy))).toBe(true)
    }
  })
})

describe.each(["token_endpoint", "authorization_endpoint", "jwks_uri"])("%s", (name) => {
  it.each([
    "http://issuer.example/a",
    "http://localhost/a",
    "//issuer.example/a",
    "/a",
    "issuer.example/a",
    "ftp://issuer.example/a",
    "data:application/json,{}",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "https://user@issuer.example/a",
    "https://issuer.example/a#b",
    "https://",
    "https://issuer.example:port/a"
  ])("may not be %s", (address) => {
    const error = refusal(decodeGeneric({ [name]: address }))
    expect(error).toMatchObject({ _tag: "InvalidAuthority", reason: "metadata" })
    expect(error.message).toContain(name)
  })

  it.each(["https://keys.example/a", "https://issuer.example:8443/a?b=c"])(
    "may be %s, at any issuer's own choice",
    (address) => {
      expect(Either.isRight(decodeGeneric({ [name]: address }))).toBe(true)
    }
  )

  it("may be http on loopback where the application says so", () => {
    expect(Either.isRight(decodeGeneric({ [name]: "http://localhost:1/a" }, lax))).toBe(true)
    expect(Either.isRight(decodeGeneric({ [name]: "http://issuer.example/a" }, lax))).toBe(false)
  })

  it.each([
    "https://login.microsoftonline.com/a",
    "https://login.windows.net/a",
    "https://LOGIN.microsoftonline.com:443/a"
  ])(
    "of Microsoft may be %s",
    (address) => {
      expect(Either.isRight(decodeEntra({ [name]: address }))).toBe(true)
    }
  )

  it.each([
    "https://login.microsoftonline.us/a",
    "https://login.partner.microsoftonline.cn/a",
    "https://login.microsoftonline.com.evil.com/a",
    "https://login.microsoftonline.com@evil.com/a",
    "https://login.microsoftonline.com:8443/a",
    "https://evil.com/login.microsoftonline.com",
    "https://evil.com\\@login.microsoftonline.com/a",
    "http://login.microsoftonline.com/a"
  ])("of Microsoft does not leave the cloud for %s", (address) => {
    expect(refusal(decodeEntra({ [name]: address }))).toMatchObject({ reason: "metadata" })
  })
})

describe("isIssuerOf", () => {
  const issuerOf = (tenant: string) => `https://login.microsoftonline.com/${tenant}/v2.0`
  const template = Either.getOrThrow(decodeEntra({}))
  const single = Either.getOrThrow(decodeEntra({ issuer: issuerOf(tenantId) }))

  it.each([
    ["the template", template, tenantId, issuerOf(tenantId), true],
    ["the template, another tenant", template, otherTenantId, issuerOf(tenantId), false],
    ["the template as it is", template, tenantId, issuerOf("{tenantid}"), false],
    ["the template, another host", template, tenantId, `https://evil.example/${tenantId}/v2.0`, false],
    ["the template, with a pattern for a tenant", template, "$&", issuerOf(tenantId), false],
    ["one tenant", single, tenantId, issuerOf(tenantId), true],
    ["one tenant, another in the token", single, otherTenantId, issuerOf(tenantId), false],
    ["one tenant, another altogether", single, otherTenantId, issuerOf(otherTenantId), false],
    ["one tenant in capitals", single, tenantId.toUpperCase(), issuerOf(tenantId), false]
  ])("of %s", (_, metadata, tid, iss, right) => {
    expect(ProviderMetadata.isIssuerOf(metadata, tid, iss)).toBe(right)
  })
})

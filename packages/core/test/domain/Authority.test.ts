import * as Either from "effect/Either"
import * as Option from "effect/Option"
import { describe, expect, it } from "vitest"
import { Account } from "../../src/domain/Account.js"
import * as Authority from "../../src/domain/Authority.js"
import * as AuthorityUrl from "../../src/domain/AuthorityUrl.js"
import * as Cloud from "../../src/domain/Cloud.js"

const policy = { knownAuthorities: [], allowInsecureLoopback: false }
const tenantId = "8ab1c0de-0000-4000-8000-00000000000a"
const otherTenantId = "8ab1c0de-0000-4000-8000-00000000000b"

const entra = (tenant: string) =>
  Either.getOrThrow(AuthorityUrl.microsoft(`https://login.microsoftonline.com/${tenant}`, policy))
const issuer = (text: string) => Either.getOrThrow(AuthorityUrl.openIdConnect(text, policy))

describe("metadataUrl", () => {
  it.each([
    [entra("common"), "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration"],
    [entra("contoso.com/v2.0"), "https://login.microsoftonline.com/contoso.com/v2.0/.well-known/openid-configuration"],
    [issuer("https://issuer.example"), "https://issuer.example/.well-known/openid-configuration"],
    [issuer("https://issuer.example/"), "https://issuer.example/.well-known/openid-configuration"],
    [issuer("https://issuer.example/a/b"), "https://issuer.example/a/b/.well-known/openid-configuration"],
    [issuer("https://issuer.example/a/b/"), "https://issuer.example/a/b/.well-known/openid-configuration"]
  ])("of %j", (authority, url) => {
    expect(Authority.metadataUrl(authority)).toBe(url)
  })
})

describe("provider", () => {
  it("is one per cloud, and the exact issuer elsewhere", () => {
    expect(Authority.provider(Either.getOrThrow(AuthorityUrl.microsoft("https://sts.windows.net/a", policy)))).toBe(
      "login.microsoftonline.com"
    )
    expect(Authority.provider(issuer("https://issuer.example/a"))).toBe("https://issuer.example/a")
    expect(Authority.provider(issuer("https://issuer.example/a/"))).toBe("https://issuer.example/a/")
  })
})

describe("isTenantId", () => {
  it.each([
    [tenantId, true],
    [tenantId.toUpperCase(), true],
    ["", false],
    ["common", false],
    [`${tenantId}\n`, false],
    [` ${tenantId}`, false],
    [`{${tenantId}}`, false],
    [tenantId.replaceAll("-", ""), false],
    [tenantId.slice(1), false],
    [`${tenantId}0`, false],
    [tenantId.replace("a", "g"), false],
    [`${tenantId}/${tenantId}`, false]
  ])("%j: %s", (text, answer) => {
    expect(Authority.isTenantId(text)).toBe(answer)
  })
})

describe("acceptsTenant", () => {
  const consumers = Cloud.consumersTenantId

  it.each([
    ["common", tenantId, true],
    ["common", consumers, true],
    ["organizations", tenantId, true],
    ["organizations", consumers, false],
    ["organizations", consumers.toUpperCase(), false],
    ["consumers", consumers, true],
    ["consumers", consumers.toUpperCase(), true],
    ["consumers", tenantId, false],
    [tenantId, tenantId, true],
    [tenantId, tenantId.toUpperCase(), true],
    [tenantId, otherTenantId, false],
    [consumers, tenantId, false],
    ["contoso.com", tenantId, true]
  ])("%s lets %s answer: %s", (tenant, answering, accepted) => {
    expect(Authority.acceptsTenant(entra(tenant), answering)).toBe(accepted)
  })
})

describe("servesTenant", () => {
  const account = (home: string) =>
    new Account({
      homeAccountId: `uid.${home}`,
      environment: "login.microsoftonline.com",
      tenantId: home,
      localAccountId: "uid",
      username: "",
      name: Option.none(),
      authorityType: "MSSTS"
    })

  it.each<[string, string, string, string, boolean]>([
    ["common", tenantId, tenantId, "common", true],
    ["common", tenantId, otherTenantId, otherTenantId, false],
    ["organizations", tenantId, tenantId, "common", true],
    ["organizations", Cloud.consumersTenantId, Cloud.consumersTenantId, "common", false],
    ["consumers", Cloud.consumersTenantId, Cloud.consumersTenantId, "common", true],
    ["consumers", tenantId, tenantId, "common", false],
    [tenantId, tenantId, tenantId, "common", true],
    [tenantId, otherTenantId, tenantId, tenantId, true],
    [tenantId, tenantId, otherTenantId, otherTenantId, false],
    ["contoso.com", tenantId, tenantId, "contoso.com", true],
    ["contoso.com", tenantId, tenantId, "common", false],
    ["contoso.com", tenantId, tenantId, "fabrikam.com", false]
  ])(
    "at %s, for an account of %s, a token of %s that %s was asked for: %s",
    (tenant, home, answered, asked, served) => {
      const token = { tenantId: answered, requestedTenant: asked }
      expect(Authority.servesTenant(entra(tenant), account(home), token)).toBe(served)
    }
  )

  it("keeps the user flows of one tenant apart", () => {
    const flow = (name: string) =>
      Either.getOrThrow(AuthorityUrl.microsoft(`https://contoso.b2clogin.com/contoso/${name}`, policy))
    const token = { tenantId, requestedTenant: Authority.requestedTenant(flow("b2c_1_susi")) }
    expect(Authority.servesTenant(flow("b2c_1_susi"), account(tenantId), token)).toBe(true)
    expect(Authority.servesTenant(flow("b2c_1_mfa"), account(tenantId), token)).toBe(false)
  })

  it("does not ask elsewhere, where there are no tenants", () => {
    expect(Authority.servesTenant(issuer("https://issuer.example"), account(""), { tenantId: "", requestedTenant: "" }))
      .toBe(true)
  })
})

describe("requestedTenant", () => {
  it.each([
    ["https://login.microsoftonline.com/Contoso.com", "contoso.com"],
    ["https://contoso.b2clogin.com/contoso/b2c_1_susi", "contoso/b2c_1_susi"],
    ["https://contoso.ciamlogin.com", "contoso.onmicrosoft.com"],
    ["https://dsts.contoso.com/dstsv2/contoso", "contoso"],
    ["https://fs.contoso.com/adfs", ""]
  ])("of %s is %j", (address, tenant) => {
    const known = { ...policy, knownAuthorities: ["fs.contoso.com", "dsts.contoso.com"] }
    expect(Authority.requestedTenant(Either.getOrThrow(AuthorityUrl.microsoft(address, known)))).toBe(tenant)
  })

  it("is empty elsewhere", () => {
    expect(Authority.requestedTenant(issuer("https://issuer.example/a"))).toBe("")
  })
})

import * as Either from "effect/Either"
import { describe, expect, it } from "vitest"
import * as AuthorityUrl from "../../src/domain/AuthorityUrl.js"
import * as ProviderMetadata from "../../src/protocol/ProviderMetadata.js"

const policy = { knownAuthorities: [], allowInsecureLoopback: false }
const tenantId = "8ab1c0de-0000-4000-8000-00000000000a"
const otherTenantId = "8ab1c0de-0000-4000-8000-00000000000b"

const refusal = <L>(result: Either.Either<unknown, L>): L => Either.getOrThrow(Either.flip(result))

/** Reference, section 3.6. */
describe("the issuer of another kind of authority", () => {
  const known = { ...policy, knownAuthorities: ["fs.contoso.com", "login.contoso.com", "dsts.contoso.com"] }
  const decodeAt = (address: string, issuer: string, endpoint = new URL(address).origin) =>
    ProviderMetadata.decode(
      { issuer, token_endpoint: `${endpoint}/token`, jwks_uri: `${endpoint}/keys` },
      Either.getOrThrow(AuthorityUrl.microsoft(address, known)),
      known
    )
  const b2c = "https://contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1_susi"
  const ciam = "https://contoso.ciamlogin.com"
  const labelOf64 = "a".repeat(64)

  it.each([
    [b2c, `https://contoso.b2clogin.com/${tenantId}/v2.0/`],
    [b2c, `https://contoso.b2clogin.com/tfp/${tenantId}/b2c_1_susi/v2.0/`],
    ["https://login.contoso.com/contoso/b2c_1_susi", `https://login.contoso.com/${tenantId}/v2.0/`],
    ["https://login.contoso.com/contoso/b2c_1_susi", `https://contoso.b2clogin.com/${tenantId}/v2.0/`],
    [ciam, `https://${tenantId}.ciamlogin.com/${tenantId}/v2.0`],
    [ciam, "https://contoso.ciamlogin.com/contoso/v2.0"],
    [ciam, "https://contoso.ciamlogin.com/contoso.onmicrosoft.com/v2.0"],
    [`${ciam}/${tenantId}`, `https://${tenantId}.ciamlogin.com/${tenantId}/v2.0`],
    [`${ciam}/${tenantId}`, `https://${tenantId}.ciamlogin.com/`],
    [ciam, "https://contoso.ciamlogin.com/"],
    ["https://fs.contoso.com/adfs", "https://fs.contoso.com/adfs"],
    ["https://dsts.contoso.com/dstsv2/contoso", "https://dsts.contoso.com/dstsv2/contoso"],
    [`https://login.microsoftonline.com/${tenantId}`, `https://westus2.login.microsoftonline.com/${tenantId}/v2.0`]
  ])("%s may be %s", (authority, issuer) => {
    expect(Either.map(decodeAt(authority, issuer), (metadata) => metadata.issuer)).toEqual(Either.right(issuer))
  })

  it.each([
    [b2c, `https://contoso.b2clogin.com.evil.com/${tenantId}/v2.0/`],
    [b2c, `https://fakeb2clogin.com/${tenantId}/v2.0/`],
    [b2c, `http://contoso.b2clogin.com/${tenantId}/v2.0/`],
    [b2c, `https://${tenantId}.ciamlogin.com/${tenantId}/v2.0`],
    [ciam, `https://${otherTenantId}.ciamlogin.com/${tenantId}/v2.0`],
    [ciam, `http://${tenantId}.ciamlogin.com/${tenantId}/v2.0`],
    [ciam, "https://evil.ciamlogin.com/evil/v2.0"],
    [ciam, `https://${tenantId}.ciamlogin.com/v2.0`],
    [ciam, `https://${tenantId}.ciamlogin.com.evil.com/${tenantId}/v2.0`],
    [ciam, `https://a.${tenantId}.ciamlogin.com/${tenantId}/v2.0`],
    [ciam, `https://${tenantId}.ciamlogin.com/${tenantId}/v2.0/more`],
    [ciam, "https://login.microsoftonline.com/{tenantid}/v2.0"],
    [`${ciam}/${tenantId}`, `https://${otherTenantId}.ciamlogin.com/${otherTenantId}/v2.0`],
    ["https://fs.contoso.com/adfs", "https://fs.evil.com/adfs"],
    ["https://fs.contoso.com/adfs", "nonsense"],
    ["https://dsts.contoso.com/dstsv2/contoso", "https://dsts.evil.com/dstsv2/contoso"],
    [`https://login.microsoftonline.com/${tenantId}`, `https://west.us.2.login.microsoftonline.com/${tenantId}/v2.0`],
    [`https://login.microsoftonline.com/${tenantId}`, `https://westus2.login.evil.com/${tenantId}/v2.0`],
    [`https://login.microsoftonline.com/${tenantId}`, `https://-a.login.microsoftonline.com/${tenantId}/v2.0`],
    [`https://login.microsoftonline.com/${tenantId}`, `https://a-.login.microsoftonline.com/${tenantId}/v2.0`],
    [
      `https://login.microsoftonline.com/${tenantId}`,
      `https://${labelOf64}.login.microsoftonline.com/${tenantId}/v2.0`
    ],
    [`https://login.microsoftonline.com/${tenantId}`, `https://contoso.ciamlogin.com/${tenantId}/v2.0`],
    [`https://login.microsoftonline.com/${tenantId}`, `https://login.partner.microsoftonline.cn/${tenantId}/v2.0`]
  ])("%s may not be %s", (authority, issuer) => {
    expect(refusal(decodeAt(authority, issuer))).toMatchObject({ reason: "issuer_mismatch" })
  })

  it.each([
    [b2c, `https://contoso.b2clogin.com/${tenantId}/v2.0/`],
    [ciam, `https://${tenantId}.ciamlogin.com/${tenantId}/v2.0`],
    ["https://fs.contoso.com/adfs", "https://fs.contoso.com/adfs"],
    ["https://dsts.contoso.com/dstsv2/contoso", "https://dsts.contoso.com/dstsv2/contoso"],
    [`https://login.contoso.com/${tenantId}`, `https://login.contoso.com/${tenantId}/v2.0`],
    [`https://login.microsoftonline.com/${tenantId}`, `https://login.microsoftonline.com/${tenantId}/v2.0`]
  ])("%s keeps its endpoints at home (item 94)", (authority, issuer) => {
    for (
      const elsewhere of [
        "https://evil.example",
        "https://login.partner.microsoftonline.cn",
        "https://evil.ciamlogin.com"
      ]
    ) {
      expect(refusal(decodeAt(authority, issuer, elsewhere))).toMatchObject({ reason: "metadata" })
    }
  })
})

/** Reference, section 3.6 and item 92; a tenant is an id here, and its issuer ends in `/v2.0`. */
describe("the cross-cloud matrix (features 73, 74, item 92)", () => {
  const known = { ...policy, knownAuthorities: ["login.contoso.com", "login.fabrikam.com"] }
  const authorities = {
    public: "https://login.microsoftonline.com",
    china: "https://login.partner.microsoftonline.cn",
    usGov: "https://login.microsoftonline.us",
    bleu: "https://login.sovcloud-identity.fr",
    custom: "https://login.contoso.com"
  }

  it.each<[keyof typeof authorities, string, boolean]>([
    ["public", "https://login.microsoftonline.com", true],
    ["public", "https://login.windows.net", true],
    ["public", "https://westus2.login.microsoft.com", true],
    ["public", "https://eastus2euap.login.microsoft.com", true],
    ["china", "https://chinaeast2.login.chinacloudapi.cn", true],
    ["usGov", "https://usgovvirginia.login.microsoftonline.us", true],
    ["usGov", "https://login.usgovcloudapi.net", true],
    ["bleu", "https://francecentral.login.sovcloud-identity.fr", true],
    ["custom", "https://login.contoso.com", true],
    ["custom", "https://westus2.login.contoso.com", true],
    ["custom", "https://login.microsoftonline.com", true],
    ["custom", "https://login.microsoftonline.us", true],
    ["custom", "https://westus2.login.microsoft.com", true],
    ["custom", "https://login.fabrikam.com", true],
    ["public", "https://login.partner.microsoftonline.cn", false],
    ["public", "https://login.microsoftonline.us", false],
    ["public", "https://login.microsoftonline.de", false],
    ["public", "https://login.windows-ppe.net", false],
    ["public", "https://login.contoso.com", false],
    ["public", "https://chinaeast2.login.chinacloudapi.cn", false],
    ["usGov", "https://login.microsoftonline.com", false],
    ["usGov", "https://westus2.login.microsoft.com", false],
    ["china", "https://login.microsoftonline.com", false],
    ["china", "https://login.microsoftonline.us", false],
    ["bleu", "https://login.sovcloud-identity.de", false],
    ["public", "http://login.microsoftonline.com", false],
    ["custom", "http://login.microsoftonline.com", false],
    ["custom", "http://login.fabrikam.com", false],
    ["custom", "https://malicious-site.com", false],
    ["custom", "https://attacker.evil.login.microsoft.com", false],
    ["custom", "https://weird_prefix.login.microsoft.com", false],
    ["custom", "https://login.microsoft.com.evil.com", false]
  ])("%s may be issued for by %s: %s", (name, issuer, isRight) => {
    const origin = authorities[name]
    const authority = Either.getOrThrow(AuthorityUrl.microsoft(`${origin}/${tenantId}`, known))
    const decode = (tenant: string) =>
      ProviderMetadata.decode({ issuer: `${issuer}/${tenant}/v2.0`, token_endpoint: `${origin}/a` }, authority, known)
    expect(Either.isRight(decode(tenantId))).toBe(isRight)
    expect(Either.isRight(decode("{tenantid}"))).toBe(isRight)
    expect(Either.isRight(decode(otherTenantId))).toBe(false)
  })

  it.each([
    [`https://login.contoso.com/${tenantId}`, `https://${tenantId}.ciamlogin.com/${tenantId}/v2.0`, true],
    ["https://login.contoso.com/contoso", "https://contoso.ciamlogin.com/contoso/v2.0", true],
    [`https://login.contoso.com/${tenantId}`, `https://${otherTenantId}.ciamlogin.com/${otherTenantId}/v2.0`, false],
    [`https://login.contoso.com/${tenantId}`, `https://${tenantId}.ciamlogin.com/${otherTenantId}/v2.0`, false],
    [`https://login.contoso.com/${tenantId}`, `http://${tenantId}.ciamlogin.com/${tenantId}/v2.0`, false],
    [`https://login.contoso.com/${tenantId}`, `https://a b.ciamlogin.com/${tenantId}/v2.0`, false],
    ["https://login.microsoftonline.com/contoso", "https://contoso.ciamlogin.com/contoso/v2.0", false],
    ["https://login.microsoftonline.com/contoso", "https://attacker.ciamlogin.com/attacker/v2.0", false],
    [`https://login.microsoftonline.com/${tenantId}`, `https://${tenantId}.ciamlogin.com/${tenantId}/v2.0`, false]
  ])("%s, a tenant's own domain, may be issued for by %s: %s (item 95)", (address, issuer, isRight) => {
    const authority = Either.getOrThrow(AuthorityUrl.microsoft(address, known))
    const decoded = ProviderMetadata.decode({ issuer, token_endpoint: address }, authority, known)
    expect(Either.isRight(decoded)).toBe(isRight)
  })

  it.each([
    ["https://login.microsoftonline.com", "https://westus2.login.microsoft.com", true],
    ["https://login.microsoftonline.us", "https://login.usgovcloudapi.net", true],
    ["https://contoso.ciamlogin.com", "https://login.microsoftonline.com", true],
    ["https://login.microsoftonline.com", "https://attacker.ciamlogin.com", false],
    ["https://login.microsoftonline.com", "https://chinaeast2.login.chinacloudapi.cn", false],
    ["https://contoso.ciamlogin.com", "https://login.partner.microsoftonline.cn", false],
    ["https://contoso.ciamlogin.com", "https://attacker.ciamlogin.com", false],
    ["https://login.contoso.com", "https://login.fabrikam.com", false],
    ["https://login.contoso.com", "https://login.microsoftonline.com", false]
  ])("%s may have an endpoint at %s: %s (item 94)", (origin, endpoint, isRight) => {
    const authority = Either.getOrThrow(AuthorityUrl.microsoft(`${origin}/${tenantId}`, known))
    const body = { issuer: `${origin}/${tenantId}/v2.0`, token_endpoint: `${endpoint}/${tenantId}/token` }
    const decoded = ProviderMetadata.decode(body, authority, known)
    expect(isRight ? Either.isRight(decoded) : refusal(decoded).reason).toBe(isRight || "metadata")
  })
})

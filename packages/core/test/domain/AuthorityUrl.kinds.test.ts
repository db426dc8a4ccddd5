import * as Either from "effect/Either"
import { describe, expect, it } from "vitest"
import * as Authority from "../../src/domain/Authority.js"
import * as AuthorityUrl from "../../src/domain/AuthorityUrl.js"

const policy = { knownAuthorities: [], allowInsecureLoopback: false }

const refusal = <L>(result: Either.Either<unknown, L>): L => Either.getOrThrow(Either.flip(result))

/** Reference, section 3.1 and 3.3. */
describe("kinds", () => {
  const known = { ...policy, knownAuthorities: ["login.contoso.com", "fs.contoso.com", "dsts.contoso.com"] }
  const metadata = "/.well-known/openid-configuration"

  it.each([
    ["https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_SUSI", {
      _tag: "B2c",
      tenant: "contoso.onmicrosoft.com",
      policy: "b2c_1_susi"
    }, `https://contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1_susi/v2.0${metadata}`],
    [
      "https://contoso.b2clogin.cn/contoso/sign_in",
      { _tag: "B2c", policy: "sign_in" },
      `https://contoso.b2clogin.cn/contoso/sign_in/v2.0${metadata}`
    ],
    [
      "https://login.contoso.com/contoso/b2c_1a_susi",
      { _tag: "B2c" },
      `https://login.contoso.com/contoso/b2c_1a_susi/v2.0${metadata}`
    ],
    [
      "https://login.microsoftonline.com/contoso/b2c_1_susi",
      { _tag: "B2c" },
      `https://login.microsoftonline.com/contoso/b2c_1_susi/v2.0${metadata}`
    ],
    [
      "https://contoso.ciamlogin.com",
      { _tag: "Ciam", tenant: "contoso.onmicrosoft.com" },
      `https://contoso.ciamlogin.com/contoso.onmicrosoft.com/v2.0${metadata}`
    ],
    [
      "https://contoso.ciamlogin.com/",
      { _tag: "Ciam", tenant: "contoso.onmicrosoft.com" },
      `https://contoso.ciamlogin.com/contoso.onmicrosoft.com/v2.0${metadata}`
    ],
    [
      "https://contoso.ciamlogin.com/Fabrikam.com/v2.0",
      { _tag: "Ciam", tenant: "fabrikam.com" },
      `https://contoso.ciamlogin.com/fabrikam.com/v2.0${metadata}`
    ],
    [
      "https://contoso.ciamlogin.com/adfs",
      { _tag: "Ciam", tenant: "adfs" },
      `https://contoso.ciamlogin.com/adfs/v2.0${metadata}`
    ],
    [
      "https://contoso.b2clogin.com/tfp/contoso.onmicrosoft.com/B2C_1_susi",
      { _tag: "B2c", tenant: "contoso.onmicrosoft.com", policy: "b2c_1_susi" },
      `https://contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1_susi/v2.0${metadata}`
    ],
    [
      "https://login.contoso.com/tfp/contoso/b2c_1_susi",
      { _tag: "B2c", tenant: "contoso" },
      `https://login.contoso.com/contoso/b2c_1_susi/v2.0${metadata}`
    ],
    [
      "https://sts.windows.net/contoso/b2c_1_susi",
      { _tag: "B2c", host: "sts.windows.net" },
      `https://sts.windows.net/contoso/b2c_1_susi/v2.0${metadata}`
    ],
    ["https://fs.contoso.com/ADFS", { _tag: "Adfs", host: "fs.contoso.com" }, `https://fs.contoso.com/adfs${metadata}`],
    ["https://fs.contoso.com/adfs/ls/", { _tag: "Adfs" }, `https://fs.contoso.com/adfs${metadata}`],
    [
      "https://dsts.contoso.com/dstsv2/Contoso",
      { _tag: "Dsts", tenant: "contoso" },
      `https://dsts.contoso.com/dstsv2/contoso${metadata}`
    ],
    [
      "https://login.microsoftonline.com/adfs",
      { _tag: "Entra", tenant: "adfs" },
      `https://login.microsoftonline.com/adfs/v2.0${metadata}`
    ],
    [
      "https://login.contoso.com/contoso",
      { _tag: "Entra", tenant: "contoso" },
      `https://login.contoso.com/contoso/v2.0${metadata}`
    ],
    [
      "https://login.contoso.com/contoso/other",
      { _tag: "Entra", tenant: "contoso" },
      `https://login.contoso.com/contoso/v2.0${metadata}`
    ]
  ])("%s", (address, expected, url) => {
    const authority = Either.getOrThrow(AuthorityUrl.microsoft(address, known))
    expect(authority).toMatchObject(expected)
    expect(Authority.metadataUrl(authority)).toBe(url)
    expect(Authority.providerOf(Authority.environment(authority))).toBe(Authority.provider(authority))
  })

  it.each([
    ["https://login.microsoftonline.com/common", "MSSTS", true],
    ["https://contoso.b2clogin.com/contoso/b2c_1_susi", "MSSTS", true],
    ["https://contoso.ciamlogin.com", "MSSTS", true],
    ["https://fs.contoso.com/adfs", "ADFS", false],
    ["https://dsts.contoso.com/dstsv2/contoso", "Generic", false]
  ])("%s has accounts of %s, and client_info: %s", (address, type, sendsClientInfo) => {
    const authority = Either.getOrThrow(AuthorityUrl.microsoft(address, known))
    expect(Authority.accountType(authority)).toBe(type)
    expect(Authority.sendsClientInfo(authority)).toBe(sendsClientInfo)
  })

  it("keep the tenants of one dSTS host apart, whose subjects may be the same", () => {
    const providers = ["one", "two"].map((tenant) =>
      Authority.provider(Either.getOrThrow(AuthorityUrl.microsoft(`https://dsts.contoso.com/dstsv2/${tenant}`, known)))
    )
    expect(providers).toEqual(["https://dsts.contoso.com/dstsv2/one", "https://dsts.contoso.com/dstsv2/two"])
  })

  it("take a host that only Microsoft can vouch for where Microsoft is asked", () => {
    const asking = { ...policy, asksMicrosoft: true }
    expect(Either.getOrThrow(AuthorityUrl.microsoft("https://login.private.example/contoso", asking))).toMatchObject({
      _tag: "Entra",
      needsVouching: true,
      aliases: ["login.private.example"]
    })
    for (const address of ["https://fs.private.example/adfs", "https://login.private.example/contoso/b2c_1_susi"]) {
      expect(refusal(AuthorityUrl.microsoft(address, asking)).reason).toBe("unknown_host")
    }
  })
})

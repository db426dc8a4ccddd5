import * as Either from "effect/Either"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Authority from "../../src/domain/Authority.js"
import * as AuthorityUrl from "../../src/domain/AuthorityUrl.js"
import { anyAddress } from "../anyAddress.js"
import { anyCharacter } from "../anyCharacter.js"

const policy = { knownAuthorities: [], allowInsecureLoopback: false }
const tenantId = "8ab1c0de-0000-4000-8000-00000000000a"

const refusal = <L>(result: Either.Either<unknown, L>): L => Either.getOrThrow(Either.flip(result))
const entra = (tenant: string) =>
  Either.getOrThrow(AuthorityUrl.microsoft(`https://login.microsoftonline.com/${tenant}`, policy))

/** Reference, section 3.5. */
const clouds = [
  ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
  ["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
  ["login.microsoftonline.de"],
  ["login.microsoftonline.us", "login.usgovcloudapi.net"],
  ["login-us.microsoftonline.com"],
  ["login.sovcloud-identity.fr"],
  ["login.sovcloud-identity.de"],
  ["login.sovcloud-identity.sg"],
  ["login.windows-ppe.net", "sts.windows-ppe.net", "login.microsoft-ppe.com"]
]

describe("entra", () => {
  it.each(clouds.flatMap((aliases) => aliases.map((host) => ({ host, aliases }))))(
    "knows $host",
    ({ aliases, host }) => {
      expect(AuthorityUrl.microsoft(`https://${host}/common`, policy)).toEqual(Either.right({
        _tag: "Entra",
        host,
        origin: `https://${host}`,
        tenant: "common",
        aliases,
        needsVouching: false
      }))
    }
  )

  it("knows no host in two clouds", () => {
    const hosts = clouds.flat()
    expect(new Set(hosts)).toHaveLength(hosts.length)
    const providers = hosts.map((host) =>
      Authority.provider(Either.getOrThrow(AuthorityUrl.microsoft(`https://${host}/common`, policy)))
    )
    expect(new Set(providers)).toHaveLength(clouds.length)
  })

  it.each([
    ["common", "common"],
    ["organizations", "organizations"],
    ["consumers", "consumers"],
    ["Common", "common"],
    [tenantId, tenantId],
    [tenantId.toUpperCase(), tenantId],
    ["contoso.onmicrosoft.com", "contoso.onmicrosoft.com"],
    ["Contoso.OnMicrosoft.com", "contoso.onmicrosoft.com"],
    ["contoso.com/", "contoso.com"],
    ["contoso.com/v2.0", "contoso.com"],
    ["contoso.com/oauth2/v2.0/authorize", "contoso.com"],
    ["/contoso.com", "contoso.com"],
    ["a", "a"]
  ])("reads the tenant of %s", (path, tenant) => {
    expect(entra(path)).toMatchObject({ tenant, host: "login.microsoftonline.com" })
  })

  it("reads the host in any letter case, and the standard port", () => {
    expect(AuthorityUrl.microsoft("HTTPS://Login.MicrosoftOnline.com:443/common", policy)).toEqual(
      AuthorityUrl.microsoft("https://login.microsoftonline.com/common", policy)
    )
  })

  it.each([
    ["", "malformed"],
    ["common", "malformed"],
    ["login.microsoftonline.com/common", "malformed"],
    ["//login.microsoftonline.com/common", "malformed"],
    ["https://", "malformed"],
    ["https:///common", "malformed"],
    ["https://login.microsoftonline.com", "malformed"],
    ["https://login.microsoftonline.com/", "malformed"],
    ["https://login.microsoftonline.com//", "malformed"],
    ["https://login.microsoftonline.com/..", "malformed"],
    ["https://login.microsoftonline.com/contoso com", "malformed"],
    ["https://login.microsoftonline.com/contoso%2f..", "malformed"],
    ["https://login.microsoftonline.com/contoso%00", "malformed"],
    ["https://login.microsoftonline.com/{tenantid}", "malformed"],
    ["https://login.microsoftonline.com/contoso@evil.example", "malformed"],
    ["https://login.microsoftonline.com/-contoso", "malformed"],
    ["https://login.microsoftonline.com/contoso.", "malformed"],
    ["https://login.microsoftonline.com/contosö.com", "malformed"],
    ["https://login.microsoftonline.com/\u212Aontoso.com", "malformed"],
    ["https://login.microsoftonline.com/common#", "malformed"],
    ["https://login.microsoftonline.com/common#evil.example", "malformed"],
    ["https://user@login.microsoftonline.com/common", "malformed"],
    ["https://user:password@login.microsoftonline.com/common", "malformed"],
    ["https://login.microsoftonline.com@evil.com/common", "malformed"],
    ["https://login.microsoftonline.com:443@evil.com/common", "malformed"],
    ["http://login.microsoftonline.com/common", "insecure"],
    ["http://localhost/common", "insecure"],
    ["ftp://login.microsoftonline.com/common", "insecure"],
    ["https://login.microsoftonline.com.evil.com/common", "unknown_host"],
    ["https://login-microsoftonline.com/common", "unknown_host"],
    ["https://evil.com/login.microsoftonline.com", "unknown_host"],
    ["https://evil.com/common?https://login.microsoftonline.com", "unknown_host"],
    ["https://evil.com\\@login.microsoftonline.com/common", "unknown_host"],
    ["https://evil.login.microsoftonline.com/common", "unknown_host"],
    ["https://microsoftonline.com/common", "unknown_host"],
    ["https://login.microsoftonline.com./common", "unknown_host"],
    ["https://login.microsoftonline.com:8443/common", "unknown_host"],
    ["https://login.microsoftonline.com%2eevil.com/common", "unknown_host"],
    ["https://login.micr\u043Esoftonline.com/common", "unknown_host"],
    ["https://log\u0456n.microsoftonline.com/common", "unknown_host"],
    ["https://login.microsoftonline.com\u2024evil.com/common", "unknown_host"],
    ["https://login.microsoftonline.com\u3002evil.com/common", "unknown_host"],
    ["https://xn--login-microsoftonline-com.evil.com/common", "unknown_host"],
    ["https://contoso.ciamlogin.com.evil.com/contoso", "unknown_host"],
    ["https://ciamlogin.com/contoso", "unknown_host"],
    ["https://a.contoso.ciamlogin.com/contoso", "unknown_host"],
    ["https://fakeb2clogin.com/contoso/b2c_1_susi", "unknown_host"],
    ["https://b2clogin.com.evil.com/contoso/b2c_1_susi", "unknown_host"],
    ["https://contoso.b2clogin.fr/contoso/b2c_1_susi", "unknown_host"],
    ["https://login.contoso.com/contoso/b2c_1_susi", "unknown_host"],
    ["https://fs.contoso.com/adfs", "unknown_host"],
    ["https://dsts.contoso.com/dstsv2/contoso", "unknown_host"],
    ["https://contoso.b2clogin.com/contoso", "malformed"],
    ["https://contoso.b2clogin.com/contoso/b2c_1 susi", "malformed"],
    ["https://contoso.ciamlogin.com/-", "malformed"],
    ["https://localhost/common", "unknown_host"],
    ["https://constructor/common", "unknown_host"]
  ])("refuses %s as %s", (authority, reason) => {
    const error = refusal(AuthorityUrl.microsoft(authority, policy))
    expect(error).toMatchObject({ _tag: "InvalidAuthority", reason: expect.anything() })
    // A host that the parser already calls invalid is as good as an unknown one.
    expect(reason === "unknown_host" ? ["unknown_host", "malformed"] : [reason]).toContain(error.reason)
    expect(error.message).not.toBe("")
  })

  it.each([
    ["https://login.contoso.com/tenant", "login.contoso.com"],
    ["https://login.contoso.com:8443/tenant", "login.contoso.com:8443"],
    ["https://LOGIN.contoso.com:443/tenant", "login.contoso.com"]
  ])("takes %s where the application vouches for it", (authority, host) => {
    expect(Either.getOrThrow(AuthorityUrl.microsoft(authority, { ...policy, knownAuthorities: [host] }))).toEqual({
      _tag: "Entra",
      host,
      origin: `https://${host}`,
      tenant: "tenant",
      aliases: [host],
      needsVouching: false
    })
  })

  it.each([
    ["https://login.contoso.com/tenant", "login.contoso.com:8443"],
    ["https://login.contoso.com:8443/tenant", "login.contoso.com"],
    ["https://evil.login.contoso.com/tenant", "login.contoso.com"],
    ["https://login.contoso.com.evil.com/tenant", "login.contoso.com"],
    ["https://login.contoso.com/tenant", "contoso.com"],
    ["https://login.contoso.com/tenant", ""],
    ["https://login.contoso.com/tenant", "*"]
  ])("does not take %s where the application vouches for %j", (authority, host) => {
    expect(refusal(AuthorityUrl.microsoft(authority, { ...policy, knownAuthorities: [host] })).reason).toBe(
      "unknown_host"
    )
  })

  it("vouching for a host of a cloud does not take it out of its cloud", () => {
    const known = { ...policy, knownAuthorities: ["login.windows.net"] }
    const authority = Either.getOrThrow(AuthorityUrl.microsoft("https://login.windows.net/common", known))
    expect(Authority.provider(authority)).toBe("login.microsoftonline.com")
  })

  it("takes http on loopback only where the switch says so, and the host is vouched for", () => {
    const known = { knownAuthorities: ["localhost:8080"], allowInsecureLoopback: true }
    expect(Either.getOrThrow(AuthorityUrl.microsoft("http://localhost:8080/tenant", known)).origin).toBe(
      "http://localhost:8080"
    )
    expect(refusal(AuthorityUrl.microsoft("http://localhost:8081/tenant", known)).reason).toBe("unknown_host")
    expect(
      refusal(AuthorityUrl.microsoft("http://localhost:8080/tenant", { ...known, allowInsecureLoopback: false })).reason
    )
      .toBe("insecure")
    expect(refusal(AuthorityUrl.microsoft("http://login.microsoftonline.com/tenant", known)).reason).toBe("insecure")
  })

  it("trusts no host but those known, whatever the text", () => {
    const part = fc.constantFrom(
      "https://",
      "https:",
      "http://",
      "login.microsoftonline.com",
      "evil.com",
      "@",
      ":",
      "443",
      "/",
      "\\",
      "?",
      "#",
      ".",
      "%2e",
      "\u3002",
      "\t",
      "\u00AD",
      "common",
      "user"
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 9 }), (parts) => {
        const result = AuthorityUrl.microsoft(parts.join(""), policy)
        if (Either.isRight(result)) {
          expect(clouds.flat()).toContain(new URL(Authority.metadataUrl(result.right)).host)
          expect(new URL(Authority.metadataUrl(result.right)).protocol).toBe("https:")
        }
      }),
      { numRuns: 3000 }
    )
  })
})

describe("openIdConnect", () => {
  it.each([
    "https://issuer.example",
    "https://issuer.example/",
    "https://issuer.example/realms/main",
    "https://issuer.example/realms/main/",
    "https://issuer.example:8443/a",
    "https://Issuer.example/A"
  ])("keeps %s as it is", (text) => {
    expect(AuthorityUrl.openIdConnect(text, policy)).toMatchObject(
      Either.right({ _tag: "OpenIdConnect", issuer: text })
    )
  })

  it.each([
    ["https://issuer.example?a=b", "malformed"],
    ["https://issuer.example/?a=b", "malformed"],
    ["https://issuer.example?", "malformed"],
    ["https://issuer.example/a?", "malformed"],
    ["https://issuer.example/#a", "malformed"],
    ["https://issuer.example/#", "malformed"],
    ["https://user@issuer.example/", "malformed"],
    ["https://issuer.example@evil.com/", "malformed"],
    ["issuer.example", "malformed"],
    ["", "malformed"],
    ["http://issuer.example", "insecure"],
    ["http://localhost", "insecure"],
    ["urn:issuer", "malformed"]
  ])("refuses %s as %s", (text, reason) => {
    expect(refusal(AuthorityUrl.openIdConnect(text, policy))).toMatchObject({ _tag: "InvalidAuthority", reason })
  })

  it("has its metadata at the issuer's own host and below its path, whatever the text", () => {
    const part = fc.constantFrom(
      "https://",
      "https:",
      "issuer.example",
      "evil.com",
      "/a",
      "/",
      "?",
      "#",
      "@",
      "\\",
      " ",
      "\n"
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 7 }).map((parts) => parts.join("")), (text) => {
        const result = AuthorityUrl.openIdConnect(text, policy)
        if (Either.isRight(result)) {
          const url = Authority.metadataUrl(result.right)
          expect(URL.canParse(url)).toBe(true)
          const { host, pathname, search } = new URL(url)
          expect(host).toBe(new URL(text).host)
          expect(search).toBe("")
          expect(pathname.endsWith("/.well-known/openid-configuration")).toBe(true)
          expect(pathname).not.toContain("%20")
        }
      }),
      { numRuns: 3000 }
    )
  })
})

describe("any authority", () => {
  it("is an Either for any text", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: anyCharacter }), anyAddress),
        fc.boolean(),
        (text, allowInsecureLoopback) => {
          expect(Either.isEither(AuthorityUrl.microsoft(text, { ...policy, allowInsecureLoopback }))).toBe(true)
          expect(Either.isEither(AuthorityUrl.openIdConnect(text, { ...policy, allowInsecureLoopback }))).toBe(true)
        }
      ),
      { numRuns: 200 }
    )
  })

  it.each([
    ["undefined", undefined],
    ["null", null],
    ["a number", 42],
    ["an object", {}],
    ["a list", []],
    ["a URL", new URL("https://login.microsoftonline.com/common")]
  ])("is a typed error for %s, as untyped callers may pass", (_, value) => {
    expect(refusal(AuthorityUrl.microsoft(value as never, policy))).toMatchObject({ _tag: "InvalidAuthority" })
    expect(refusal(AuthorityUrl.openIdConnect(value as never, policy))).toMatchObject({ _tag: "InvalidAuthority" })
  })

  it.each([
    "https://user:hunter2@login.microsoftonline.com/common",
    "https://user:hun@hunter2@login.microsoftonline.com/common",
    "http://user:hunter2@login.microsoftonline.com/common",
    "https://user:hunter2@evil.example",
    "https:user:hunter2@evil.example/a",
    "https:/user:hunter2@evil.example/a",
    "https:\\\\user:hunter2@evil.example/a",
    "https:/\\user:hunter2@evil.example/a",
    "https://user:hunter2/@evil.example/a",
    "//user:hunter2@evil.example/a",
    "user:hunter2@evil.example"
  ])("repeats no password: %s", (text) => {
    for (
      const error of [refusal(AuthorityUrl.microsoft(text, policy)), refusal(AuthorityUrl.openIdConnect(text, policy))]
    ) {
      expect(`${error.message} ${error.authority} ${JSON.stringify(error)} ${error.stack}`).not.toContain("hunter2")
    }
  })
})

import { describe, expect, it } from "vitest"
import * as Origin from "../../src/http/Origin.js"

describe("an origin", () => {
  it.each([
    ["localhost", 8443, "https://localhost:8443"],
    ["localhost", 443, "https://localhost"],
    ["Dev.Example", 8443, "https://dev.example:8443"],
    ["::1", 8443, "https://[::1]:8443"],
    ["[::1]", 443, "https://[::1]"],
    ["127.0.0.2", 1, "https://127.0.0.2:1"],
    ["", 8443, undefined],
    ["a b", 8443, undefined],
    ["a/b", 8443, undefined],
    ["jane@host", 8443, undefined],
    ["host:1", 8443, undefined]
  ])("at %j, port %i", (host, port, origin) => {
    expect(Origin.make(host, port)).toBe(origin)
  })

  it.each([
    ["LOCALHOST:8443", "https://localhost:8443"],
    ["login.microsoftonline.com:443", "https://login.microsoftonline.com"],
    ["Login.MicrosoftOnline.com", "https://login.microsoftonline.com"],
    ["[::1]:8443", "https://[::1]:8443"],
    ["localhost:", undefined],
    ["localhost:x", undefined],
    ["localhost:99999", undefined],
    ["\"><script>", undefined],
    ["", undefined]
  ])("in the header %j", (header, origin) => {
    expect(Origin.fromHeader(header)).toBe(origin)
  })
})

describe("loopback", () => {
  it.each([
    ["localhost", true],
    ["127.0.0.1", true],
    ["127.0.0.2", true],
    ["::1", true],
    ["LOCALHOST", true],
    ["0:0:0:0:0:0:0:1", true],
    ["::ffff:127.0.0.1", true],
    ["0.0.0.0", false],
    ["::", false],
    ["128.0.0.1", false],
    ["127.0.0.1.evil.example", false],
    ["localhost.evil.example", false]
  ])("has %j: %s", (host, isLoopback) => {
    expect(Origin.isLoopback(host)).toBe(isLoopback)
  })
})

describe("Microsoft's hosts", () => {
  it.each([
    ["login.microsoftonline.de", "login.microsoftonline.de"],
    ["login.sovcloud-identity.fr", "login.sovcloud-identity.fr"],
    ["login.sovcloud-identity.de", "login.sovcloud-identity.de"],
    ["login.sovcloud-identity.sg", "login.sovcloud-identity.sg"],
    ["login.windows-ppe.net", "login.windows-ppe.net"],
    ["sts.windows-ppe.net", "login.windows-ppe.net"],
    ["login.microsoft-ppe.com", "login.windows-ppe.net"],
    ["westeurope.login.microsoft.com", "login.microsoftonline.com"],
    ["usgovvirginia.login.microsoftonline.us", "login.microsoftonline.us"],
    ["graph.microsoft.com", "login.microsoftonline.com"]
  ])("are %s, of the cloud %s", (host, preferred) => {
    expect(Origin.isMicrosofts(host)).toBe(true)
    expect(Origin.issuer(`https://${host}`, "t")).toBe(`https://${preferred}/t/v2.0`)
  })

  it.each([
    "westeurope.login.microsoftonline.com",
    "a.b.login.microsoft.com",
    "-.login.microsoft.com",
    "1.login.microsoft.com",
    ".login.microsoft.com",
    "login.microsoft.com.evil.example",
    "westeurope.graph.microsoft.com",
    "westeurope.login.microsoft.com:8443"
  ])("are not %s", (host) => {
    expect(Origin.isMicrosofts(host)).toBe(false)
  })
})

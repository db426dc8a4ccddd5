import * as Either from "effect/Either"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as SecureUrl from "../../src/domain/SecureUrl.js"
import { anyAddress } from "../anyAddress.js"
import { anyCharacter } from "../anyCharacter.js"

const strict = { allowInsecureLoopback: false }
const lax = { allowInsecureLoopback: true }

describe("parse", () => {
  it.each([
    "https://issuer.example",
    "https://issuer.example/",
    "https://issuer.example:8443/a/b?c=d",
    "HTTPS://ISSUER.EXAMPLE/A",
    "https://[2001:db8::1]/a",
    "https://localhost/a",
    "https://xn--bcher-kva.example/a"
  ])("takes %s", (text) => {
    expect(Either.map(SecureUrl.parse(text, strict), String)).toEqual(Either.right(new URL(text).toString()))
    expect(Either.isRight(SecureUrl.parse(text, lax))).toBe(true)
  })

  it.each([
    "http://localhost",
    "http://localhost:8080/a",
    "http://127.0.0.1:1/a",
    "http://[::1]:1/a",
    "HTTP://LOCALHOST/"
  ])(
    "takes %s only where the application says so",
    (text) => {
      expect(SecureUrl.parse(text, strict)).toEqual(Either.left("insecure"))
      expect(Either.isRight(SecureUrl.parse(text, lax))).toBe(true)
    }
  )

  it.each([
    "http://issuer.example/",
    "http://localhost.issuer.example/",
    "http://localhost.localdomain/",
    "http://127.0.0.1.issuer.example/",
    "http://issuer.example/?localhost",
    "http://issuer.example:80/localhost",
    "http://0.0.0.0/",
    "http://10.0.0.1/",
    "http://[::]/",
    "http://[fe80::1]/",
    "ftp://localhost/",
    "ws://localhost/",
    "wss://issuer.example/"
  ])("refuses %s as insecure", (text) => {
    expect(SecureUrl.parse(text, strict)).toEqual(Either.left("insecure"))
    expect(SecureUrl.parse(text, lax)).toEqual(Either.left("insecure"))
  })

  it.each([
    "",
    "issuer.example",
    "//issuer.example/",
    "/a",
    "https://",
    "https:///",
    "https://#",
    "https://?a",
    "https://:443/",
    "https://issuer.example:port/",
    "https://issuer.example:99999/",
    "https://[::1/",
    "https://a b/",
    "https://%/",
    "https://user@issuer.example/",
    "https://user:password@issuer.example/",
    "https://:password@issuer.example/",
    "https://login.microsoftonline.com@evil.example/",
    "https://issuer.example/#fragment",
    "https://issuer.example/#",
    "https://issuer.example#",
    "http://user@localhost/"
  ])("refuses %s as malformed", (text) => {
    expect(SecureUrl.parse(text, lax)).toEqual(Either.left("malformed"))
  })

  it.each(["data:text/plain,a", "file:///etc/passwd", "javascript:alert(1)", "mailto:a@b.example", "about:blank"])(
    "refuses %s",
    (text) => {
      expect(Either.isLeft(SecureUrl.parse(text, lax))).toBe(true)
    }
  )

  it.each([
    "https:///issuer.example/a",
    "https:issuer.example/a",
    "https:/issuer.example/a",
    "https:\\\\issuer.example\\a",
    "https://issuer.example\\a",
    " https://issuer.example/a",
    "https://issuer.example/a ",
    "https://issuer.exa\nmple/a",
    "ht\ttps://issuer.example/a",
    "https://issuer.example/a\r\n",
    "\u0000https://issuer.example/a"
  ])("refuses %j, which only a browser would mend into an address (RFC 3986)", (text) => {
    expect(SecureUrl.parse(text, lax)).toEqual(Either.left("malformed"))
  })

  it("gives an Either for any text, and a right only for https or loopback without user or fragment", () => {
    const text = fc.oneof(
      fc.string({ unit: anyCharacter }),
      anyAddress,
      fc.tuple(
        fc.constantFrom("https://", "http://", "https:", "//"),
        fc.string(),
        fc.constantFrom("@", "#", "/", "?", ":"),
        fc.constantFrom("localhost", "127.0.0.1", "issuer.example", "")
      ).map((parts) => parts.join(""))
    )
    fc.assert(
      fc.property(text, fc.boolean(), (address, allowInsecureLoopback) => {
        const result = SecureUrl.parse(address, { allowInsecureLoopback })
        if (Either.isRight(result)) {
          const url = result.right
          expect([url.username, url.password, url.hash]).toEqual(["", "", ""])
          expect(url.hostname).not.toBe("")
          if (url.protocol !== "https:") {
            expect(url.protocol).toBe("http:")
            expect(allowInsecureLoopback).toBe(true)
            expect(["localhost", "127.0.0.1", "[::1]"]).toContain(url.hostname)
          }
        }
      }),
      { numRuns: 300 }
    )
  })
})

import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Masking from "../../src/protocol/Masking.js"

const utf8 = (text: string) => Buffer.from(text, "utf8")
const upper = (byte: number) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`
const lower = (byte: number) => `%${byte.toString(16).padStart(2, "0")}`
const bytes = (unreserved: RegExp, escape: (byte: number) => string) => (text: string) =>
  [...utf8(text)].map((byte) => {
    const character = String.fromCharCode(byte)
    return byte < 0x80 && unreserved.test(character) ? character : escape(byte)
  }).join("")
const named: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;" }
const html = (apostrophe: string) => (text: string) =>
  text.replace(/[&<>"]/g, (character) => named[character] ?? "").replaceAll("'", apostrophe)

/** What the usual libraries make of a text, each written from its own specification. */
const spellings: Record<string, (text: string) => string> = {
  plain: (text) => text,
  "percent of JavaScript": (text) => encodeURIComponent(text),
  "percent of JavaScript, lower-case hex": bytes(/[A-Za-z0-9\-_.!~*'()]/, lower),
  "percent of RFC 3986": bytes(/[A-Za-z0-9\-._~]/, upper),
  "percent of RFC 3986, lower-case hex": bytes(/[A-Za-z0-9\-._~]/, lower),
  "form": (text) => new URLSearchParams({ a: text }).toString().slice(2),
  "form, lower-case hex": (text) => bytes(/[A-Za-z0-9*\-._ ]/, lower)(text).replaceAll(" ", "+"),
  JSON: (text) => JSON.stringify(text).slice(1, -1),
  "HTML, apostrophe as it is": html("'"),
  "HTML, decimal apostrophe": html("&#39;"),
  "HTML, hexadecimal apostrophe": html("&#x27;"),
  "base64": (text) => utf8(text).toString("base64"),
  "base64 without padding": (text) => utf8(text).toString("base64").replace(/=+$/, ""),
  base64url: (text) => utf8(text).toString("base64url")
}

const wellFormed = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 })
const surroundings = fc.string({ unit: "grapheme" })
const mask = "<redacted>"

/** What is left of a text: the pieces between the masks. */
const left = (text: string) => text.split(mask)

describe("hide", () => {
  it.each(Object.entries(spellings))("leaves no secret in %s", (_, spell) => {
    const tricky = fc.oneof(
      wellFormed,
      fc.string({ unit: fc.constantFrom(..."aB1 &<>\"'\\/+=%?!()*~;é\u{1F511}\n\u0000"), minLength: 1, maxLength: 12 })
    )
    fc.assert(
      fc.property(tricky, surroundings, surroundings, (secret, before, after) => {
        const echoed = spell(secret)
        for (const piece of left(Masking.hide([secret])(`${before}${echoed}${after}`))) {
          expect(piece).not.toContain(echoed)
        }
      }),
      { numRuns: 500 }
    )
  })

  it.each(Object.entries(spellings))("leaves no secret in %s: a password with everything in it", (_, spell) => {
    const secret = "P&ss W0rd/+=?!'(*)~<\"\\>é\u{1F511}%41Zz"
    expect(Masking.hide([secret])(`You sent ${spell(secret)}, which is wrong.`)).toBe(
      `You sent ${mask}, which is wrong.`
    )
  })

  it("leaves alone a text without secrets", () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(..."abc .,:\n") }), (text) => {
      expect(Masking.hide(["secret", "s3cr3t"])(text)).toBe(text)
      expect(Masking.hide([])(text)).toBe(text)
      expect(Masking.hide([""])(text)).toBe(text)
    }))
  })

  it("hides every occurrence of every secret", () => {
    expect(Masking.hide(["one", "two"])("one two one, oneone")).toBe(`${mask} ${mask} ${mask}, ${mask}${mask}`)
  })

  it("takes a secret as text, not as a pattern", () => {
    expect(Masking.hide([".*", "$&"])("a.*b$&c d")).toBe(`a${mask}b${mask}c d`)
  })

  it.each([
    [["abc", "abcdef"]],
    [["abcdef", "abc"]]
  ])("hides the longer of two secrets whole: %j", (secrets) => {
    expect(Masking.hide(secrets)("(abcdef)")).toBe(`(${mask})`)
  })

  it.each([
    [["abcd", "cdef"], "(abcdef)"],
    [["cdef", "abcd"], "(abcdef)"],
    [["abcde", "cdef"], "(abcdef)"],
    [["abab"], "(ababab)"],
    [["aa"], "(aaa)"]
  ])("leaves no end of a secret that overlaps another: %j in %s", (secrets, text) => {
    expect(Masking.hide(secrets)(text).replaceAll(mask, "")).toBe("()")
  })

  it("hides a secret that is whole only once another is hidden", () => {
    for (const piece of left(Masking.hide(["X", "abcd"])("abXcd abcd"))) {
      expect(piece).not.toContain("abcd")
    }
  })

  it.each(["red", "acted", "e", "<", ">", "redacted", mask])(
    "does not show that %s is a secret by masking the mask of another",
    (secret) => {
      expect(Masking.hide(["hunter2", secret])("(hunter2)")).toBe(`(${mask})`)
    }
  )

  it("hides a secret with halves of a character pair in it, as it was sent and as it was given", () => {
    const secret = "ab\uD83Dcd"
    const sent = secret.toWellFormed()
    const hide = Masking.hide([secret])
    const echoes = [
      secret,
      sent,
      encodeURIComponent(sent),
      JSON.stringify(secret).slice(1, -1),
      utf8(secret).toString("base64")
    ]
    for (const echo of echoes) {
      expect(hide(`You sent ${echo}.`)).toBe(`You sent ${mask}.`)
    }
  })

  it.each([
    ["in capitals", (text: string) => text.toUpperCase()],
    ["in small letters", (text: string) => text.toLowerCase()],
    ["over two lines", (text: string) => `${text.slice(0, 7)}\r\n ${text.slice(7)}`],
    ["in groups of four", (text: string) => text.replace(/.{4}/g, "$& ")],
    ["in capitals, encoded", (text: string) => encodeURIComponent(text.toUpperCase())]
  ])("hides a text whole that has a long secret %s", (_, write) => {
    const secret = "Correct+horse/battery=Staple"
    expect(Masking.hide([secret])(`You sent ${write(secret)}, which is wrong.`)).toBe(mask)
  })

  it("leaves a text that has a short secret in other letter case, or only what its mask has", () => {
    expect(Masking.hide(["Wrong"])("You sent hers, which is wrong.")).toBe("You sent hers, which is wrong.")
    expect(Masking.hide(["hunter2", "REDACTED"])("(hunter2)")).toBe(`(${mask})`)
  })

  it("never throws, whatever the secrets and the text", () => {
    const any = fc.string({ unit: fc.integer({ min: 0, max: 0xFFFF }).map((code) => String.fromCharCode(code)) })
    fc.assert(fc.property(fc.array(any), any, (secrets, text) => {
      expect(typeof Masking.hide(secrets)(text)).toBe("string")
    }))
  })
})

describe("tokens that were not sent", () => {
  const token = "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"

  it.each([
    ["alone", token, mask],
    ["in a sentence", `The token ${token} is bad`, `The token ${mask} is bad`],
    ["in quotes", `{"a":"${token}"}`, `{"a":"${mask}"}`],
    ["behind a name", `id_token=${token}&a=b`, `id_token=${mask}&a=b`],
    ["behind an encoded name", `id_token%3D${token}%26a`, `id_token%3D${mask}%26a`],
    ["behind an underscore", `hint_${token} a`, `hint_${mask} a`],
    ["encrypted, in five parts", `(${token}.dGFn.dGFn)`, `(${mask})`],
    ["unsigned", "(eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.)", `(${mask})`]
  ])("%s", (_, text, masked) => {
    expect(Masking.hide([])(text)).toBe(masked)
  })

  it.each(["eyJ-", "eyJ", "eyJ.", "eyJa.", "eyJ+", ".", "-eyJ "])(
    "are sought in linear time in a text of %j",
    (part) => {
      expect(typeof Masking.hide([])(part.repeat(300_000))).toBe("string")
    }
  )
})

import { describe, expect, it } from "@effect/vitest"
import * as Either from "effect/Either"
import fc from "fast-check"
import * as RequestOptions from "../../src/services/RequestOptions.js"
import { anyCharacter } from "../anyCharacter.js"

const read = (options: { readonly [option: string]: unknown }) => RequestOptions.read(options)

describe("options", () => {
  it.each<[option: string, value: unknown]>([
    ["proactiveRefresh", "later"],
    ["proactiveRefresh", true],
    ["proactiveRefresh", null],
    ["extendedLifetime", "yes"],
    ["extendedLifetime", null],
    ["retry", 1],
    ["telemetry", "off"],
    ["repeatRefusals", Number.NaN],
    ["repeatRefusals", "soon"],
    ["repeatRefusals", Number.POSITIVE_INFINITY],
    ["applicationName", ""],
    ["applicationName", 7],
    ["applicationName", "two\r\nlines"],
    ["applicationVersion", "x".repeat(129)]
  ])("refuse %s: %j", (option, value) => {
    expect(Either.getOrThrow(Either.flip(read({ [option]: value })))).toMatchObject({
      _tag: "InvalidConfiguration",
      option,
      message: expect.stringContaining(option)
    })
  })

  it("have defaults", () => {
    expect(Either.getOrThrow(read({}))).toMatchObject({
      proactiveRefresh: "background",
      extendedLifetime: false,
      retries: true,
      repeatRefusals: 0,
      tellsMicrosoft: true
    })
  })

  it("never let a name into a header that is no header's text", () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 200 }), (applicationName) => {
        const isHeaderText = /^[\x20-\x7E]{1,128}$/.test(applicationName) && applicationName.trim() === applicationName
        expect(Either.isRight(read({ applicationName }))).toBe(isHeaderText)
      })
    )
  })
})

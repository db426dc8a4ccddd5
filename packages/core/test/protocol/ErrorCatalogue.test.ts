import * as Option from "effect/Option"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as ErrorCatalogue from "../../src/protocol/ErrorCatalogue.js"

describe("the catalogue", () => {
  it("takes the first number that it knows", () => {
    expect(ErrorCatalogue.explain([1, 50126, 65001])).toEqual(ErrorCatalogue.explain([50126]))
    expect(ErrorCatalogue.explain([])).toEqual(Option.none())
  })

  it("knows nothing of any other number, and never fails", () => {
    fc.assert(fc.property(fc.array(fc.double()), (codes) => {
      const explained = Option.getOrUndefined(ErrorCatalogue.explain(codes))
      expect(explained === undefined || /^[A-Z].*\.$/.test(explained.meaning)).toBe(true)
    }))
  })
})

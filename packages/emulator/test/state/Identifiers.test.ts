import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Identifiers from "../../src/state/Identifiers.js"

const some = (seed: string) => {
  const { guid, secret, userCode } = Identifiers.make(seed)
  return Effect.replicateEffect(Effect.all({ guid, secret: secret("1."), userCode }), 100)
}

describe("identifiers", () => {
  it.effect("are the same for the same seed, and others for another", () =>
    Effect.gen(function*() {
      expect(yield* some("a")).toEqual(yield* some("a"))
      expect(yield* some("a")).not.toEqual(yield* some("b"))
    }))

  it.effect("do not repeat", () =>
    Effect.gen(function*() {
      const all = yield* some("a")
      for (const name of ["guid", "secret", "userCode"] as const) {
        expect(new Set(all.map((one) => one[name])).size).toBe(all.length)
      }
    }))

  it.effect("look as they should", () =>
    Effect.gen(function*() {
      for (const { guid, secret, userCode } of yield* some("a")) {
        expect(guid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
        expect(secret).toMatch(/^1\.[\w-]{43}$/)
        expect(userCode).toMatch(/^[B-DF-HJ-NP-TV-XZ2-9]{9}$/)
      }
    }))
})

import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import * as Store from "../../src/state/Store.js"

describe("a store", () => {
  it.effect("gives what was put into it", () =>
    Effect.gen(function*() {
      const store = Store.make<number>(10)
      yield* store.set("a", 1)
      yield* store.set("b", 2)
      yield* store.set("a", 3)
      expect(yield* store.entries).toEqual([["a", 3], ["b", 2]])
      expect([yield* store.get("a"), yield* store.get("c")]).toEqual([3, undefined])
    }))

  it.effect("keeps so many, and lets the oldest go", () =>
    Effect.gen(function*() {
      const store = Store.make<number>(3)
      for (const number of [1, 2, 3, 4, 5]) yield* store.set(String(number), number)
      expect(yield* store.entries).toEqual([["3", 3], ["4", 4], ["5", 5]])
      yield* store.set("4", 40)
      expect(yield* store.entries).toEqual([["3", 3], ["4", 40], ["5", 5]])
    }))

  it.effect("forgets what is older than its lifetime", () =>
    Effect.gen(function*() {
      const store = Store.make<number>(10, 60)
      yield* store.set("a", 1)
      yield* TestClock.adjust("30 seconds")
      yield* store.set("b", 2)
      yield* store.set("a", 3)
      yield* TestClock.adjust("29999 millis")
      expect(yield* store.get("a")).toBe(3)
      yield* TestClock.adjust("1 millis")
      expect([yield* store.get("a"), yield* store.take("a")]).toEqual([undefined, undefined])
      expect(yield* store.entries).toEqual([["b", 2]])
      yield* store.set("a", 4)
      yield* TestClock.adjust("59 seconds")
      expect(yield* store.entries).toEqual([["a", 4]])
    }))

  it.effect("makes room for what is new with what has expired", () =>
    Effect.gen(function*() {
      const store = Store.make<number>(2, 60)
      yield* store.set("old", 1)
      yield* TestClock.adjust("1 minute")
      for (const key of ["a", "b"]) yield* store.set(key, 2)
      expect(yield* store.entries).toEqual([["a", 2], ["b", 2]])
    }))

  it.effect("gives a value that is taken to one taker only", () =>
    Effect.gen(function*() {
      const store = Store.make<number>(3)
      yield* store.set("a", 1)
      const taken = yield* Effect.all(Array.from({ length: 10 }, () => store.take("a")), { concurrency: "unbounded" })
      expect(taken.filter((value) => value !== undefined)).toEqual([1])
      expect(yield* store.get("a")).toBeUndefined()
    }))

  it.effect("takes any name", () =>
    Effect.gen(function*() {
      const store = Store.make<number>(3)
      expect(yield* store.get("__proto__")).toBeUndefined()
      yield* store.set("constructor", 1)
      expect(yield* store.take("constructor")).toBe(1)
    }))
})

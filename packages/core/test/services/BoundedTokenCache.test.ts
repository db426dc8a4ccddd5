import { describe, expect, it } from "@effect/vitest"
import { BoundedTokenCache, Partition, TokenCache } from "@grantwork/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import * as TestContext from "effect/TestContext"
import fc from "fast-check"

const provider = "https://id.example.com"
const person = (subject: string) => Partition.userKeyAt(provider, subject)
const app = (clientId: string): Partition.AppKey => ({ _tag: "App", provider, clientId, tenant: "" })

const holding = (secret: string) =>
  Partition.setRefreshToken(Partition.empty, {
    environment: provider,
    clientId: "client",
    familyId: Option.none(),
    secret: Redacted.make(secret),
    modifiedAt: Option.none()
  })

const put = (key: Partition.Key, secret = "token") =>
  Effect.flatMap(TokenCache.TokenCache, (cache) => cache.modify(key, () => [undefined, holding(secret)]))

const remove = (key: Partition.Key) =>
  Effect.flatMap(TokenCache.TokenCache, (cache) => cache.modify(key, () => [undefined, Partition.empty]))

const read = (key: Partition.Key) =>
  Effect.map(
    Effect.flatMap(TokenCache.TokenCache, (cache) => cache.read(key)),
    (partition) =>
      Option.getOrNull(Option.map(Partition.refreshToken(partition, "client"), ({ secret }) => Redacted.value(secret)))
  )

/** Who is kept, without using them. */
const listed = Effect.map(
  Effect.flatMap(TokenCache.TokenCache, (cache) => cache.list(provider)),
  (people) => people.map(({ key }) => key.homeAccountId).sort()
)

const bounded = (capacity: number, timeToIdle?: BoundedTokenCache.Options["timeToIdle"]) =>
  Layer.orDie(BoundedTokenCache.layer({ capacity, timeToIdle }))

describe("the options of a bounded cache", () => {
  it.effect.each([0, -1, 1.5, NaN, Infinity, 2 ** 53, "10", null, undefined])(
    "refuse a capacity of %s",
    (capacity) =>
      Effect.gen(function*() {
        const options = { capacity } as unknown as BoundedTokenCache.Options
        expect(yield* Effect.flip(Effect.scoped(Layer.build(BoundedTokenCache.layer(options))))).toMatchObject({
          _tag: "InvalidConfiguration",
          option: "capacity"
        })
      })
  )

  it.effect.each([0, -1, NaN, Infinity, "soon", null, "0 seconds"])(
    "refuse a time to idle of %s",
    (timeToIdle) =>
      Effect.gen(function*() {
        const options = { capacity: 1, timeToIdle } as unknown as BoundedTokenCache.Options
        expect(yield* Effect.flip(Effect.scoped(Layer.build(BoundedTokenCache.layer(options))))).toMatchObject({
          _tag: "InvalidConfiguration",
          option: "timeToIdle"
        })
      })
  )

  it.effect.each([[1, 1], [1000, "1 milli"], [Number.MAX_SAFE_INTEGER, "1 week"], [1, undefined]])(
    "may be a capacity of %s and a time to idle of %s",
    ([capacity, timeToIdle]) =>
      Effect.gen(function*() {
        const options = { capacity, timeToIdle } as unknown as BoundedTokenCache.Options
        expect(yield* Effect.either(Effect.scoped(Layer.build(BoundedTokenCache.layer(options))))).toMatchObject({
          _tag: "Right"
        })
      })
  )
})

describe("the capacity of a bounded cache", () => {
  it.effect("is kept: whoever was put first goes first", () =>
    Effect.gen(function*() {
      for (const subject of ["a", "b", "c", "d"]) {
        yield* put(person(subject))
      }
      expect(yield* listed).toEqual(["b", "c", "d"])
      expect(yield* read(person("a"))).toBeNull()
    }).pipe(Effect.provide(bounded(3))))

  it.effect("is kept for one account", () =>
    Effect.gen(function*() {
      yield* put(person("a"))
      expect(yield* read(person("a"))).toBe("token")
      yield* put(person("b"))
      expect(yield* listed).toEqual(["b"])
    }).pipe(Effect.provide(bounded(1))))

  const uses = [
    ["a read", read(person("a"))],
    ["a change", put(person("a"), "changed")],
    [
      "a change that changes nothing",
      Effect.flatMap(
        TokenCache.TokenCache,
        (cache) => cache.modify(person("a"), (partition) => [undefined, partition])
      )
    ]
  ] as const

  it.effect.each(uses)("spares whoever was used last, by %s", ([, use]) =>
    Effect.gen(function*() {
      yield* Effect.forEach(["a", "b", "c"], (subject) => put(person(subject)))
      yield* use
      yield* put(person("d"))
      yield* put(person("e"))
      expect(yield* listed).toEqual(["a", "d", "e"])
    }).pipe(Effect.provide(bounded(3))))

  const noUses: ReadonlyArray<readonly [string, Effect.Effect<unknown, unknown, TokenCache.TokenCache>]> = [
    ["a list", listed],
    ["a read of someone unknown", read(person("unknown"))],
    ["a removal of someone unknown", remove(person("unknown"))],
    [
      "a change that throws",
      Effect.exit(Effect.flatMap(TokenCache.TokenCache, (cache) =>
        cache.modify(person("a"), () => {
          throw new Error("A change that throws.")
        })))
    ]
  ]

  it.effect.each(noUses)("is not touched by %s", ([, noUse]) =>
    Effect.gen(function*() {
      yield* Effect.forEach(["a", "b", "c"], (subject) => put(person(subject)))
      yield* noUse
      expect(yield* listed).toEqual(["a", "b", "c"])
      yield* put(person("d"))
      expect(yield* listed).toEqual(["b", "c", "d"])
    }).pipe(Effect.provide(bounded(3))))

  it.effect("counts clients in their own name, and every provider's people", () =>
    Effect.gen(function*() {
      yield* put(app("one"))
      yield* put(person("a"))
      yield* put(Partition.userKeyAt("https://another.example.com", "a"))
      yield* put(app("two"))
      expect(yield* read(app("one"))).toBeNull()
      expect(yield* read(person("a"))).toBe("token")
      expect(yield* read(Partition.userKeyAt("https://another.example.com", "a"))).toBe("token")
      expect(yield* read(app("two"))).toBe("token")
    }).pipe(Effect.provide(bounded(3))))

  it.effect("has room again after a removal", () =>
    Effect.gen(function*() {
      yield* Effect.forEach(["a", "b", "c"], (subject) => put(person(subject)))
      yield* remove(person("b"))
      yield* put(person("d"))
      expect(yield* listed).toEqual(["a", "c", "d"])
    }).pipe(Effect.provide(bounded(3))))

  it.effect("leaves whoever is being refreshed for those used longer ago", () =>
    Effect.gen(function*() {
      const cache = yield* TokenCache.TokenCache
      yield* Effect.forEach(["a", "b", "c"], (subject) => put(person(subject)))
      yield* cache.withRefreshLock(Partition.refreshLockName(person("a"), []))(Effect.gen(function*() {
        expect(yield* read(person("a"))).toBe("token")
        yield* put(person("d"))
        yield* put(person("e"))
        yield* put(person("a"), "refreshed")
      }))
      expect(yield* listed).toEqual(["a", "d", "e"])
      expect(yield* read(person("a"))).toBe("refreshed")
    }).pipe(Effect.provide(bounded(3))))

  it.effect("does not bring back whoever had to go while being refreshed", () =>
    Effect.gen(function*() {
      const cache = yield* TokenCache.TokenCache
      yield* put(person("a"))
      const before = yield* cache.read(person("a"))
      yield* put(person("b"))
      const isHeld = yield* cache.modify(person("a"), (partition) => {
        const isHeld = Option.exists(
          Partition.refreshToken(before, "client"),
          (record) => Partition.holdsRefreshToken(partition, record)
        )
        return [isHeld, isHeld ? holding("refreshed") : partition]
      })
      expect(isHeld).toBe(false)
      expect(yield* listed).toEqual(["b"])
    }).pipe(Effect.provide(bounded(1))))
})

describe("the time to idle of a bounded cache", () => {
  it.effect("ends exactly when it is over", () =>
    Effect.gen(function*() {
      yield* put(person("a"))
      yield* TestClock.adjust("59999 millis")
      expect(yield* listed).toEqual(["a"])
      yield* TestClock.adjust("1 millis")
      expect(yield* listed).toEqual([])
      expect(yield* read(person("a"))).toBeNull()
    }).pipe(Effect.provide(bounded(10, "1 minute"))))

  it.effect("begins anew with every use, and not with a list", () =>
    Effect.gen(function*() {
      yield* put(person("read"))
      yield* put(person("changed"))
      yield* put(person("listed"))
      for (let round = 0; round < 5; round++) {
        yield* TestClock.adjust("30 seconds")
        yield* read(person("read"))
        yield* put(person("changed"), "changed")
        yield* listed
      }
      expect(yield* listed).toEqual(["changed", "read"])
      yield* TestClock.adjust("1 minute")
      expect(yield* listed).toEqual([])
    }).pipe(Effect.provide(bounded(10, "1 minute"))))

  it.effect("shows a change nothing of what is over", () =>
    Effect.gen(function*() {
      const cache = yield* TokenCache.TokenCache
      yield* put(person("a"))
      yield* TestClock.adjust("1 minute")
      expect(yield* cache.modify(person("a"), (partition) => [Partition.isEmpty(partition), partition])).toBe(true)
      yield* put(app("one"))
      yield* TestClock.adjust("1 minute")
      expect(yield* read(app("one"))).toBeNull()
    }).pipe(Effect.provide(bounded(10, "1 minute"))))

  it.effect("is 90 days unless it is said", () =>
    Effect.gen(function*() {
      yield* put(person("a"))
      yield* TestClock.adjust("89 days")
      expect(yield* read(person("a"))).toBe("token")
      yield* TestClock.adjust("89 days")
      expect(yield* listed).toEqual(["a"])
      yield* TestClock.adjust("1 day")
      expect(yield* listed).toEqual([])
    }).pipe(Effect.provide(bounded(10))))
})

describe("a bounded cache over time", () => {
  it.effect("holds no more after 10,000 accounts than its capacity", () =>
    Effect.gen(function*() {
      for (let index = 0; index < 10_000; index++) {
        yield* put(person(String(index)))
        yield* put(app(String(index)))
        yield* index % 7 === 0 ? read(person("0")) : Effect.void
      }
      const kept = yield* listed
      expect(kept).toHaveLength(25 + 1)
      expect(kept).toContain("0")
      expect(kept).toContain("9999")
    }).pipe(Effect.provide(bounded(51))))

  it.effect("keeps one account through 10,000 changes", () =>
    Effect.gen(function*() {
      for (let index = 0; index < 10_000; index++) {
        yield* put(person("a"), String(index))
      }
      expect(yield* listed).toEqual(["a"])
      expect(yield* read(person("a"))).toBe("9999")
    }).pipe(Effect.provide(bounded(3))))

  const subject = fc.constantFrom("a", "b", "c", "d", "e")
  const step = fc.oneof(
    fc.record({ step: fc.constantFrom("put", "read", "remove"), subject }),
    fc.record({ step: fc.constant("wait"), minutes: fc.integer({ min: 1, max: 7 }) })
  )

  it("keeps those whom a plain list of uses keeps, whatever happens", () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 40 }), (capacity, steps) => {
        const program = Effect.gen(function*() {
          let model: ReadonlyArray<{ readonly subject: string; readonly usedAt: number }> = []
          let now = 0
          for (const one of steps) {
            if ("minutes" in one) {
              now += one.minutes
              yield* TestClock.adjust(`${one.minutes} minutes`)
            }
            model = model.filter(({ usedAt }) => now - usedAt < 10)
            if ("subject" in one) {
              const isKept = model.some(({ subject }) => subject === one.subject)
              const others = model.filter(({ subject }) => subject !== one.subject)
              const isUsed = one.step === "put" || (one.step === "read" && isKept)
              model = isUsed ? [...others, { subject: one.subject, usedAt: now }].slice(-capacity) : others
              const key = person(one.subject)
              if (one.step === "read") {
                expect(yield* read(key)).toBe(isKept ? "token" : null)
              } else {
                yield* one.step === "put" ? put(key) : remove(key)
              }
            }
            expect(yield* listed).toEqual(model.map(({ subject }) => subject).sort())
          }
        })
        return Effect.runPromise(
          program.pipe(Effect.provide(Layer.merge(bounded(capacity, "10 minutes"), TestContext.TestContext)))
        )
      }),
      { numRuns: 200 }
    ))
})

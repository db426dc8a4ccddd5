/**
 * What two caches of one store promise each other, and so what one promises itself.
 */
import type { CacheUnavailable } from "@grantwork/core/AuthError"
import * as Partition from "@grantwork/core/Partition"
import type * as TokenCache from "@grantwork/core/TokenCache"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { describe, expectEqual, expectHeld, expectSame } from "./Expectation.js"
import * as Law from "./Law.js"
import * as Sample from "./Sample.js"
import * as Store from "./Store.js"

const readsSeeWrites = Law.makeShared(
  "a read sees what was written last",
  (one, other, sample) =>
    Effect.gen(function*() {
      const key = sample.person("ada")
      const app = sample.app("app")
      yield* Store.clear(one, key, app)
      yield* expectHeld(other, key, Partition.empty)
      for (let round = 0; round < 10; round++) {
        const [writer, reader] = round % 2 === 0 ? [one, other] : [other, one]
        const next = Sample.signedIn(sample, key, `client ${round}`)
        yield* Store.put(writer, key, next)
        yield* expectHeld(reader, key, next)
        yield* Store.put(writer, app, round % 3 === 2 ? Partition.empty : ownToken(sample, app, round))
        yield* expectHeld(reader, app, round % 3 === 2 ? Partition.empty : ownToken(sample, app, round))
      }
    })
)

const ownToken = (sample: Sample.Sample, app: Partition.AppKey, round: number) =>
  Partition.addAppToken(
    Partition.empty,
    Sample.accessToken(sample, app, app.clientId, `own token ${round}`),
    true
  )

const changesSeeWrites = Law.makeShared(
  "a change is shown what was written last",
  (one, other, sample) =>
    Effect.gen(function*() {
      const key = sample.person("ada")
      yield* Store.clear(one, key)
      let expected = Partition.empty
      for (let round = 0; round < 10; round++) {
        const seen = yield* (round % 2 === 0 ? one : other).modify(key, (partition) => [
          partition,
          Sample.signIn(sample, partition, key, `client ${round}`)
        ])
        yield* expectSame("what the change is shown", describe(seen), describe(expected))
        expected = Sample.signIn(sample, expected, key, `client ${round}`)
      }
    })
)

const listsSeeWrites = Law.makeShared(
  "a list has what was written last",
  (one, other, sample) =>
    Effect.gen(function*() {
      yield* Store.clearProvider(one, sample.issuer)
      const keys = ["ada", "grace", "alan"].map(sample.person)
      for (const [index, key] of keys.entries()) {
        yield* Store.put(one, key, Sample.signedIn(sample, key, "client"))
        yield* expectEqual("how many are listed", (yield* other.list(sample.issuer)).length, index + 1)
      }
      for (const [index, key] of keys.entries()) {
        yield* Store.clear(other, key)
        yield* expectEqual("how many are listed", (yield* one.list(sample.issuer)).length, keys.length - index - 1)
      }
    })
)

const counts = Array.from({ length: 25 }, (_, index) => index)

const concurrency = Law.makeShared("concurrent changes lose nothing", (one, other, sample) =>
  Effect.gen(function*() {
    const key = sample.person("ada")
    yield* Store.clear(one, key)
    const append = (cache: TokenCache.Service, clientId: string) =>
      cache.modify(key, (partition) => {
        const count = partition.refreshTokens.size
        const token = Sample.refreshToken(key, clientId, String(count))
        return [{ clientId, count }, Partition.setRefreshToken(partition, token)]
      })
    const results = yield* Effect.all(
      counts.flatMap((index) => [append(one, `one ${index}`), append(other, `other ${index}`)]),
      { concurrency: "unbounded" }
    )
    const held = yield* one.read(key)
    yield* expectEqual("how many changes are kept", held.refreshTokens.size, results.length)
    yield* expectEqual(
      "what each change counted before it",
      results.map(({ count }) => count).sort((one, other) => one - other),
      results.map((_, index) => index)
    )
    for (const { clientId, count } of results) {
      yield* expectEqual("the result of the change that is kept", Sample.heldSecret(held, clientId), String(count))
    }
    yield* expectSame("what both read", describe(yield* other.read(key)), describe(held))
  }))

const concurrentPartitions = Law.makeShared(
  "concurrent changes of several partitions lose none",
  (one, other, sample) =>
    Effect.gen(function*() {
      yield* Store.clearProvider(one, sample.issuer)
      const people = counts.map((index) => sample.person(`person ${index}`))
      yield* Effect.forEach(people, (key, index) =>
        Store.put(index % 2 === 0 ? one : other, key, Sample.signedIn(sample, key, "client")), {
        concurrency: "unbounded"
      })
      const listed = (cache: TokenCache.Service) =>
        Effect.map(cache.list(sample.issuer), (people) =>
          people.map(({ key }) =>
            key.homeAccountId
          ).sort())
      const everyone = people.map(({ homeAccountId }) => homeAccountId).sort()
      yield* expectEqual("who is listed", yield* listed(one), everyone)
      yield* expectEqual("who is listed by the other", yield* listed(other), everyone)
      yield* Effect.forEach(
        people,
        (key, index) =>
          index % 2 === 0 ? Store.clear(other, key) : Store.put(one, key, Sample.signedIn(sample, key, "another")),
        { concurrency: "unbounded" }
      )
      yield* expectEqual("who is left", yield* listed(one), everyone.filter((name) => Number(name.slice(7)) % 2 === 1))
      yield* Effect.forEach(
        people,
        (key, index) =>
          expectHeld(other, key, index % 2 === 0 ? Partition.empty : Sample.signedIn(sample, key, "another"))
      )
    })
)

const wholeReads = Law.makeShared(
  "reads and lists at the same time as changes see whole partitions",
  (one, other, sample) =>
    Effect.gen(function*() {
      yield* Store.clearProvider(one, sample.issuer)
      const key = sample.person("ada")
      const version = (name: string) =>
        Partition.setAccount(
          Partition.setRefreshToken(Partition.empty, Sample.refreshToken(key, "client", name)),
          Sample.account(key, { username: name, name: Option.some(name.repeat(500)) })
        )
      yield* Store.put(one, key, version("first"))
      const expectWhole = (found: Partition.Partition) =>
        expectSame("what is seen", describe(found), describe(version(Sample.heldSecret(found, "client") ?? "")))
      const look = (cache: TokenCache.Service) =>
        Effect.gen(function*() {
          yield* Effect.flatMap(cache.read(key), expectWhole)
          for (const { partition } of yield* cache.list(sample.issuer)) {
            yield* expectWhole(partition)
          }
        })
      yield* Effect.all(
        counts.flatMap((index) => [
          Store.put(index % 2 === 0 ? one : other, key, version(`version ${index}`)),
          look(one),
          look(other)
        ]),
        { concurrency: "unbounded", discard: true }
      )
    })
)

const removalRaces = Law.makeShared(
  "a removal holds against changes at the same time",
  (one, other, sample) =>
    Effect.gen(function*() {
      yield* Store.clearProvider(one, sample.issuer)
      const key = sample.person("ada")
      for (let round = 0; round < 5; round++) {
        yield* Store.put(one, key, Sample.signedIn(sample, key, "client"))
        const rotate = (cache: TokenCache.Service, index: number): Effect.Effect<void, CacheUnavailable> =>
          cache.modify(key, (partition) => [
            undefined,
            Option.isSome(Partition.refreshToken(partition, "client"))
              ? Partition.setRefreshToken(partition, Sample.refreshToken(key, "client", `rotated ${index}`))
              : partition
          ])
        const rotations = counts.slice(0, 8).map((index) => rotate(index % 2 === 0 ? other : one, index))
        yield* Effect.all(rotations.toSpliced(2 * round, 0, Store.clear(one, key)), { concurrency: "unbounded" })
        yield* expectHeld(other, key, Partition.empty)
        yield* expectEqual("how many are listed", (yield* other.list(sample.issuer)).length, 0)
      }
    })
)

/** @category constants */
export const laws: ReadonlyArray<Law.SharedLaw> = [
  readsSeeWrites,
  changesSeeWrites,
  listsSeeWrites,
  concurrency,
  concurrentPartitions,
  wholeReads,
  removalRaces
]

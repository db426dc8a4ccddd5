/**
 * What the refresh lock promises, to two caches of one store and so to one.
 */
import type { CacheUnavailable } from "@grantwork/core/AuthError"
import * as Partition from "@grantwork/core/Partition"
import type * as TokenCache from "@grantwork/core/TokenCache"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { expectEnd, expectEqual, expectHeld, type Unmet } from "./Expectation.js"
import * as Law from "./Law.js"
import * as Sample from "./Sample.js"
import * as Store from "./Store.js"

const nameOf = (key: Partition.Key): string => Partition.refreshLockName(key, ["read", "write"])

/** Takes a lock in a fiber of its own, and goes on once it is held. */
const hold = (cache: TokenCache.Service, name: string) =>
  Effect.gen(function*() {
    const isHeld = yield* Deferred.make<void>()
    const release = yield* Deferred.make<void>()
    const fiber = yield* Effect.fork(
      cache.withRefreshLock(name)(Effect.zipRight(Deferred.succeed(isHeld, undefined), Deferred.await(release)))
    )
    yield* Effect.raceFirst(Deferred.await(isHeld), Fiber.join(fiber)).pipe(expectEnd("taking a free refresh lock"))
    return {
      release: Effect.zipRight(Deferred.succeed(release, undefined), Fiber.join(fiber)),
      interrupt: Fiber.interrupt(fiber).pipe(expectEnd("interrupting the holder of a refresh lock"))
    }
  })

const take = <A, E>(
  cache: TokenCache.Service,
  name: string,
  effect: Effect.Effect<A, E>
): Effect.Effect<A, E | CacheUnavailable | Unmet> =>
  cache.withRefreshLock(name)(effect).pipe(expectEnd("waiting for a refresh lock that is free"))

/** Work on the store that takes as long as a wrong entry needs to be noticed. */
const busy = (sample: Sample.Sample, ...caches: ReadonlyArray<TokenCache.Service>) =>
  Effect.gen(function*() {
    const key = sample.person("busy")
    for (let round = 0; round < 10; round++) {
      yield* Effect.forEach(caches, (cache) => Store.put(cache, key, Sample.signedIn(sample, key, `client ${round}`)))
      yield* Store.giveWay(20)
    }
  })

const exclusion = Law.makeShared(
  "a refresh lock lets one at a time pass",
  (one, other, sample) =>
    Effect.gen(function*() {
      const name = nameOf(sample.person("ada"))
      const holder = yield* hold(one, name)
      let entered = 0
      const enter = Effect.sync(() => {
        entered += 1
      })
      const waiting = yield* Effect.forEach([one, other], (cache) => Effect.fork(cache.withRefreshLock(name)(enter)))
      yield* busy(sample, one, other)
      yield* expectEqual("how many passed while it was held", entered, 0)
      yield* holder.release
      yield* Fiber.joinAll(waiting).pipe(expectEnd("waiting for a refresh lock that was released"))
      yield* expectEqual("how many passed after it was released", entered, 2)
    })
)

const contention = Law.makeShared(
  "many that want a refresh lock all get it, one at a time",
  (one, other, sample) =>
    Effect.gen(function*() {
      const name = nameOf(sample.person("ada"))
      let inside = 0
      let most = 0
      let passed = 0
      const enter = Effect.gen(function*() {
        inside += 1
        most = Math.max(most, inside)
        yield* Store.giveWay(5)
        passed += 1
        inside -= 1
      })
      yield* Effect.forEach(
        Array.from({ length: 16 }, (_, index) => index % 2 === 0 ? one : other),
        (cache) => cache.withRefreshLock(name)(enter),
        { concurrency: "unbounded", discard: true }
      )
      yield* expectEqual("how many were inside at once", most, 1)
      yield* expectEqual("how many passed", passed, 16)
    })
)

const names = Law.makeShared("refresh locks of other names are free", (one, other, sample) =>
  Effect.gen(function*() {
    const app = sample.app("app")
    const holder = yield* hold(one, nameOf(sample.person("ada")))
    const appHolder = yield* hold(one, nameOf(app))
    const others = [
      nameOf(sample.person("Ada")),
      nameOf(Partition.userKeyAt(`${sample.issuer}/`, "ada")),
      nameOf(sample.app("app", "other.example.com")),
      Partition.refreshLockName(app, ["read"]),
      Partition.refreshLockName(app, ["read write"]),
      nameOf(sample.person("__proto__")),
      nameOf(sample.person("../{odd}:*\"\\\n\u{1F511}")),
      nameOf(sample.person("x".repeat(5000)))
    ]
    yield* Effect.forEach([one, other], (cache) => Effect.forEach(others, (name) => take(cache, name, Effect.void)))
    yield* holder.release
    yield* appHolder.release
  }))

const outcomes = Law.makeShared(
  "a refresh lock hands out what happened inside, and is free after it",
  (one, other, sample) =>
    Effect.gen(function*() {
      const name = nameOf(sample.person("ada"))
      const result = yield* take(one, name, Effect.succeed("result"))
      yield* expectEqual("the result", result, "result")
      const failed = yield* Effect.exit(take(one, name, Effect.fail("failure" as const)))
      yield* expectEqual("whether the failure comes out", Exit.isFailure(failed) && failed.cause, Cause.fail("failure"))
      yield* take(other, name, Effect.void)
      const died = yield* Effect.exit(take(one, name, Effect.die("defect")))
      yield* expectEqual("whether the defect comes out", Exit.isFailure(died) && Cause.isDie(died.cause), true)
      yield* take(other, name, Effect.void)
      yield* take(one, name, Effect.void)
    })
)

const holderInterrupted = Law.makeShared(
  "a refresh lock is free once its holder is interrupted",
  (one, other, sample) =>
    Effect.gen(function*() {
      const name = nameOf(sample.person("ada"))
      const holder = yield* hold(one, name)
      const waiting = yield* Effect.fork(other.withRefreshLock(name)(Effect.succeed("passed")))
      yield* busy(sample, one)
      yield* holder.interrupt
      const passed = yield* Fiber.join(waiting).pipe(
        expectEnd("waiting for a refresh lock whose holder is interrupted")
      )
      yield* expectEqual("the result of whoever waited", passed, "passed")
      yield* take(one, name, Effect.void)
    })
)

const waiterInterrupted = Law.makeShared(
  "whoever is interrupted does not wait for a refresh lock any more",
  (one, other, sample) =>
    Effect.gen(function*() {
      const name = nameOf(sample.person("ada"))
      const holder = yield* hold(one, name)
      let entered = 0
      const enter = Effect.sync(() => {
        entered += 1
      })
      const waiting = yield* Effect.forEach([one, other], (cache) => Effect.fork(cache.withRefreshLock(name)(enter)))
      yield* busy(sample, one)
      yield* Fiber.interruptAll(waiting).pipe(expectEnd("interrupting those that wait for a refresh lock"))
      yield* holder.release
      yield* take(other, name, Effect.void)
      yield* take(one, name, Effect.void)
      yield* busy(sample, one)
      yield* expectEqual("how many interrupted ones passed", entered, 0)
    })
)

const early = Law.makeShared(
  "a refresh lock is free after interruptions at any point",
  (one, other, sample) =>
    Effect.gen(function*() {
      const name = nameOf(sample.person("ada"))
      for (const [index, pause] of Store.pauses(one, sample.person("nobody")).entries()) {
        const fiber = yield* Effect.fork(
          (index % 2 === 0 ? one : other).withRefreshLock(name)(Store.giveWay(10))
        )
        yield* pause
        yield* Fiber.interruptAsFork(fiber, fiber.id())
        yield* Fiber.await(fiber).pipe(expectEnd("interrupting whoever wants a refresh lock"))
      }
      yield* take(one, name, Effect.void)
      yield* take(other, name, Effect.void)
    })
)

const independence = Law.makeShared(
  "reads, lists and changes do not wait for a refresh lock",
  (one, other, sample) =>
    Effect.gen(function*() {
      const key = sample.person("ada")
      const use = (cache: TokenCache.Service, clientId: string) =>
        Effect.gen(function*() {
          yield* Store.put(cache, key, Sample.signedIn(sample, key, clientId))
          yield* expectHeld(cache, key, Sample.signedIn(sample, key, clientId))
          const listed = yield* cache.list(sample.issuer)
          yield* expectEqual(
            "whether they are listed",
            listed.some((one) => one.key.homeAccountId === key.homeAccountId),
            true
          )
        }).pipe(expectEnd("using a partition while its refresh lock is held"))
      const holder = yield* hold(one, nameOf(key))
      yield* use(other, "while another holds it")
      yield* use(one, "while another fiber holds it")
      yield* holder.release
      yield* take(one, nameOf(key), use(one, "while holding it"))
    })
)

const rotation = Law.makeShared(
  "each holder of a refresh lock reads what the one before it wrote",
  (one, other, sample) =>
    Effect.gen(function*() {
      const key = sample.person("ada")
      yield* Store.put(one, key, Partition.setRefreshToken(Partition.empty, Sample.refreshToken(key, "client", "0")))
      yield* other.read(key)
      const used: Array<string | null> = []
      const rotate = (cache: TokenCache.Service) =>
        cache.withRefreshLock(nameOf(key))(Effect.gen(function*() {
          const secret = Sample.heldSecret(yield* cache.read(key), "client")
          used.push(secret)
          yield* Store.giveWay(5)
          const next = Sample.refreshToken(key, "client", String(Number(secret) + 1))
          yield* cache.modify(key, (partition) => [undefined, Partition.setRefreshToken(partition, next)])
        }))
      const rounds = Array.from({ length: 20 }, (_, index) => index)
      yield* Effect.forEach(rounds, (round) => rotate(round % 2 === 0 ? one : other), { concurrency: "unbounded" })
      yield* expectEqual("which refresh tokens were used", used, rounds.map(String))
      const left = Sample.heldSecret(yield* other.read(key), "client")
      yield* expectEqual("how often it was rotated", Number(left), rounds.length)
    })
)

/** @category constants */
export const laws: ReadonlyArray<Law.SharedLaw> = [
  exclusion,
  contention,
  names,
  outcomes,
  holderInterrupted,
  waiterInterrupted,
  early,
  independence,
  rotation
]

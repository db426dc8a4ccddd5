/**
 * What is kept of records.
 */
import * as Partition from "@grantwork/core/Partition"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { describe, expectEqual, expectHeld, expectSame } from "./Expectation.js"
import * as Law from "./Law.js"
import * as Sample from "./Sample.js"
import * as Store from "./Store.js"

const roundTrip = Law.make("what was put is read", (cache, sample) =>
  Effect.gen(function*() {
    const person = sample.person("ada")
    const app = sample.app("app")
    yield* Store.put(cache, person, Sample.everything(sample, person))
    yield* Store.put(cache, sample.atMicrosoft, Sample.everything(sample, sample.atMicrosoft, "login.windows.net"))
    yield* Store.put(cache, app, Sample.ownTokens(sample, app))
    yield* expectHeld(cache, person, Sample.everything(sample, person))
    yield* expectHeld(
      cache,
      sample.atMicrosoft,
      Sample.everything(sample, sample.atMicrosoft, "login.windows.net")
    )
    yield* expectHeld(cache, app, Sample.ownTokens(sample, app))
  }))

const replacement = Law.make(
  "a partition put in place of another leaves nothing of it",
  (cache, sample) =>
    Effect.gen(function*() {
      const person = sample.person("ada")
      const app = sample.app("app")
      yield* Store.put(cache, person, Sample.everything(sample, person))
      yield* Store.put(cache, person, Sample.signedIn(sample, person, "three"))
      yield* expectHeld(cache, person, Sample.signedIn(sample, person, "three"))
      yield* Store.put(cache, app, Sample.ownTokens(sample, app))
      yield* Store.put(cache, app, Sample.ownToken(sample, app))
      yield* expectHeld(cache, app, Sample.ownToken(sample, app))
      const earlier = yield* cache.read(app)
      yield* Store.clear(cache, app)
      yield* Store.put(cache, app, earlier)
      yield* expectHeld(cache, app, Sample.ownToken(sample, app))
    })
)

const odd = [
  "\"quotes' \\ and \\u0000",
  "line\nbreak\ttab\u0000\u2028",
  "ünïcödé \u{1F511} \u0130 e\u0301",
  "half \uD83D a pair",
  "__proto__",
  "constructor",
  "a-b--c---",
  "{key}:[*]?/../%2F",
  " blank around ",
  "x".repeat(5000)
]

const oddTexts = Law.make(
  "odd characters and long texts are kept",
  (cache, sample) =>
    Effect.forEach(odd, (text) =>
      Effect.gen(function*() {
        const person = sample.person(text)
        const app = sample.app(text, text.toLowerCase())
        const tenant = { tenantId: text.toLowerCase() }
        const held = Partition.setIdToken(
          Partition.setRefreshToken(
            Partition.addAccessToken(
              Partition.setAccount(
                Partition.empty,
                Sample.account(person, { ...tenant, localAccountId: text, username: text, name: Option.some(text) })
              ),
              Sample.accessToken(sample, person, text, text, {
                ...tenant,
                requestedTenant: text.toLowerCase(),
                scopes: [text.replaceAll(" ", "_")],
                foreign: { note: text }
              }),
              true
            ),
            Sample.refreshToken(person, text, text, { familyId: Option.some(text), foreign: { note: text } })
          ),
          Sample.idToken(sample, person, text, { name: text }, tenant)
        )
        yield* Store.put(cache, person, held)
        yield* Store.put(cache, app, Sample.ownToken(sample, app))
        yield* expectHeld(cache, person, held)
        yield* expectHeld(cache, app, Sample.ownToken(sample, app))
        const listed = yield* cache.list(sample.issuer)
        yield* expectEqual(
          "whether they are listed",
          listed.some(({ key }) => key.homeAccountId === person.homeAccountId),
          true
        )
        yield* Store.clear(cache, person, app)
      }), { discard: true })
)

const rotation = Law.make("a rotated refresh token is the one that is read", (cache, sample) =>
  Effect.gen(function*() {
    const key = sample.atMicrosoft
    yield* Store.put(cache, key, Sample.signIn(sample, Sample.signedIn(sample, key, "one"), key, "two"))
    const environments = ["login.windows.net", Sample.microsoft, "sts.windows.net"]
    for (const [round, environment] of [...environments, ...environments].entries()) {
      const rotated = Sample.refreshToken(key, "one", `rotated ${round}`, {
        environment,
        modifiedAt: Option.some(sample.after(-round))
      })
      yield* cache.modify(key, (partition) => [undefined, Partition.setRefreshToken(partition, rotated)])
      const expected = Sample.signIn(sample, Sample.signedIn(sample, key, "one"), key, "two")
      yield* expectHeld(cache, key, Partition.setRefreshToken(expected, rotated))
    }
    yield* cache.modify(key, (partition) => [
      undefined,
      Option.match(Partition.refreshToken(partition, "one"), {
        onNone: () => partition,
        onSome: (held) => Partition.removeRefreshToken(partition, held)
      })
    ])
    const left = yield* cache.read(key)
    yield* expectEqual("whether a removed refresh token is gone", Sample.heldSecret(left, "one"), null)
    yield* expectEqual("whether another client's is left", Sample.heldSecret(left, "two") === null, false)
  }))

const foreignMembers = Law.make(
  "members of other programs are kept while other records change",
  (cache, sample) =>
    Effect.gen(function*() {
      const key = sample.person("ada")
      const withForeign = Sample.everything(sample, key)
      const noted = {
        ...withForeign,
        accounts: new Map(
          Array.from(withForeign.accounts, ([tenantId, { account }]) =>
            [tenantId, { account, foreign: Sample.foreign }] as const)
        )
      }
      yield* Store.put(cache, key, noted)
      yield* cache.modify(key, (partition) => [undefined, Sample.signIn(sample, partition, key, "three")])
      const rotated = Sample.refreshToken(key, "two", "rotated")
      const change = (partition: Partition.Partition) =>
        Partition.setAccount(
          Partition.setRefreshToken(partition, rotated),
          Sample.account(key, { tenantId: "guest.example.com", username: "renamed" })
        )
      yield* cache.modify(key, (partition) => [undefined, change(partition)])
      const expected = change(Sample.signIn(sample, noted, key, "three"))
      const found = yield* cache.read(key)
      yield* expectSame("the partition", describe(found), describe(expected))
    })
)

/** @category constants */
export const laws: ReadonlyArray<Law.Law> = [roundTrip, replacement, oddTexts, rotation, foreignMembers]

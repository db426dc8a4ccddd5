/**
 * What stays apart, what a list holds, and what a removal takes with it.
 */
import * as Partition from "@grantwork/core/Partition"
import type * as TokenCache from "@grantwork/core/TokenCache"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { describe, expectEqual, expectHeld, expectSame } from "./Expectation.js"
import * as Law from "./Law.js"
import * as Sample from "./Sample.js"
import * as Store from "./Store.js"

/** Puts something else under each key, changes and removes one after the other, and looks at all the others each time. */
const apart = (cache: TokenCache.Service, sample: Sample.Sample, keys: ReadonlyArray<Partition.Key>) =>
  Effect.gen(function*() {
    const held = new Map(keys.map((key, index) => [key, holding(sample, key, `first ${index}`)]))
    const lookAtAll = Effect.forEach(held, ([key, partition]) => expectHeld(cache, key, partition), { discard: true })
    const change = (key: Partition.Key, partition: Partition.Partition) => {
      held.set(key, partition)
      return Effect.zipRight(Store.put(cache, key, partition), lookAtAll)
    }
    yield* Store.clear(cache, ...keys)
    yield* Effect.forEach(held, ([key, partition]) => Store.put(cache, key, partition), { discard: true })
    yield* lookAtAll
    yield* Effect.forEach(keys, (key, index) => change(key, holding(sample, key, `second ${index}`)))
    yield* Effect.forEach(keys, (key) => change(key, Partition.empty), { discard: true })
  })

const holding = (sample: Sample.Sample, key: Partition.Key, secret: string): Partition.Partition =>
  key._tag === "App"
    ? Partition.addAppToken(Partition.empty, Sample.accessToken(sample, key, key.clientId, secret), true)
    : Partition.setRefreshToken(
      Partition.setAccount(Partition.empty, Sample.account(key, { username: secret })),
      Sample.refreshToken(key, "client", secret)
    )

const people = Law.make("people at one provider are kept apart", (cache, sample) =>
  apart(
    cache,
    sample,
    ["ada", "ada ", "ada-", "ada.ada", "ada\",\"", "ad", "ada\u0000", "%61da", "*", "1", "01"].map(sample.person)
  ))

const letterCase = Law.make(
  "an issuer's subjects are told apart by their letter case",
  (cache, sample) =>
    apart(cache, sample, ["ada", "Ada", "ADA", "straße", "STRASSE", "\u0130", "i\u0307"].map(sample.person))
)

const providers = Law.make("the same subject at another provider is someone else", (cache, sample) =>
  apart(
    cache,
    sample,
    [
      sample.issuer,
      `${sample.issuer}/`,
      `${sample.issuer}/one`,
      `${sample.issuer}/two`,
      `${sample.issuer}/TWO`,
      sample.issuer.replace("id.example.com", "id.example.com:8443"),
      sample.issuer.replace("https:", "http:")
    ].map((issuer) => Partition.userKeyAt(issuer, "ada"))
  ))

const clouds = Law.make("clouds are kept apart", (cache, sample) =>
  apart(
    cache,
    sample,
    [Sample.microsoft, "login.microsoftonline.us", "login.partner.microsoftonline.cn", sample.issuer].flatMap(
      (provider): ReadonlyArray<Partition.Key> => [
        Partition.userKeyAt(provider, sample.atMicrosoft.homeAccountId),
        { ...sample.app("client"), provider }
      ]
    )
  ))

const apps = Law.make(
  "a client's own tokens are kept apart by client and tenant, and from people's",
  (cache, sample) =>
    apart(cache, sample, [
      sample.app("client", "one.example.com"),
      sample.app("client", "two.example.com"),
      sample.app("client", ""),
      sample.app("CLIENT", "one.example.com"),
      sample.app("client one.example.com", ""),
      sample.app("client-one", "example.com"),
      sample.app("client", "one-example.com"),
      Partition.userKeyAt(Sample.microsoft, sample.app("client").clientId),
      Partition.userKeyAt(Sample.microsoft, JSON.stringify([sample.app("client").clientId, "one.example.com"]))
    ])
)

const clientIds = ["client", "CLIENT", "client-", "client id", "cli", "__proto__"]

const clients = Law.make(
  "a client's records change without those of another",
  (cache, sample) =>
    Effect.gen(function*() {
      const key = sample.person("ada")
      const all = clientIds.reduce(
        (partition, clientId) => Sample.signIn(sample, partition, key, clientId),
        Partition.empty
      )
      yield* Store.put(cache, key, all)
      yield* expectHeld(cache, key, all)
      let expected = all
      for (const clientId of clientIds) {
        const rotated = Sample.refreshToken(key, clientId, `rotated for ${clientId}`)
        const change = (partition: Partition.Partition) => {
          const withToken = Partition.setRefreshToken(partition, rotated)
          const accessTokens = new Map(withToken.accessTokens)
          accessTokens.delete(clientId)
          return { ...withToken, accessTokens }
        }
        yield* cache.modify(key, (partition) => [undefined, change(partition)])
        expected = change(expected)
        yield* expectHeld(cache, key, expected)
      }
    })
)

const tenants = Law.make("a person's tenants are kept apart", (cache, sample) =>
  Effect.gen(function*() {
    const key = sample.atMicrosoft
    const inTenant = (partition: Partition.Partition, tenantId: string, secret: string) =>
      Partition.setIdToken(
        Partition.addAccessToken(
          Partition.setAccount(partition, Sample.account(key, { tenantId, username: secret })),
          Sample.accessToken(sample, key, "client", secret, { tenantId, requestedTenant: tenantId }),
          false
        ),
        Sample.idToken(sample, key, "client", { tid: tenantId, note: secret }, { tenantId })
      )
    const tenantIds = [Sample.tenantId, "one.example.com", "two.example.com", "one"]
    let expected = tenantIds.reduce((partition, tenantId) => inTenant(partition, tenantId, "first"), Partition.empty)
    yield* Store.put(cache, key, expected)
    yield* expectHeld(cache, key, expected)
    for (const tenantId of tenantIds) {
      yield* cache.modify(key, (partition) => [undefined, inTenant(partition, tenantId, "second")])
      expected = inTenant(expected, tenantId, "second")
      yield* expectHeld(cache, key, expected)
    }
  }))

/** Expects exactly these people at a provider, with their partitions. */
const expectListed = (
  cache: TokenCache.Service,
  provider: string,
  expected: ReadonlyArray<readonly [Partition.UserKey, Partition.Partition]>
) =>
  Effect.gen(function*() {
    const listed = yield* cache.list(provider)
    const names = (keys: ReadonlyArray<Partition.Key>) => keys.map(Partition.keyText).sort()
    yield* expectEqual("who is listed", names(listed.map(({ key }) => key)), names(expected.map(([key]) => key)))
    yield* Effect.forEach(expected, ([key, partition]) => {
      const found = listed.find((one) => Partition.keyText(one.key) === Partition.keyText(key))
      return expectSame("what is listed", describe(found?.partition ?? Partition.empty), describe(partition))
    }, { discard: true })
  })

const list = Law.make(
  "the list of a provider has everyone there, and nobody and nothing else",
  (cache, sample) =>
    Effect.gen(function*() {
      const other = `${sample.issuer}/other`
      yield* Store.clearProvider(cache, sample.issuer)
      yield* Store.clearProvider(cache, other)
      const subjects = ["ada", "Ada", "__proto__", "\"grace\""]
      const here = subjects.map(sample.person)
      const elsewhere = subjects.map((subject) => Partition.userKeyAt(other, subject))
      const app = { ...sample.app("app"), provider: sample.issuer, tenant: "" }
      const held = [...here, ...elsewhere].map((key) => [key, Sample.signedIn(sample, key, "client")] as const)
      yield* Effect.forEach(held, ([key, partition]) => Store.put(cache, key, partition), { discard: true })
      yield* Store.put(cache, app, Sample.ownToken(sample, app))
      yield* expectListed(cache, sample.issuer, held.slice(0, here.length))
      yield* expectListed(cache, other, held.slice(here.length))
      yield* Effect.forEach(here, (key) => Store.clear(cache, key), { discard: true })
      yield* expectListed(cache, sample.issuer, [])
      yield* expectListed(cache, other, held.slice(here.length))
      yield* expectHeld(cache, app, Sample.ownToken(sample, app))
      yield* Store.clear(cache, app, ...elsewhere)
      yield* expectListed(cache, other, [])
    })
)

const listedAliases = Law.make(
  "whoever is known by another host of a cloud is listed in it",
  (cache, sample) =>
    Effect.gen(function*() {
      const key = sample.atMicrosoft
      const held = Partition.setRefreshToken(
        Partition.setAccount(Partition.empty, Sample.account(key, { environment: "sts.windows.net" })),
        Sample.refreshToken(key, "client", "refresh token", { environment: "login.windows.net" })
      )
      yield* Store.put(cache, key, held)
      const listed = (yield* cache.list(key.provider)).filter((one) => one.key.homeAccountId === key.homeAccountId)
      yield* expectEqual("how often they are listed", listed.length, 1)
      yield* expectSame("what is listed", describe(listed[0]?.partition ?? Partition.empty), describe(held))
      yield* Store.clear(cache, key)
      const left = (yield* cache.list(key.provider)).some((one) => one.key.homeAccountId === key.homeAccountId)
      yield* expectEqual("whether they are listed after removal", left, false)
    })
)

const removal = Law.make(
  "a removal takes everything of the account, and nothing else",
  (cache, sample) =>
    Effect.gen(function*() {
      yield* Store.clearProvider(cache, sample.issuer)
      const removed = sample.person("ada")
      const neighbour = sample.person("Ada")
      const kept = Sample.signedIn(sample, neighbour, "one")
      const all = clientIds.reduce(
        (partition, clientId) => Sample.signIn(sample, partition, removed, clientId),
        Partition.empty
      )
      yield* Store.put(cache, removed, all)
      yield* Store.put(cache, neighbour, kept)
      const result = yield* cache.modify(removed, (partition) => [partition, Partition.empty])
      yield* expectSame("what the removal is shown", describe(result), describe(all))
      yield* expectHeld(cache, removed, Partition.empty)
      yield* expectListed(cache, sample.issuer, [[neighbour, kept]])
      yield* Store.clear(cache, removed)
      yield* expectListed(cache, sample.issuer, [[neighbour, kept]])
    })
)

const finality = Law.make("nothing of a removed account comes back", (cache, sample) =>
  Effect.gen(function*() {
    yield* Store.clearProvider(cache, sample.issuer)
    const key = sample.person("ada")
    const late = Sample.refreshToken(key, "one", "late")
    yield* Store.put(cache, key, Sample.signIn(sample, Sample.signedIn(sample, key, "one"), key, "two"))
    const held = yield* cache.read(key)
    yield* Store.clear(cache, key)
    const seen = yield* cache.modify(key, (partition) => [
      partition,
      Option.exists(Partition.refreshToken(held, "one"), (record) => Partition.holdsRefreshToken(partition, record))
        ? Partition.setRefreshToken(partition, late)
        : partition
    ])
    yield* expectSame("what a late change is shown", describe(seen), describe(Partition.empty))
    yield* expectListed(cache, sample.issuer, [])
    const again = Sample.signedIn(sample, key, "three")
    yield* cache.modify(key, (partition) => [undefined, Sample.signIn(sample, partition, key, "three")])
    yield* expectHeld(cache, key, again)
    yield* expectListed(cache, sample.issuer, [[key, again]])
  }))

/** @category constants */
export const laws: ReadonlyArray<Law.Law> = [
  people,
  letterCase,
  providers,
  clouds,
  apps,
  clients,
  tenants,
  list,
  listedAliases,
  removal,
  finality
]

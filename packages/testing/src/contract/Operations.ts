/**
 * What programs do to token caches, made up from numbers, and whether two caches answer it the same.
 */
import type { CacheUnavailable } from "@grantwork/core/AuthError"
import * as Partition from "@grantwork/core/Partition"
import type * as TokenCache from "@grantwork/core/TokenCache"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { PCGRandom } from "effect/Utils"
import { describe, expectEnd, expectEqual, expectSame, Unmet } from "./Expectation.js"
import { broken, type LawBroken } from "./Law.js"
import * as Sample from "./Sample.js"
import * as Store from "./Store.js"

interface Choice {
  readonly number: (below: number) => number
  readonly of: <A>(values: readonly [A, ...ReadonlyArray<A>]) => A
  readonly some: <A>(values: ReadonlyArray<A>) => ReadonlyArray<A>
}

const choiceFrom = (seed: number): Choice => {
  const random = new PCGRandom(seed)
  const number = (below: number) => random.integer(below)
  return {
    number,
    of: (values) => values[number(values.length)] ?? values[0],
    some: (values) => values.filter(() => number(2) === 0)
  }
}

interface World {
  readonly sample: Sample.Sample
  readonly people: readonly [Partition.UserKey, ...ReadonlyArray<Partition.UserKey>]
  readonly apps: readonly [Partition.AppKey, ...ReadonlyArray<Partition.AppKey>]
  /** Where a list has those people and no others. */
  readonly providers: readonly [string, ...ReadonlyArray<string>]
}

const worldOf = (sample: Sample.Sample): World => {
  const another = `${sample.issuer}/another`
  return {
    sample,
    people: [
      sample.person("ada"),
      sample.person("Ada"),
      Partition.userKeyAt(another, "ada"),
      sample.atMicrosoft
    ],
    apps: [
      sample.app("one"),
      sample.app("one", "example.com"),
      sample.app("two"),
      { ...sample.app("one", ""), provider: sample.issuer }
    ],
    providers: [sample.issuer, another]
  }
}

type Change = (partition: Partition.Partition) => Partition.Partition

type Operation =
  | { readonly _tag: "Read"; readonly name: string; readonly key: Partition.Key }
  | { readonly _tag: "List"; readonly name: string; readonly provider: string }
  | { readonly _tag: "Modify"; readonly name: string; readonly key: Partition.Key; readonly change: Change }

type MakeChange<K> = (world: World, key: K, choice: Choice) => readonly [name: string, change: Change]

const clientIds = ["one", "One", "two"] as const
const tenantIds = [Sample.tenantId, "example.com", "another.example.com"] as const
const scopes = ["read", "Read", "write", "https://graph.example.com/.default", "openid"]

const tenantAt = ({ provider }: Partition.Key, { of }: Choice): string =>
  provider === Sample.microsoft ? of(tenantIds) : ""

const environmentAt = ({ provider }: Partition.Key, { of }: Choice): string =>
  provider === Sample.microsoft ? of([provider, "login.windows.net", "sts.windows.net"]) : provider

const someForeign = ({ number }: Choice) => number(3) === 0 ? { foreign: { noted: number(1000), nested: [{}] } } : {}

const token = ({ sample }: World, key: Partition.Key, clientId: string, choice: Choice) => {
  const { number, some } = choice
  const cachedAt = number(1800)
  const expiresAt = cachedAt + 1 + number(3600)
  const tenantId = tenantAt(key, choice)
  return Sample.accessToken(sample, key, clientId, `access token ${number(1e9)}`, {
    environment: environmentAt(key, choice),
    tenantId,
    requestedTenant: key._tag === "App" ? key.tenant : tenantId,
    scopes: some(scopes),
    cachedAt: sample.after(cachedAt),
    expiresAt: sample.after(expiresAt + 3600),
    extendedExpiresAt: number(2) === 0 ? Option.some(sample.after(expiresAt + 7200)) : Option.none(),
    refreshAt: number(2) === 0 ? Option.some(sample.after(expiresAt)) : Option.none(),
    ...number(4) === 0 ? { tokenType: "pop", keyId: choice.of(["one", "two"]) } : {},
    ...someForeign(choice)
  })
}

const isCaseSensitive = ({ provider }: Partition.Key): boolean => provider !== Sample.microsoft

const addAccessToken: MakeChange<Partition.UserKey> = (world, key, choice) => {
  const added = token(world, key, choice.of(clientIds), choice)
  return ["an access token", (partition) => Partition.addAccessToken(partition, added, isCaseSensitive(key))]
}

const addAppToken: MakeChange<Partition.AppKey> = (world, key, choice) => {
  const parameters = choice.number(3) === 0 ? { extendedCacheKey: choice.of(["one", "two"]) } : {}
  const added = { ...token(world, key, key.clientId, choice), ...parameters }
  return ["a token of its own", (partition) => Partition.addAppToken(partition, added, isCaseSensitive(key))]
}

const setRefreshToken: MakeChange<Partition.UserKey> = ({ sample }, key, choice) => {
  const { number, of } = choice
  const added = Sample.refreshToken(key, of(clientIds), `refresh token ${number(1e9)}`, {
    environment: environmentAt(key, choice),
    familyId: number(4) === 0 ? Option.some("1") : Option.none(),
    modifiedAt: number(2) === 0 ? Option.some(sample.after(number(1800))) : Option.none(),
    ...someForeign(choice)
  })
  return ["a refresh token", (partition) => Partition.setRefreshToken(partition, added)]
}

const removeRefreshToken: MakeChange<Partition.UserKey> = (_, __, { of }) => {
  const clientId = of(clientIds)
  return ["without a refresh token", (partition) =>
    Option.match(Partition.refreshToken(partition, clientId), {
      onNone: () => partition,
      onSome: (held) => Partition.removeRefreshToken(partition, held)
    })]
}

const setIdToken: MakeChange<Partition.UserKey> = ({ sample }, key, choice) => {
  const added = Sample.idToken(sample, key, choice.of(clientIds), { nonce: choice.number(1e9) }, {
    environment: environmentAt(key, choice),
    tenantId: tenantAt(key, choice),
    ...someForeign(choice)
  })
  return ["an ID token", (partition) => Partition.setIdToken(partition, added)]
}

const setAccount: MakeChange<Partition.UserKey> = (_, key, choice) => {
  const { number, of } = choice
  const set = Sample.account(key, {
    environment: environmentAt(key, choice),
    tenantId: tenantAt(key, choice),
    username: of(["", "ada@example.com", "ada.king@example.com"]),
    name: number(2) === 0 ? Option.some(`Ada ${number(100)}`) : Option.none()
  })
  return ["an account", (partition) => Partition.setAccount(partition, set)]
}

const noteOnAccounts: MakeChange<Partition.UserKey> = (_, __, { number }) => {
  const foreign = { noted: number(1000) }
  return ["accounts with a note", (partition) => ({
    ...partition,
    accounts: new Map(Array.from(partition.accounts, ([tenantId, { account }]) => [tenantId, { account, foreign }]))
  })]
}

const removeClient: MakeChange<Partition.Key> = (_, __, { of }) => {
  const clientId = of(clientIds)
  const without = <A>(records: ReadonlyMap<string, A>) => new Map([...records].filter(([name]) => name !== clientId))
  return ["without a client", (partition) => ({
    ...partition,
    accessTokens: without(partition.accessTokens),
    refreshTokens: without(partition.refreshTokens),
    idTokens: without(partition.idTokens)
  })]
}

const signInAgain: MakeChange<Partition.UserKey> = ({ sample }, key, { of }) => {
  const next = Sample.signedIn(sample, key, of(clientIds))
  return ["someone signed in anew", () => next]
}

const remove: MakeChange<Partition.Key> = () => ["nothing any more", () => Partition.empty]

const keep: MakeChange<Partition.Key> = () => ["what it held", (partition) => partition]

const personChanges = [
  addAccessToken,
  addAccessToken,
  setRefreshToken,
  setRefreshToken,
  setIdToken,
  setAccount,
  setAccount,
  noteOnAccounts,
  removeRefreshToken,
  removeClient,
  signInAgain,
  remove,
  keep
] as const

const appChanges = [addAppToken, addAppToken, addAppToken, remove, keep] as const

const operation = (world: World, seed: number): Operation => {
  const choice = choiceFrom(seed)
  const { number, of } = choice
  const kind = number(10)
  if (kind === 0) {
    return { _tag: "List", name: "list", provider: of(world.providers) }
  }
  const isApp = number(4) === 0
  if (kind === 1) {
    return { _tag: "Read", name: "read", key: isApp ? of(world.apps) : of(world.people) }
  }
  if (isApp) {
    const key = of(world.apps)
    const [name, change] = of(appChanges)(world, key, choice)
    return { _tag: "Modify", name, key, change }
  }
  const key = of(world.people)
  const [name, change] = of(personChanges)(world, key, choice)
  return { _tag: "Modify", name, key, change }
}

const compareRead = (one: TokenCache.Service, other: TokenCache.Service, name: string, key: Partition.Key) =>
  Effect.gen(function*() {
    const expected = describe(yield* one.read(key))
    yield* expectSame(name, describe(yield* other.read(key)), expected)
  })

const compareList = (one: TokenCache.Service, other: TokenCache.Service, name: string, provider: string) =>
  Effect.gen(function*() {
    const listed = (cache: TokenCache.Service) =>
      Effect.map(
        cache.list(provider),
        (people) => new Map(people.map(({ key, partition }) => [Partition.keyText(key), describe(partition)] as const))
      )
    const expected = yield* listed(one)
    const found = yield* listed(other)
    yield* expectEqual(`${name}: who is listed`, [...found.keys()].sort(), [...expected.keys()].sort())
    for (const [key, partition] of expected) {
      yield* expectSame(name, found.get(key) ?? new Map(), partition)
    }
  })

const compare = (one: TokenCache.Service, other: TokenCache.Service, index: number, operation: Operation) => {
  const name = `operation ${index + 1} (${operation.name})`
  switch (operation._tag) {
    case "Read":
      return compareRead(one, other, name, operation.key)
    case "List":
      return compareList(one, other, name, operation.provider)
    case "Modify": {
      const run = (cache: TokenCache.Service) =>
        cache.modify(operation.key, (partition) => [describe(partition), operation.change(partition)])
      return Effect.gen(function*() {
        const expected = yield* run(one)
        yield* expectSame(name, yield* run(other), expected)
        yield* compareRead(one, other, name, operation.key)
      })
    }
  }
}

/**
 * Does the same to two caches that share no store, one operation for each number, and expects the same answers of the
 * other as of the one.
 *
 * @category programs
 */
export const agreeOn = (
  one: TokenCache.Service,
  other: TokenCache.Service,
  numbers: ReadonlyArray<number>
): Effect.Effect<void, LawBroken | CacheUnavailable> =>
  Effect.gen(function*() {
    const world = worldOf(yield* Sample.make("any operations"))
    const keys = [...world.people, ...world.apps]
    yield* Store.clear(one, ...keys)
    yield* Store.clear(other, ...keys)
    for (const [index, number] of numbers.entries()) {
      yield* compare(one, other, index, operation(world, number))
    }
    yield* Effect.forEach(keys, (key) => compareRead(one, other, "after all operations", key))
    yield* Effect.forEach(world.providers, (provider) => compareList(one, other, "after all operations", provider))
  }).pipe(
    expectEnd("the operations", 50),
    Effect.catchIf((error) => error instanceof Unmet, (unmet) =>
      Effect.fail(broken("caches answer the same operations the same", unmet)))
  )

/**
 * The same with 60 operations of one number's making.
 *
 * @category programs
 */
export const agree = (
  one: TokenCache.Service,
  other: TokenCache.Service,
  seed: number
): Effect.Effect<void, LawBroken | CacheUnavailable> => {
  const random = new PCGRandom(seed)
  return agreeOn(one, other, Array.from({ length: 60 }, () => random.integer(2 ** 31)))
}

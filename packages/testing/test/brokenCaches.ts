/**
 * Caches that each break a law.
 */
import { Partition, type TokenCache } from "@grantwork/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"

type Cache = TokenCache.Service

/** The law that is broken, how, and what breaks it about a sound cache. */
export interface Broken {
  readonly law: string
  readonly how: string
  readonly make: (cache: Cache) => Cache
}

/** Keeps everything under another key than it is asked for. */
const filedUnder = (rename: (key: Partition.Key) => Partition.Key) => (cache: Cache): Cache => ({
  ...cache,
  read: (key) => cache.read(rename(key)),
  modify: (key, change) => cache.modify(rename(key), change)
})

const user = (rename: (key: Partition.UserKey) => Partition.UserKey) =>
  filedUnder((key) => key._tag === "User" ? rename(key) : key)

const app = (rename: (key: Partition.AppKey) => Partition.Key) =>
  filedUnder((key) => key._tag === "App" ? rename(key) : key)

/** Puts something else in place than what the change made. */
const puts = (
  instead: (next: Partition.Partition, held: Partition.Partition, key: Partition.Key) => Partition.Partition
) =>
(cache: Cache): Cache => ({
  ...cache,
  modify: (key, change) =>
    cache.modify(key, (held) => {
      const [result, next] = change(held)
      return [result, instead(next, held, key)]
    })
})

/** Reads, and writes later. */
const inTwoSteps = (cache: Cache): Cache => ({
  ...cache,
  modify: (key, change) =>
    Effect.gen(function*() {
      const [result, next] = change(yield* cache.read(key))
      yield* Effect.yieldNow()
      yield* cache.modify(key, () => [undefined, next])
      return result
    })
})

const oneByOne = (cache: Cache): Cache => ({
  ...cache,
  modify: (key, change) =>
    Effect.gen(function*() {
      const [result, next] = yield* cache.modify(key, (held) => {
        const changed = change(held)
        return [changed, { ...changed[1], accounts: held.accounts }]
      })
      yield* Effect.yieldNow()
      yield* cache.modify(key, () => [undefined, next])
      return result
    })
})

const without = <A extends { readonly foreign?: unknown }>(record: A): A => {
  const { foreign: _, ...kept } = record
  return kept as A
}

const mapOf = <A>(records: ReadonlyMap<string, A>, change: (record: A) => A) =>
  new Map(Array.from(records, ([name, record]) => [name, change(record)] as const))

const lock = (withRefreshLock: (cache: Cache) => Cache["withRefreshLock"]) => (cache: Cache): Cache => ({
  ...cache,
  withRefreshLock: withRefreshLock(cache)
})

/** A lock that is taken and freed by hand, with whatever goes wrong between. */
const byHand = (
  use: (
    take: Effect.Effect<void>,
    free: Effect.Effect<void>
  ) => <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
) =>
  lock(() => {
    const locks = new Map<string, Effect.Semaphore>()
    return (name) => {
      const semaphore = locks.get(name) ?? Effect.unsafeMakeSemaphore(1)
      locks.set(name, semaphore)
      return use(Effect.asVoid(semaphore.take(1)), Effect.asVoid(semaphore.release(1)))
    }
  })

export const brokenCaches: ReadonlyArray<Broken> = [
  {
    law: "nothing is read or listed where nothing was put",
    how: "lists whoever was asked for",
    make: (cache) => {
      const asked: Array<Partition.UserKey> = []
      return {
        ...cache,
        read: (key) => {
          if (key._tag === "User") {
            asked.push(key)
          }
          return cache.read(key)
        },
        list: (provider) =>
          Effect.map(cache.list(provider), (people) => [
            ...people,
            ...asked.filter((key) => key.provider === provider).map((key) => ({ key, partition: Partition.empty }))
          ])
      }
    }
  },
  {
    law: "what was put is read",
    how: "keeps no ID tokens",
    make: puts((next) => ({ ...next, idTokens: new Map() }))
  },
  {
    law: "what was put is read",
    how: "forgets when tokens may be refreshed",
    make: puts((next) => ({
      ...next,
      accessTokens: mapOf(next.accessTokens, (tokens) => tokens.map((one) => ({ ...one, refreshAt: Option.none() })))
    }))
  },
  {
    law: "what was put is read",
    how: "forgets which key a token is bound to",
    make: puts((next) => ({
      ...next,
      accessTokens: mapOf(next.accessTokens, (tokens) => tokens.map(({ keyId: _, ...one }) => one))
    }))
  },
  {
    law: "a partition put in place of another leaves nothing of it",
    how: "adds to what there is",
    make: puts((next, held) => ({ ...next, refreshTokens: new Map([...held.refreshTokens, ...next.refreshTokens]) }))
  },
  {
    law: "odd characters and long texts are kept",
    how: "keeps accounts in an object",
    make: (cache) => ({
      ...cache,
      modify: (key, change) =>
        cache.modify(key, (held) => {
          const [result, next] = change(held)
          return [result, key._tag === "User" && key.homeAccountId in {} ? Partition.empty : next]
        })
    })
  },
  {
    law: "odd characters and long texts are kept",
    how: "cuts names",
    make: puts((next) => ({
      ...next,
      refreshTokens: mapOf(next.refreshTokens, (token) => ({
        ...token,
        familyId: Option.map(token.familyId, (family) => family.slice(0, 255))
      }))
    }))
  },
  {
    law: "a rotated refresh token is the one that is read",
    how: "keeps the refresh token that it has",
    make: puts((next, held) => ({ ...next, refreshTokens: new Map([...next.refreshTokens, ...held.refreshTokens]) }))
  },
  {
    law: "a rotated refresh token is the one that is read",
    how: "keeps the refresh token that says it is newer",
    make: puts((next, held) => {
      const timeOf = (token: Partition.Partition["refreshTokens"] extends ReadonlyMap<string, infer A> ? A : never) =>
        Option.match(token.modifiedAt, { onNone: () => 0, onSome: ({ epochMillis }) => epochMillis })
      return {
        ...next,
        refreshTokens: new Map(Array.from(next.refreshTokens, ([name, token]) => {
          const old = held.refreshTokens.get(name)
          return [name, old !== undefined && timeOf(old) > timeOf(token) ? old : token] as const
        }))
      }
    })
  },
  {
    law: "members of other programs are kept while other records change",
    how: "keeps known members only",
    make: puts((next) => ({ ...next, accounts: mapOf(next.accounts, without) }))
  },
  {
    law: "members of other programs are kept while other records change",
    how: "forgets the members of what stays",
    make: puts((next, held) => ({
      ...next,
      refreshTokens: mapOf(
        next.refreshTokens,
        (token) => [...held.refreshTokens.values()].includes(token) ? without(token) : token
      )
    }))
  },
  {
    law: "modify shows the change what is kept, and hands out its result",
    how: "hands out the result of another run",
    make: (cache) => ({
      ...cache,
      modify: (key, change) => Effect.as(cache.modify(key, change), change(Partition.empty)[0])
    })
  },
  {
    law: "what was read stays as it was read",
    how: "changes what it handed out",
    make: (cache) => {
      const handedOut = new Map<string, Partition.Partition>()
      return {
        ...cache,
        read: (key) =>
          Effect.tap(cache.read(key), (partition) => {
            handedOut.set(Partition.keyText(key), partition)
          }),
        modify: (key, change) => {
          const { refreshTokens } = handedOut.get(Partition.keyText(key)) ?? Partition.empty
          const writable = refreshTokens as Map<string, unknown>
          return Effect.tap(cache.modify(key, change), () => writable.delete("one"))
        }
      }
    }
  },
  {
    law: "a change that throws changes nothing, and comes out as a defect",
    how: "takes it for a failure of its own",
    make: (cache) => ({
      ...cache,
      modify: (key, change) => Effect.catchAllDefect(cache.modify(key, change), () => Effect.interrupt)
    })
  },
  {
    law: "a change that throws changes nothing, and comes out as a defect",
    how: "clears the partition first",
    make: (cache) => ({
      ...cache,
      modify: (key, change) =>
        Effect.gen(function*() {
          const held = yield* cache.modify(key, (held) => [held, Partition.empty])
          return yield* cache.modify(key, () => change(held))
        })
    })
  },
  {
    law: "a change that throws changes nothing, and comes out as a defect",
    how: "stays locked",
    make: (cache) => {
      const turn = Effect.unsafeMakeSemaphore(1)
      return {
        ...cache,
        modify: (key, change) =>
          Effect.zipLeft(Effect.zipRight(turn.take(1), cache.modify(key, change)), turn.release(1))
      }
    }
  },
  {
    law: "an interrupted modify happens whole or not at all",
    how: "writes one record after the other",
    make: oneByOne
  },
  {
    law: "an interrupted modify happens whole or not at all",
    how: "says that it was interrupted too late",
    make: (cache) => ({
      ...cache,
      modify: (key, change) =>
        Effect.suspend(() => {
          const [result] = change(Partition.empty)
          return Effect.as(Effect.forkDaemon(Effect.delay(cache.modify(key, change), "1 second")), result)
        })
    })
  },
  {
    law: "interrupted changes hold no others up",
    how: "stays locked",
    make: (cache) => {
      const turn = Effect.unsafeMakeSemaphore(1)
      return {
        ...cache,
        modify: (key, change) =>
          Effect.gen(function*() {
            yield* turn.take(1)
            yield* Effect.yieldNow()
            const result = yield* cache.modify(key, change)
            yield* turn.release(1)
            return result
          })
      }
    }
  },
  {
    law: "people at one provider are kept apart",
    how: "ignores blanks",
    make: user((key) => ({ ...key, homeAccountId: key.homeAccountId.trim() }))
  },
  {
    law: "an issuer's subjects are told apart by their letter case",
    how: "folds letter case",
    make: user((key) => ({ ...key, homeAccountId: key.homeAccountId.toLowerCase() }))
  },
  {
    law: "the same subject at another provider is someone else",
    how: "tells providers apart by their host",
    make: user((key) => ({
      ...key,
      provider: key.provider.includes("://") ? new URL(key.provider).host : key.provider
    }))
  },
  {
    law: "the same subject at another provider is someone else",
    how: "takes a slash for nothing",
    make: user((key) => ({ ...key, provider: key.provider.replace(/\/$/, "") }))
  },
  {
    law: "clouds are kept apart",
    how: "knows one cloud",
    make: filedUnder((key) => key.provider.includes("://") ? key : { ...key, provider: "login.microsoftonline.com" })
  },
  {
    law: "a client's own tokens are kept apart by client and tenant, and from people's",
    how: "knows one tenant",
    make: app((key) => ({ ...key, tenant: "" }))
  },
  {
    law: "a client's own tokens are kept apart by client and tenant, and from people's",
    how: "takes the client for a person",
    make: app(({ clientId, provider, tenant }) =>
      Partition.userKeyAt(provider, tenant === "" ? clientId : JSON.stringify([clientId, tenant]))
    )
  },
  {
    law: "a client's own tokens are kept apart by client and tenant, and from people's",
    how: "joins client and tenant by what may be in them",
    make: app((key) => ({ ...key, clientId: `${key.clientId}-${key.tenant}`.replaceAll(".", "-"), tenant: "" }))
  },
  {
    law: "a client's records change without those of another",
    how: "folds the letter case of clients",
    make: puts((next) => ({
      ...next,
      refreshTokens: new Map(Array.from(next.refreshTokens, ([id, token]) => [id.toLowerCase(), token]))
    }))
  },
  {
    law: "a client's records change without those of another",
    how: "gives one client the token of another",
    make: (cache) => ({
      ...cache,
      read: (key) =>
        Effect.map(cache.read(key), (partition) => {
          const [first] = partition.refreshTokens.values()
          return { ...partition, refreshTokens: mapOf(partition.refreshTokens, (token) => first ?? token) }
        })
    })
  },
  {
    law: "a person's tenants are kept apart",
    how: "keeps one account",
    make: puts((next) => ({ ...next, accounts: new Map([...next.accounts].slice(-1)) }))
  },
  {
    law: "the list of a provider has everyone there, and nobody and nothing else",
    how: "lists the people of every issuer that begins like it",
    make: (cache) => {
      const providers = new Set<string>()
      return {
        ...cache,
        modify: (key, change) => {
          providers.add(key.provider)
          return cache.modify(key, change)
        },
        list: (provider) =>
          Effect.map(
            Effect.forEach([...providers].filter((one) => one.startsWith(provider)), cache.list),
            (people) => people.flat()
          )
      }
    }
  },
  {
    law: "the list of a provider has everyone there, and nobody and nothing else",
    how: "takes a client for a person",
    make: app(({ clientId, provider }) => Partition.userKeyAt(provider, clientId))
  },
  {
    law: "whoever is known by another host of a cloud is listed in it",
    how: "lists those of the very host",
    make: (cache) => ({
      ...cache,
      list: (provider) =>
        Effect.map(
          cache.list(provider),
          (people) =>
            people.filter(({ partition }) =>
              [...partition.accounts.values()].some(({ account }) => account.environment === provider)
            )
        )
    })
  },
  {
    law: "a removal takes everything of the account, and nothing else",
    how: "lists whoever was removed",
    make: (cache) => {
      const everyone = new Map<string, Partition.UserKey>()
      return {
        ...cache,
        modify: (key, change) => {
          if (key._tag === "User") {
            everyone.set(Partition.keyText(key), key)
          }
          return cache.modify(key, change)
        },
        list: (provider) =>
          Effect.forEach(
            [...everyone.values()].filter((key) => key.provider === provider),
            (key) => Effect.map(cache.read(key), (partition) => ({ key, partition }))
          )
      }
    }
  },
  {
    law: "a removal takes everything of the account, and nothing else",
    how: "removes whoever differs by letter case as well",
    make: (cache) => ({
      ...cache,
      modify: (key, change) =>
        Effect.gen(function*() {
          const result = yield* cache.modify(key, change)
          if (key._tag === "User" && Partition.isEmpty(yield* cache.read(key))) {
            for (const other of yield* cache.list(key.provider)) {
              if (other.key.homeAccountId.toLowerCase() === key.homeAccountId.toLowerCase()) {
                yield* cache.modify(other.key, () => [undefined, Partition.empty])
              }
            }
          }
          return result
        })
    })
  },
  {
    law: "nothing of a removed account comes back",
    how: "shows a late change what was removed",
    make: (cache) => {
      const removed = new Map<string, Partition.Partition>()
      return {
        ...cache,
        modify: (key, change) =>
          cache.modify(key, (held) => {
            const name = Partition.keyText(key)
            const [result, next] = change(Partition.isEmpty(held) ? removed.get(name) ?? held : held)
            if (Partition.isEmpty(next) && !Partition.isEmpty(held)) {
              removed.set(name, held)
            }
            return [result, next]
          })
      }
    }
  },
  {
    law: "a read sees what was written last",
    how: "remembers what it has read",
    make: (cache) => {
      const known = new Map<string, Partition.Partition>()
      return {
        ...cache,
        read: (key) =>
          Effect.map(cache.read(key), (partition) => {
            const name = Partition.keyText(key)
            const first = known.get(name) ?? partition
            known.set(name, first)
            return first
          })
      }
    }
  },
  {
    law: "a change is shown what was written last",
    how: "shows what was read last",
    make: (cache) => {
      const known = new Map<string, Partition.Partition>()
      return {
        ...cache,
        modify: (key, change) =>
          Effect.gen(function*() {
            const name = Partition.keyText(key)
            const [result, next] = change(known.get(name) ?? (yield* cache.read(key)))
            known.set(name, yield* cache.read(key))
            yield* cache.modify(key, () => [undefined, next])
            return result
          })
      }
    }
  },
  {
    law: "a list has what was written last",
    how: "remembers the list",
    make: (cache) => {
      const lists = new Map<string, ReadonlyArray<TokenCache.UserPartition>>()
      return {
        ...cache,
        list: (provider) =>
          Effect.map(cache.list(provider), (people) => {
            const first = lists.get(provider) ?? people
            lists.set(provider, first)
            return first
          })
      }
    }
  },
  { law: "concurrent changes lose nothing", how: "reads, and writes later", make: inTwoSteps },
  {
    law: "concurrent changes of several partitions lose none",
    how: "reads its index, and writes it later",
    make: (cache) => {
      let index: ReadonlyArray<Partition.UserKey> = []
      return {
        ...cache,
        modify: (key, change) =>
          Effect.gen(function*() {
            const before = index
            const result = yield* cache.modify(key, change)
            yield* Effect.yieldNow()
            index = key._tag === "User" ? [...before.filter((one) => one !== key), key] : before
            return result
          }),
        list: (provider) =>
          Effect.map(
            Effect.forEach(index.filter((key) => key.provider === provider), (key) =>
              Effect.map(cache.read(key), (partition) => ({ key, partition }))),
            (people) =>
              people.filter(({ partition }) => !Partition.isEmpty(partition))
          )
      }
    }
  },
  {
    law: "reads and lists at the same time as changes see whole partitions",
    how: "writes one record after the other",
    make: oneByOne
  },
  { law: "a removal holds against changes at the same time", how: "reads, and writes later", make: inTwoSteps },
  {
    law: "a refresh lock lets one at a time pass",
    how: "excludes nobody",
    make: lock(() => () => (effect) => effect)
  },
  {
    law: "many that want a refresh lock all get it, one at a time",
    how: "lets everyone pass who has waited",
    make: lock(() => {
      const held = new Set<string>()
      return (name) => (effect) =>
        Effect.gen(function*() {
          const waits = held.has(name)
          held.add(name)
          yield* Effect.yieldNow().pipe(Effect.repeat({ while: () => waits && held.has(name) }))
          return yield* Effect.ensuring(effect, Effect.sync(() => held.delete(name)))
        })
    })
  },
  {
    law: "refresh locks of other names are free",
    how: "has one lock",
    make: lock((cache) => () => cache.withRefreshLock("the lock"))
  },
  {
    law: "refresh locks of other names are free",
    how: "joins scopes by what separates them",
    make: lock((cache) => (name) => cache.withRefreshLock(name.replaceAll("\",\"", " ")))
  },
  {
    law: "a refresh lock hands out what happened inside, and is free after it",
    how: "stays locked after a failure",
    make: byHand((take, free) => (effect) => Effect.zipLeft(Effect.zipRight(take, effect), free))
  },
  {
    law: "a refresh lock hands out what happened inside, and is free after it",
    how: "turns failures into defects",
    make: lock((cache) => (name) => (effect) => Effect.orDie(cache.withRefreshLock(name)(effect)))
  },
  {
    law: "a refresh lock is free once its holder is interrupted",
    how: "stays locked after an interruption",
    make: byHand((take, free) => (effect) =>
      Effect.zipRight(
        take,
        Effect.onExit(effect, (exit) => Exit.isInterrupted(exit) ? Effect.void : free)
      )
    )
  },
  {
    law: "whoever is interrupted does not wait for a refresh lock any more",
    how: "waits on",
    make: byHand((take, free) => (effect) =>
      Effect.acquireUseRelease(Effect.uninterruptible(take), () => effect, () => free)
    )
  },
  {
    law: "a refresh lock is free after interruptions at any point",
    how: "can be interrupted between taking it and seeing to its release",
    make: byHand((take, free) => (effect) =>
      Effect.zipRight(Effect.zipRight(take, Effect.yieldNow()), Effect.ensuring(effect, free))
    )
  },
  {
    law: "reads, lists and changes do not wait for a refresh lock",
    how: "changes under the refresh lock",
    make: (cache) => ({
      ...cache,
      modify: (key, change) => cache.withRefreshLock(Partition.refreshLockName(key, []))(cache.modify(key, change))
    })
  },
  {
    law: "each holder of a refresh lock reads what the one before it wrote",
    how: "remembers for a while what it has read",
    make: (cache) => {
      const known = new Map<string, { readonly partition: Partition.Partition; uses: number }>()
      return {
        ...cache,
        read: (key) =>
          Effect.map(cache.read(key), (partition) => {
            const name = Partition.keyText(key)
            const entry = known.get(name) ?? { partition, uses: 0 }
            entry.uses += 1
            known.set(name, entry)
            if (entry.uses > 3) {
              known.delete(name)
            }
            return entry.partition
          })
      }
    }
  }
]

import { SystemError } from "@effect/platform/Error"
import * as KeyValueStore from "@effect/platform/KeyValueStore"
import { describe, expect, it } from "@effect/vitest"
import { type AuthError, KeyValueTokenCache, Partition, TokenCache } from "@grantwork/core"
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { inspect } from "node:util"

const provider = "https://id.example.com"
const ada = Partition.userKeyAt(provider, "ada")
const grace = Partition.userKeyAt(provider, "grace")
const app: Partition.AppKey = { _tag: "App", provider, clientId: "client", tenant: "" }
const nameOf = (key: Partition.Key) => `grantwork/${Partition.keyText(key)}`
const indexName = `grantwork/${JSON.stringify(["Accounts", provider])}`

const token = (
  secret: string,
  { clientId = "client", environment = provider } = {}
): Parameters<typeof Partition.setRefreshToken>[1] => ({
  environment,
  clientId,
  familyId: Option.none(),
  secret: Redacted.make(secret),
  modifiedAt: Option.none()
})

const ownToken: Parameters<typeof Partition.addAppToken>[1] = {
  environment: provider,
  clientId: "client",
  tenantId: "",
  requestedTenant: "",
  scopes: ["read"],
  tokenType: "Bearer",
  secret: Redacted.make("its own"),
  cachedAt: DateTime.unsafeMake(0),
  expiresAt: DateTime.unsafeMake(4_102_444_800_000),
  extendedExpiresAt: Option.none(),
  refreshAt: Option.none()
}

/** A store whose texts can be seen, and whose operations can be made to fail, or to wait. */
const seen = () => {
  const texts = new Map<string, string>()
  const calls: Array<readonly [method: string, key: string]> = []
  let before: (method: string, key: string) => Effect.Effect<void, SystemError> = () => Effect.void
  const call = <A>(method: string, key: string, run: () => A) =>
    Effect.suspend(() => {
      calls.push([method, key])
      return Effect.zipRight(Effect.zipRight(Effect.yieldNow(), before(method, key)), Effect.sync(run))
    })
  const store = KeyValueStore.makeStringOnly({
    get: (key) => call("get", key, () => Option.fromNullable(texts.get(key))),
    set: (key, value) => call("set", key, () => texts.set(key, value)),
    remove: (key) =>
      Effect.suspend(() =>
        texts.has(key) ? call("remove", key, () => texts.delete(key)) : failure("remove", "NotFound")
      ),
    clear: Effect.sync(() => texts.clear()),
    size: Effect.sync(() => texts.size)
  })
  const layer = Layer.provide(KeyValueTokenCache.layer, Layer.succeed(KeyValueStore.KeyValueStore, store))
  return {
    texts,
    calls,
    open: Effect.provide(TokenCache.TokenCache, layer),
    intercept: (run: typeof before) => {
      before = run
    }
  }
}

const failure = (method: string, reason: SystemError["reason"] = "PermissionDenied") =>
  new SystemError({
    reason,
    module: "KeyValueStore",
    method,
    pathOrDescriptor: "a secret path",
    description: "cannot set a secret value",
    cause: new Error("a secret cause")
  })

const secretAt = (cache: TokenCache.Service, key: Partition.Key, clientId = "client") =>
  Effect.map(
    cache.read(key),
    (partition) =>
      Option.getOrNull(Option.map(Partition.refreshToken(partition, clientId), ({ secret }) => Redacted.value(secret)))
  )

const listed = (cache: TokenCache.Service) =>
  Effect.map(cache.list(provider), (people) => people.map(({ key }) => key.homeAccountId))

const put = (cache: TokenCache.Service, key: Partition.Key, secret: string) =>
  cache.modify(
    key,
    (partition) => [undefined, Partition.setRefreshToken(partition, token(secret, { environment: key.provider }))]
  )

const remove = (cache: TokenCache.Service, key: Partition.Key) => cache.modify(key, () => [undefined, Partition.empty])

describe("what is kept in a store", () => {
  it.effect("is MSAL's JSON by account, and an index, under names of their own", () =>
    Effect.gen(function*() {
      const { open, texts } = seen()
      texts.set("another program's", "text")
      const cache = yield* open
      yield* put(cache, ada, "token")
      expect([...texts.keys()].sort()).toEqual(["another program's", indexName, nameOf(ada)].sort())
      expect(JSON.parse(texts.get(nameOf(ada)) ?? "")).toMatchObject({
        RefreshToken: {
          [`ada-${provider}-refreshtoken-client--`]: { secret: "token", home_account_id: "ada", client_id: "client" }
        }
      })
      expect(texts.get(indexName)).toBe("[\"ada\"]")
      expect(texts.get("another program's")).toBe("text")
    }))

  it.effect("is found again by a new layer", () =>
    Effect.gen(function*() {
      const { open } = seen()
      const before = yield* open
      yield* put(before, ada, "token")
      yield* put(before, grace, "hers")
      const after = yield* open
      expect(yield* secretAt(after, ada)).toBe("token")
      expect(yield* listed(after)).toEqual(["ada", "grace"])
    }))

  it.effect("is gone after a removal", () =>
    Effect.gen(function*() {
      const { open, texts } = seen()
      const cache = yield* open
      yield* put(cache, ada, "a secret")
      yield* cache.modify(app, (partition) => [undefined, Partition.addAppToken(partition, ownToken, true)])
      expect(texts.has(nameOf(app))).toBe(true)
      yield* remove(cache, ada)
      yield* remove(cache, app)
      expect([...texts]).toEqual([[indexName, "[]"]])
    }))

  it.effect("is not written where nothing changes, nor removed where there is nothing", () =>
    Effect.gen(function*() {
      const { calls, open } = seen()
      const cache = yield* open
      yield* put(cache, ada, "token")
      calls.length = 0
      yield* cache.modify(ada, (partition) => [undefined, partition])
      yield* cache.modify(grace, (partition) => [undefined, partition])
      yield* cache.modify(grace, () => [undefined, { ...Partition.empty }])
      yield* remove(cache, app)
      expect(calls.filter(([method]) => method !== "get")).toEqual([])
    }))

  it.effect("costs a read one look", () =>
    Effect.gen(function*() {
      const { calls, open } = seen()
      const cache = yield* open
      yield* put(cache, ada, "token")
      calls.length = 0
      yield* cache.read(ada)
      expect(calls).toEqual([["get", nameOf(ada)]])
    }))

  it.effect("keeps what other programs wrote into it", () =>
    Effect.gen(function*() {
      const { open, texts } = seen()
      const cache = yield* open
      const theirs = {
        home_account_id: "grace",
        environment: provider,
        credential_type: "RefreshToken",
        client_id: "client",
        secret: "hers",
        noted: [1]
      }
      const bound = {
        home_account_id: "ada",
        environment: provider,
        credential_type: "AccessToken",
        client_id: "client",
        secret: "bound",
        token_type: "pop",
        expires_on: "4102444800"
      }
      texts.set(
        nameOf(ada),
        JSON.stringify({ AccessToken: { bound }, RefreshToken: { theirs }, Unknown: { section: true }, version: 3 })
      )
      yield* put(cache, ada, "token")
      expect(yield* secretAt(cache, ada)).toBe("token")
      expect(JSON.parse(texts.get(nameOf(ada)) ?? "")).toMatchObject({
        AccessToken: { bound },
        RefreshToken: { theirs },
        Unknown: { section: true },
        version: 3
      })
    }))
})

describe("a damaged store", () => {
  const entries = ["damaged", "{", "[]", "null", "3", "{\"RefreshToken\":3}", "{\"AccessToken\":[]}"]

  it.effect.each(entries)("has an entry that is left as it is: %s", (text) =>
    Effect.gen(function*() {
      const { calls, open, texts } = seen()
      const cache = yield* open
      yield* put(cache, ada, "token")
      yield* put(cache, grace, "hers")
      texts.set(nameOf(ada), text)
      const before = [...texts]
      calls.length = 0
      expect(yield* Effect.flip(cache.read(ada))).toMatchObject({ _tag: "CacheUnavailable", operation: "read" })
      expect(yield* listed(cache)).toEqual(["grace"])
      for (const change of [put(cache, ada, "another"), remove(cache, ada)]) {
        expect(yield* Effect.flip(change)).toMatchObject({ _tag: "CacheUnavailable", operation: "modify" })
      }
      expect([...texts]).toEqual(before)
      expect(calls.filter(([method]) => method !== "get")).toEqual([])
      expect(yield* secretAt(cache, grace)).toBe("hers")
      texts.delete(nameOf(ada))
      yield* put(cache, ada, "mended")
      expect(yield* listed(cache)).toEqual(["ada", "grace"])
    }))

  it.effect.each(["damaged", "", "{}", "[1]", "[\"ada\"", "null"])(
    "has an index that is left as it is: %s",
    (text) =>
      Effect.gen(function*() {
        const { open, texts } = seen()
        const cache = yield* open
        yield* put(cache, ada, "token")
        texts.set(indexName, text)
        const before = [...texts]
        expect(yield* Effect.flip(cache.list(provider))).toMatchObject({ _tag: "CacheUnavailable", operation: "list" })
        for (const key of [ada, grace]) {
          expect(yield* Effect.flip(put(cache, key, "another"))).toMatchObject({
            _tag: "CacheUnavailable",
            operation: "modify"
          })
        }
        expect([...texts]).toEqual(before)
        expect(yield* secretAt(cache, ada)).toBe("token")
        yield* put(cache, app, "its own")
        texts.delete(indexName)
        yield* put(cache, ada, "mended")
        expect(yield* listed(cache)).toEqual(["ada"])
      })
  )

  it.effect("says what is damaged, and nothing of what it holds", () =>
    Effect.gen(function*() {
      const { open, texts } = seen()
      const cache = yield* open
      texts.set(nameOf(ada), "{\"RefreshToken\": a secret")
      texts.set(indexName, "a secret")
      const errors = [yield* Effect.flip(cache.read(ada)), yield* Effect.flip(cache.list(provider))]
      expect(errors.map(({ message }) => message)).toEqual([
        expect.stringContaining("An entry"),
        expect.stringContaining("The index")
      ])
      expect(`${inspect(errors, { depth: 9 })}${JSON.stringify(errors)}`).not.toContain("a secret")
    }))

  it.effect("lists nobody whose entry is missing, and forgets them with their removal", () =>
    Effect.gen(function*() {
      const { open, texts } = seen()
      const cache = yield* open
      yield* put(cache, ada, "token")
      yield* put(cache, grace, "hers")
      texts.delete(nameOf(ada))
      expect(yield* listed(cache)).toEqual(["grace"])
      yield* remove(cache, ada)
      expect(texts.get(indexName)).toBe("[\"grace\"]")
    }))
})

describe("a store that fails", () => {
  const operations = {
    read: (cache: TokenCache.Service) => cache.read(ada),
    list: (cache: TokenCache.Service) => cache.list(provider),
    add: (cache: TokenCache.Service) => put(cache, grace, "hers"),
    change: (cache: TokenCache.Service) => put(cache, ada, "changed"),
    remove: (cache: TokenCache.Service) => remove(cache, ada)
  }

  const cases = [
    ["read", "get", nameOf(ada)],
    ["list", "get", indexName],
    ["list", "get", nameOf(ada)],
    ["add", "get", nameOf(grace)],
    ["add", "get", indexName],
    ["add", "set", indexName],
    ["add", "set", nameOf(grace)],
    ["change", "get", nameOf(ada)],
    ["change", "set", nameOf(ada)],
    ["remove", "get", nameOf(ada)],
    ["remove", "remove", nameOf(ada)],
    ["remove", "get", indexName],
    ["remove", "set", indexName]
  ] as const

  it.effect.each(cases)(
    "is told, and loses nobody: to %s, at %s of %s",
    ([what, method, name]) =>
      Effect.gen(function*() {
        const { intercept, open, texts } = seen()
        const cache = yield* open
        yield* put(cache, ada, "token")
        intercept((...call) => call[0] === method && call[1] === name ? failure(method) : Effect.void)
        const error = yield* Effect.flip(
          Effect.asVoid<unknown, AuthError.CacheUnavailable, never>(operations[what](cache))
        )
        expect(error).toMatchObject({
          _tag: "CacheUnavailable",
          operation: what === "read" || what === "list" ? what : "modify",
          message: `The key-value store failed to ${method}: PermissionDenied. Try again once it works.`
        })
        expect(`${inspect(error, { depth: 9 })}${JSON.stringify(error)}`).not.toContain("a secret")
        intercept(() => Effect.void)
        for (const key of [ada, grace]) {
          const isListed = (yield* listed(cache)).includes(key.homeAccountId)
          expect(isListed).toBe((yield* secretAt(cache, key)) !== null)
        }
        expect(yield* secretAt(cache, ada)).toBe(what === "remove" && !texts.has(nameOf(ada)) ? null : "token")
        expect(yield* secretAt(cache, grace)).toBeNull()
        yield* operations[what](cache)
        const expected = { read: ["ada"], list: ["ada"], add: ["ada", "grace"], change: ["ada"], remove: [] }[what]
        expect(yield* listed(cache)).toEqual(expected)
        expect(texts.get(indexName)).toBe(JSON.stringify(expected))
      })
  )

  it.effect("holds up nobody afterwards, and says so of defects as well", () =>
    Effect.gen(function*() {
      const { intercept, open } = seen()
      const cache = yield* open
      intercept(() => Effect.die("defect"))
      expect((yield* Effect.exit(put(cache, ada, "token")))._tag).toBe("Failure")
      intercept(() => Effect.void)
      yield* put(cache, ada, "token")
      expect(yield* secretAt(cache, ada)).toBe("token")
    }))
})

describe("changes at the same time", () => {
  it.effect("lose nothing of an account, and nobody of the index", () =>
    Effect.gen(function*() {
      const { open, texts } = seen()
      const cache = yield* open
      const clients = Array.from({ length: 20 }, (_, index) => `client ${index}`)
      const people = Array.from({ length: 20 }, (_, index) => Partition.userKeyAt(provider, `person ${index}`))
      yield* Effect.all([
        Effect.forEach(clients, (clientId) =>
          cache.modify(ada, (partition) => [
            undefined,
            Partition.setRefreshToken(partition, token("token", { clientId }))
          ]), { concurrency: "unbounded" }),
        Effect.forEach(people, (key) => put(cache, key, "token"), { concurrency: "unbounded" })
      ], { concurrency: "unbounded" })
      expect([...(yield* cache.read(ada)).refreshTokens.keys()].sort()).toEqual([...clients].sort())
      const everyone = ["ada", ...people.map(({ homeAccountId }) => homeAccountId)]
      expect((yield* listed(cache)).sort()).toEqual(everyone.sort())
      yield* Effect.forEach(people, (key) => remove(cache, key), { concurrency: "unbounded" })
      expect(texts.get(indexName)).toBe("[\"ada\"]")
    }))

  it.effect("wait for those at the same provider only, and reads for none", () =>
    Effect.gen(function*() {
      const { intercept, open } = seen()
      const cache = yield* open
      const elsewhere = Partition.userKeyAt("https://another.example.com", "ada")
      yield* put(cache, ada, "token")
      const gate = yield* Deferred.make<void>()
      intercept((method, name) => method === "set" && name === nameOf(ada) ? Deferred.await(gate) : Effect.void)
      const slow = yield* Effect.fork(put(cache, ada, "changed"))
      const next = yield* Effect.fork(put(cache, grace, "hers"))
      yield* Effect.gen(function*() {
        yield* put(cache, elsewhere, "elsewhere")
        expect(yield* secretAt(cache, elsewhere)).toBe("elsewhere")
        expect(yield* secretAt(cache, ada)).toBe("token")
        expect(yield* listed(cache)).toEqual(["ada"])
        expect(next.unsafePoll()).toBeNull()
      }).pipe(Effect.ensuring(Deferred.succeed(gate, undefined)))
      yield* Fiber.joinAll([slow, next])
      expect(yield* secretAt(cache, ada)).toBe("changed")
      expect(yield* secretAt(cache, grace)).toBe("hers")
    }))

  it.effect.each(
    [
      ["the index", "set", indexName],
      ["the entry", "set", nameOf(grace)]
    ] as const
  )("are not cut short by an interruption while %s is written", ([, method, name]) =>
    Effect.gen(function*() {
      const { intercept, open, texts } = seen()
      const cache = yield* open
      yield* put(cache, ada, "token")
      const isReached = yield* Deferred.make<void>()
      const gate = yield* Deferred.make<void>()
      intercept((...call) =>
        call[0] === method && call[1] === name
          ? Effect.zipRight(Deferred.succeed(isReached, undefined), Deferred.await(gate))
          : Effect.void
      )
      const fiber = yield* Effect.fork(put(cache, grace, "hers"))
      yield* Deferred.await(isReached)
      const waiting = yield* Effect.fork(put(cache, ada, "never"))
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(waiting)
      const interrupting = yield* Effect.fork(Fiber.interrupt(fiber))
      yield* Effect.yieldNow()
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(interrupting)
      expect(yield* secretAt(cache, grace)).toBe("hers")
      expect(yield* secretAt(cache, ada)).toBe("token")
      expect(texts.get(indexName)).toBe("[\"ada\",\"grace\"]")
    }))

  it.effect("wait for a change that throws no longer than it takes", () =>
    Effect.gen(function*() {
      const { open, texts } = seen()
      const cache = yield* open
      const broken = cache.modify(ada, () => {
        throw new Error("A change that throws.")
      })
      const exits = yield* Effect.all([Effect.exit(broken), Effect.exit(put(cache, grace, "hers"))], {
        concurrency: "unbounded"
      })
      expect(exits.map(({ _tag }) => _tag)).toEqual(["Failure", "Success"])
      expect(texts.get(indexName)).toBe("[\"grace\"]")
    }))
})

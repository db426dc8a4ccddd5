import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Fault from "../../src/scenario/Fault.js"
import * as Faults from "../../src/state/Faults.js"

const request: Faults.Request = {
  endpoint: "token",
  grantType: "password",
  clientId: "a0000000-0000-4000-8000-000000000001",
  username: "jane@contoso.example"
}

const drop = (rest: Omit<Extract<Fault.Input, { readonly kind: "drop" }>, "kind"> = {}): Fault.Fault =>
  Schema.decodeSync(Fault.Fault)({ kind: "drop", ...rest })

/** How many faults befall each of so many requests. */
const count = (faults: Faults.Faults, requests: number, one: Faults.Request = request) =>
  Effect.map(Effect.replicateEffect(faults.befalling(one), requests), (all) => all.map(({ length }) => length))

describe("faults", () => {
  it.effect.each<readonly [what: string, rest: Parameters<typeof drop>[0], befallen: ReadonlyArray<number>]>([
    ["every request", {}, [1, 1, 1, 1]],
    ["as many as they say", { times: 2 }, [1, 1, 0, 0]],
    ["none that are spared", { after: 2 }, [0, 0, 1, 1]],
    ["so many after those that are spared", { after: 1, times: 2 }, [0, 1, 1, 0]]
  ])("befall %s", ([, rest, befallen]) =>
    Effect.gen(function*() {
      expect(yield* count(Faults.make([drop(rest)]), 4)).toEqual(befallen)
    }))

  it.effect.each<readonly [on: Partial<Fault.Match>, befalls: boolean]>([
    [{}, true],
    [{ endpoint: "token" }, true],
    [{ endpoint: "keys" }, false],
    [{ grantType: "password" }, true],
    [{ grantType: "refresh_token" }, false],
    [{ clientId: "A0000000-0000-4000-8000-000000000001" }, true],
    [{ clientId: "a0000000-0000-4000-8000-000000000002" }, false],
    [{ username: "JANE@contoso.example" }, true],
    [{ username: "sam@contoso.example" }, false],
    [{ endpoint: "token", grantType: "password", username: "jane@contoso.example" }, true],
    [{ endpoint: "token", grantType: "password", username: "sam@contoso.example" }, false]
  ])("on %j", ([on, befalls]) =>
    Effect.gen(function*() {
      expect(yield* count(Faults.make([drop({ on })]), 1)).toEqual([befalls ? 1 : 0])
    }))

  it.effect("do not befall what shows nothing of what they are for", () =>
    Effect.gen(function*() {
      const faults = Faults.make([
        drop({ on: { clientId: "x" } }),
        drop({ on: { username: "x" } }),
        drop({ on: { grantType: "x" } })
      ])
      const bare = { endpoint: "keys", grantType: undefined, clientId: undefined, username: undefined } as const
      expect(yield* count(faults, 1, bare)).toEqual([0])
    }))

  it.effect("count only the requests that are meant", () =>
    Effect.gen(function*() {
      const faults = Faults.make([drop({ on: { endpoint: "token" }, after: 1, times: 1 })])
      expect(yield* count(faults, 3, { ...request, endpoint: "keys" })).toEqual([0, 0, 0])
      expect(yield* count(faults, 3)).toEqual([0, 1, 0])
    }))

  it.effect("befall a request together, and each is used up by itself", () =>
    Effect.gen(function*() {
      const faults = Faults.make([drop({ times: 1 }), drop({ times: 2 })])
      yield* faults.add(drop({ after: 3 }))
      expect(yield* count(faults, 4)).toEqual([2, 1, 0, 1])
    }))

  it.effect("are pending until they are used up or cleared", () =>
    Effect.gen(function*() {
      const faults = Faults.make([drop({ times: 1 }), drop()])
      expect(yield* faults.pending).toHaveLength(2)
      yield* faults.befalling(request)
      expect(yield* faults.pending).toHaveLength(1)
      yield* faults.clear
      expect(yield* faults.pending).toEqual([])
      expect(yield* faults.befalling(request)).toEqual([])
    }))
})

import { describe, expect, it } from "@effect/vitest"
import { Partition } from "@grantwork/core"
import * as Effect from "effect/Effect"
import { cacheOver } from "./support/atRedis.js"
import { appKey, withAccessToken } from "./support/partitions.js"
import { scriptedRedis } from "./support/scriptedRedis.js"

describe("an entry that would be too long", () => {
  const one = withAccessToken("token", 3600)(Partition.empty)

  const changes: Record<string, () => Partition.Partition> = {
    "one long token": () => withAccessToken("t".repeat(8_000_000), 3600)(Partition.empty),
    "very many tokens": () => ({
      ...one,
      accessTokens: new Map(Array.from(one.accessTokens, ([clientId, tokens]) => [
        clientId,
        tokens.flatMap((token) =>
          Array.from({ length: 200_000 }, (_, index) => ({ ...token, scopes: [`scope-${index}`] }))
        )
      ]))
    })
  }

  it.scoped.each(Object.keys(changes))("is not sent, and its writer is told so: %s", (name) =>
    Effect.gen(function*() {
      for (const whenUnavailable of ["fail", "continue"] as const) {
        const { client, sent } = scriptedRedis("well")
        const tokens = yield* cacheOver({ client, whenUnavailable })
        const error = yield* Effect.flip(tokens.modify(appKey, () => [undefined, changes[name]?.() ?? one]))
        expect(error).toMatchObject({ _tag: "CacheUnavailable", operation: "modify" })
        expect(error.message).toContain("longer than 8000000 characters")
        expect(sent).toEqual(["get"])
      }
    }))
})

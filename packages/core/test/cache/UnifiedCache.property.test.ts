import * as Option from "effect/Option"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Partition from "../../src/cache/Partition.js"
import * as UnifiedCache from "../../src/cache/UnifiedCache.js"
import { changed, type Owned, severalOwned } from "./arbitraries.js"
import { all, contents, parsed, written } from "./records.js"
import { dotnet } from "./samples/dotnet.js"
import { node } from "./samples/node.js"
import { python } from "./samples/python.js"

const samples = fc.constantFrom({}, python, node, dotnet)

const writeAll = (cache: UnifiedCache.UnifiedCache, several: ReadonlyArray<Owned>) =>
  several.reduce((cache, { key, partition }) => UnifiedCache.write(cache, key, partition), cache)

const again = (cache: UnifiedCache.UnifiedCache) => parsed(written(cache))

const countOf = (partition: Partition.Partition): number =>
  Object.values(all(partition)).reduce((count, records) => count + records.length, 0)

const entriesOf = (cache: UnifiedCache.UnifiedCache): number =>
  ["AccessToken", "AccessToken_With_AuthScheme", "RefreshToken", "IdToken", "Account"].reduce(
    (count, section) => count + Object.keys(written(cache)[section] ?? {}).length,
    0
  )

describe("any partitions", () => {
  it("come out as they went in, whatever else is there, and each has entries of its own", () => {
    fc.assert(
      fc.property(samples, severalOwned, (sample, several) => {
        const before = parsed(sample)
        const cache = again(writeAll(before, several))
        for (const { key, partition } of several) {
          expect(contents(UnifiedCache.read(cache, key))).toEqual(contents(partition))
        }
        for (const key of UnifiedCache.keys(before)) {
          if (!several.some((one) => Partition.keyText(one.key) === Partition.keyText(key))) {
            expect(contents(UnifiedCache.read(cache, key))).toEqual(contents(UnifiedCache.read(before, key)))
          }
        }
        const added = several.reduce((count, { partition }) => count + countOf(partition), 0)
        expect(entriesOf(cache)).toBe(entriesOf(before) + added)
      }),
      { numRuns: 200 }
    )
  })

  it("are read the same whichever is read first, and named", () => {
    fc.assert(fc.property(severalOwned, (several) => {
      const cache = writeAll(UnifiedCache.empty, several)
      const filled = several.filter(({ partition }) => !Partition.isEmpty(partition))
      const names = (keys: ReadonlyArray<Partition.Key>) => keys.map(Partition.keyText).sort()
      expect(names(UnifiedCache.keys(again(cache)))).toEqual(names(filled.map(({ key }) => key)))
      const fresh = again(cache)
      const first = new Map(filled.map(({ key }) => [key, UnifiedCache.read(again(cache), key)]))
      const kept = new Map(filled.map(({ key }) => [key, UnifiedCache.read(fresh, key)]))
      for (const { key } of filled.toReversed()) {
        expect(contents(UnifiedCache.read(fresh, key))).toEqual(contents(first.get(key) ?? Partition.empty))
        expect(UnifiedCache.read(fresh, key)).toBe(kept.get(key))
      }
    }))
  })

  it("that are written as they are leave the text as it is", () => {
    fc.assert(fc.property(samples, severalOwned, (sample, several) => {
      const cache = again(writeAll(parsed(sample), several))
      const copied = UnifiedCache.keys(cache).reduce(
        (cache, key) => UnifiedCache.write(cache, key, { ...UnifiedCache.read(cache, key) }),
        cache
      )
      expect(UnifiedCache.stringify(copied)).toBe(UnifiedCache.stringify(cache))
    }))
  })

  it("take the place of those before, and nobody else's", () => {
    fc.assert(fc.property(samples, severalOwned, changed, (sample, several, [before, after]) => {
      const others = several.filter(({ key }) => Partition.keyText(key) !== Partition.keyText(before.key))
      const cache = again(writeAll(parsed(sample), [before, ...others]))
      const replaced = again(UnifiedCache.write(cache, after.key, after.partition))
      expect(contents(UnifiedCache.read(replaced, after.key))).toEqual(contents(after.partition))
      for (const { key, partition } of others) {
        expect(contents(UnifiedCache.read(replaced, key))).toEqual(contents(partition))
      }
      expect(entriesOf(replaced) - entriesOf(cache)).toBe(countOf(after.partition) - countOf(before.partition))
      const removed = again(UnifiedCache.write(replaced, after.key, Partition.empty))
      expect(UnifiedCache.keys(removed).map(Partition.keyText)).not.toContain(Partition.keyText(after.key))
      expect(entriesOf(removed)).toBe(entriesOf(replaced) - countOf(after.partition))
    }))
  })

  it("may be written all at once", () => {
    fc.assert(fc.property(samples, severalOwned, (sample, several) => {
      const atOnce = UnifiedCache.writeAll(parsed(sample), several)
      expect(written(atOnce)).toEqual(written(writeAll(parsed(sample), several)))
    }))
  })
})

describe("any text", () => {
  const damaged = fc.tuple(fc.constantFrom(python, node, dotnet), fc.nat(), fc.nat(), fc.string()).map(
    ([sample, start, length, inserted]) => {
      const text = JSON.stringify(sample)
      const from = start % text.length
      return text.slice(0, from) + inserted + text.slice(from + length % 50)
    }
  )
  const entry = fc.dictionary(
    fc.constantFrom("home_account_id", "environment", "client_id", "secret", "realm", "expires_on", "target", "name"),
    fc.jsonValue({ maxDepth: 1 })
  )
  const odd = fc.dictionary(
    fc.constantFrom(
      "AccessToken",
      "AccessToken_With_AuthScheme",
      "RefreshToken",
      "IdToken",
      "Account",
      "AppMetadata",
      "Unknown",
      "__proto__"
    ),
    fc.oneof(fc.dictionary(fc.string(), fc.oneof(entry, fc.jsonValue({ maxDepth: 1 }))), fc.jsonValue({ maxDepth: 1 }))
  ).map((sections) => JSON.stringify(sections))

  it("is read or refused, and never thrown at", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), damaged, odd), (text) => {
        const cache = Option.getOrElse(UnifiedCache.parse(text), () => UnifiedCache.empty)
        for (const key of UnifiedCache.keys(cache)) {
          const partition = UnifiedCache.read(cache, key)
          expect(typeof UnifiedCache.stringify(UnifiedCache.write(cache, key, Partition.empty))).toBe("string")
          expect(countOf(partition)).toBeGreaterThanOrEqual(0)
        }
      }),
      { numRuns: 500 }
    )
  })

  it("that is read means the same when it is written again", () => {
    fc.assert(
      fc.property(fc.oneof(odd, damaged, fc.json()), (text) => {
        const cache = UnifiedCache.parse(text)
        fc.pre(Option.isSome(cache) && text.trim() !== "")
        const json: unknown = JSON.parse(text)
        expect(JSON.parse(UnifiedCache.stringify(cache.value))).toEqual(JSON.parse(JSON.stringify(json)))
      }),
      { numRuns: 300 }
    )
  })

  it("of integers keeps each of their digits", () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n })), fc.string(), (numbers, name) => {
        const text = `{"Unknown":{${JSON.stringify(name)}:[${[...numbers, "1e999"].join()}]}}`
        expect(UnifiedCache.stringify(Option.getOrThrow(UnifiedCache.parse(text)))).toBe(text)
      })
    )
  })
})

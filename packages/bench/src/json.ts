/**
 * MSAL's JSON in and out, of many accounts.
 */
import { Partition, UnifiedCache } from "@grantwork/core"
import * as Option from "effect/Option"
import { microsoft } from "./authority.js"
import { compare, type Contestant } from "./compare.js"
import { makeMsal } from "./msal.js"
import { people } from "./people.js"
import { type Aim, atMost, number, print, table, times } from "./report.js"
import { unifiedJson } from "./unifiedJson.js"

const accounts = 1000

const labels = {
  parse: "floor: JSON.parse",
  read: "UnifiedCache.parse, one account read",
  readAll: "UnifiedCache.parse, every account read",
  deserialize: "msal-node deserialize",
  stringify: "floor: JSON.stringify",
  write: "one account written, UnifiedCache.stringify",
  writeAll: "every account written anew, UnifiedCache.stringify",
  serialize: "msal-node serialize"
}

const reading = ["parse", "read", "readAll", "deserialize"]

const parse = (text: string) => Option.getOrThrow(UnifiedCache.parse(text))

/** Its access tokens are new records, as after a refresh. */
const refreshed = (partition: Partition.Partition): Partition.Partition => ({
  ...partition,
  accessTokens: new Map(
    Array.from(partition.accessTokens, ([clientId, tokens]) => [clientId, tokens.map((token) => ({ ...token }))])
  )
})

const contestants = (): ReadonlyArray<Contestant> => {
  const text = unifiedJson(people(accounts), microsoft)
  const cache = parse(text)
  const keys = UnifiedCache.keys(cache)
  const partitions = keys.map((key) => ({ key, partition: UnifiedCache.read(cache, key) }))
  const [one = { key: Partition.userKeyAt("", ""), partition: Partition.empty }] = partitions
  const sections: unknown = JSON.parse(text)
  const msal = makeMsal(microsoft, { json: text }).application.getTokenCache()
  const readAll = () => {
    const parsed = parse(text)
    return keys.map((key) => UnifiedCache.read(parsed, key))
  }
  const work: Readonly<Record<keyof typeof labels, () => unknown>> = {
    parse: (): unknown => JSON.parse(text),
    read: () => UnifiedCache.read(parse(text), one.key),
    readAll,
    deserialize: () => msal.deserialize(text),
    stringify: () => JSON.stringify(sections),
    write: () => UnifiedCache.stringify(UnifiedCache.write(cache, one.key, refreshed(one.partition))),
    writeAll: () => UnifiedCache.stringify(UnifiedCache.writeAll(UnifiedCache.empty, partitions)),
    serialize: () => msal.serialize()
  }
  return Object.entries(work).map(([name, run]) => ({ name, runs: [async () => run()] }))
}

export const measureJson = async (): Promise<ReadonlyArray<Aim>> => {
  const { micros, ratio } = await compare(contestants(), { rounds: 15, turnMillis: 50, inFlight: 1, isSwept: true })
  print(
    "MSAL's JSON of 1,000 accounts: milliseconds, and how many times the floor's",
    "",
    ...table(
      ["", "milliseconds", "against the floor"],
      Object.entries(labels).map(([name, label]) => [
        label,
        number(micros(name) / 1000),
        times(ratio(name, reading.includes(name) ? "parse" : "stringify"))
      ])
    ),
    ""
  )
  return [
    atMost(1.5, "JSON, UnifiedCache.parse and one account read, against JSON.parse", ratio("read", "parse")),
    atMost(1.6, "JSON, one account written and stringified, against JSON.stringify", ratio("write", "stringify"))
  ]
}

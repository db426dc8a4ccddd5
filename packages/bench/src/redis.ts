/**
 * A cache in Redis: a hit, and what goes over the network for it.
 */
import { compare, evenTurns } from "./compare.js"
import { peopleAmong } from "./people.js"
import { labels, type Name, startFleet } from "./redisFleet.js"
import { type Traffic, trafficOf } from "./redisTraffic.js"
import { type Aim, atLeast, atMost, exactly, number, print, table, times } from "./report.js"
import { hasRedis } from "./startRedis.js"

type Fleet = Awaited<ReturnType<typeof startFleet>>

const fleetSize = 10_000
const columns = ["1", "10,000", "10,000, decoded anew"] as const

const hits: ReadonlyArray<Name> = ["floor", "program", "firstLevel", "msal"]
const names: ReadonlyArray<Name> = [...hits, "change"]

/** Ours remembers what it decoded of a thousand accounts. */
const join = async (column: typeof columns[number], fleet: Fleet, size: number, asked: number) => {
  const { close, runs } = await fleet.join(peopleAmong(asked, size))
  for (const run of hits.flatMap((name) => runs[name])) {
    await run()
  }
  return {
    contestants: (some: ReadonlyArray<Name>) => some.map((name) => ({ name: `${name} ${column}`, runs: runs[name] })),
    count: async () => {
      const counted = new Map<Name, Traffic>()
      for (const name of names) {
        counted.set(name, await trafficOf(fleet.client, runs[name]))
      }
      return (name: Name): Traffic => counted.get(name) ?? { roundTrips: NaN, bytes: NaN }
    },
    close
  }
}

export const measureRedis = async (): Promise<ReadonlyArray<Aim>> => {
  if (!hasRedis()) {
    print("Redis is left out. Install Debian's package redis-server to measure it.", "")
    return []
  }
  const small = await startFleet(1)
  const large = await startFleet(fleetSize)
  const alone = await join("1", small, 1, 1)
  const again = await join("10,000", large, fleetSize, 100)
  const anew = await join("10,000, decoded anew", large, fleetSize, 2000)
  const all = [alone, again, anew]
  const { micros, ratio } = await compare(all.flatMap(({ contestants }) => contestants(hits)), evenTurns)
  const one = await alone.count()
  const many = await again.count()
  const changes = await compare(all.flatMap(({ contestants }) => contestants(["change"])), evenTurns)
  await Promise.all(all.map(({ close }) => close()))
  await Promise.all([small.close(), large.close()])
  print(
    "Redis: microseconds for one, by the number of accounts cached",
    "",
    ...table(["", ...columns, "10,000 against 1", "10,000 against the floor"], [
      ...hits.map((name) => [
        labels[name],
        ...columns.map((column) => number(micros(`${name} ${column}`))),
        times(ratio(`${name} 10,000`, `${name} 1`)),
        times(ratio(`${name} 10,000`, "floor 10,000"))
      ]),
      [
        labels.change,
        ...columns.map((column) => number(changes.micros(`change ${column}`))),
        times(changes.ratio("change 10,000", "change 1"))
      ]
    ]),
    "",
    "What the server counted for one, with 1 and with 10,000 accounts cached",
    "",
    ...table(
      ["", "round trips", "bytes answered"],
      names.map((name) => [
        labels[name],
        `${number(one(name).roundTrips)} and ${number(many(name).roundTrips)}`,
        `${number(one(name).bytes)} and ${number(many(name).bytes)}`
      ])
    ),
    "",
    "  The server keeps nothing on the disk. Each account has an application of msal-node of its own, which is the least",
    "  that one can have in memory.",
    ""
  )
  const bytes = many("program").bytes / many("floor").bytes
  return [
    exactly(1, "Redis, round trips of a hit, 1 account", one("program").roundTrips),
    exactly(1, "Redis, round trips of a hit, 10,000 accounts", many("program").roundTrips),
    atMost(1.1, "Redis, bytes of a hit against those of the account's JSON, 10,000 accounts", bytes),
    atMost(1.5, "Redis, hit, 10,000 accounts against 1", ratio("program 10,000", "program 1")),
    atLeast(1, "Redis, hit, faster than msal-node, 10,000 accounts", ratio("msal 10,000", "program 10,000")),
    atLeast(
      1,
      "Redis, hit decoded anew, faster than msal-node",
      ratio("msal 10,000, decoded anew", "program 10,000, decoded anew")
    )
  ]
}

/**
 * A silent cache hit with few and with many accounts cached.
 */
import { compare, type Comparison, type Contestant, evenTurns } from "./compare.js"
import { labels, makeHitSides } from "./hitSides.js"
import { peopleAmong } from "./people.js"
import { type Aim, atLeast, atMost, number, print, table, times } from "./report.js"

/** How many accounts are cached, and in how many columns which number of them is asked for in turn. */
const cases = [
  { size: 1, columns: { "1": 1 } },
  { size: 100, columns: { "100": 100 } },
  { size: 10_000, columns: { "10,000": 100 } },
  { size: 100_000, columns: { "100,000": 100, "100,000, many asked": 10_000 } }
] as const

const columns: ReadonlyArray<string> = cases.flatMap((one) => Object.keys(one.columns))

const show = ({ micros, ratio }: Comparison) => {
  const against = (slower: string, faster: string) =>
    columns.map((column) => times(ratio(`${slower} ${column}`, `${faster} ${column}`)))
  print(
    "Silent cache hit: microseconds for one, by the number of accounts cached",
    "",
    ...table(["", ...columns, "100,000 against 1"], [
      ...Object.entries(labels).map(([name, label]) => [
        label,
        ...columns.map((column) => number(micros(`${name} ${column}`))),
        times(ratio(`${name} 100,000`, `${name} 1`))
      ]),
      ["program against the floor", ...against("program", "floor")],
      ["facade against the floor", ...against("facade", "floor")],
      ["msal-node against the program", ...against("msal", "program")],
      ["msal-node against the facade", ...against("msal", "facade")]
    ]),
    "",
    "  A hundred of the accounts are asked for in turn, from all over the cache; many are 10,000, more than a processor",
    "  keeps close to itself: there the memory of the machine is measured, in the floor as well.",
    ""
  )
}

export const measureHits = async (): Promise<ReadonlyArray<Aim>> => {
  const prepared = []
  const contestants: Array<Contestant> = []
  for (const { columns, size } of cases) {
    const sides = await makeHitSides(size)
    prepared.push(sides)
    for (const [column, asked] of Object.entries(columns)) {
      for (const [name, runs] of Object.entries(await sides.runsFor(peopleAmong(asked, size)))) {
        contestants.push(...runs.length === 0 ? [] : [{ name: `${name} ${column}`, runs }])
      }
    }
  }
  const comparison = await compare(contestants, evenTurns)
  await Promise.all(prepared.map(({ close }) => close()))
  show(comparison)
  const { ratio } = comparison
  return [
    ...["program", "bounded", "facade"].map((name) =>
      atMost(1.5, `hit, ${name}, 100,000 accounts against 1`, ratio(`${name} 100,000`, `${name} 1`))
    ),
    atMost(1.5, "hit, program against the floor, 1 account", ratio("program 1", "floor 1")),
    atMost(1.5, "hit, program against the floor, 100,000 accounts", ratio("program 100,000", "floor 100,000")),
    atLeast(12, "hit, program faster than msal-node, 1 account", ratio("msal 1", "program 1")),
    atLeast(5000, "hit, program faster than msal-node, 10,000 accounts", ratio("msal 10,000", "program 10,000")),
    atLeast(12, "hit, facade faster than msal-node, 1 account", ratio("msal 1", "facade 1")),
    atLeast(5000, "hit, facade faster than msal-node, 10,000 accounts", ratio("msal 10,000", "facade 10,000"))
  ]
}

/**
 * A silent cache hit with few and with many accounts cached.
 */
import { compare, type Comparison, type Contestant } from "./compare.js"
import { makeFacade } from "./facade.js"
import { makeFloor } from "./floor.js"
import { makeGrantwork, overFetch } from "./grantwork.js"
import { makeMsal } from "./msal.js"
import { people } from "./people.js"
import { type Aim, atLeast, atMost, number, print, table, times } from "./report.js"

const sizes = [1, 100, 10_000] as const
const origin = "https://login.microsoftonline.com"
const msalEnvironment = "login.windows.net"

const labels = {
  floor: "floor: a Map read in an Effect",
  program: "Silent.acquire, Effect program",
  facade: "acquireTokenSilentWithError, facade",
  msal: "msal-node acquireTokenSilent"
}

const once = <A>(runs: ReadonlyArray<() => Promise<A>>) => Promise.all(runs.slice(0, 1).map((run) => run()))

const prepare = async (size: number) => {
  const cached = people(size)
  const floor = makeFloor(cached.map(({ homeAccountId }) => homeAccountId))
  const program = await makeGrantwork(cached, origin, overFetch)
  const facade = await makeFacade(cached, origin)
  const msal = makeMsal(cached, origin, msalEnvironment)
  const sources = [...await once<{ readonly source: string }>(program.silent()), ...await once(facade.silent())]
  const results = await once(msal.silent())
  if (!sources.every(({ source }) => source === "cache") || !results.every(({ fromCache }) => fromCache)) {
    throw new Error("A hit came from elsewhere than the cache.")
  }
  const contestants: ReadonlyArray<Contestant> = [
    { name: `floor ${size}`, runs: floor.reads },
    { name: `program ${size}`, runs: program.silent() },
    { name: `facade ${size}`, runs: facade.silent() },
    { name: `msal ${size}`, runs: msal.silent() }
  ]
  return { contestants, close: () => Promise.all([floor.close(), program.close(), facade.close()]) }
}

const show = ({ micros, ratio }: Comparison) => {
  const against = (slower: string, faster: string) =>
    sizes.map((size) => times(ratio(`${slower} ${size}`, `${faster} ${size}`)))
  print(
    "Silent cache hit: microseconds for one, by the number of accounts cached",
    "",
    ...table(["", ...sizes.map((size) => size.toLocaleString("en-US")), "10,000 against 1"], [
      ...Object.entries(labels).map(([name, label]) => [
        label,
        ...sizes.map((size) => number(micros(`${name} ${size}`))),
        times(ratio(`${name} 10000`, `${name} 1`))
      ]),
      ["program against the floor", ...against("program", "floor")],
      ["facade against the floor", ...against("facade", "floor")],
      ["msal-node against the program", ...against("msal", "program")],
      ["msal-node against the facade", ...against("msal", "facade")]
    ]),
    ""
  )
}

export const measureHits = async (): Promise<ReadonlyArray<Aim>> => {
  const prepared = []
  for (const size of sizes) {
    prepared.push(await prepare(size))
  }
  const contestants = prepared.flatMap((one) => one.contestants)
  const comparison = await compare(contestants, { rounds: 9, turnMillis: 50, inFlight: 1 })
  await Promise.all(prepared.map(({ close }) => close()))
  show(comparison)
  const { ratio } = comparison
  return [
    atMost(1.5, "hit, program, flat in the number of accounts: 10,000 against 1", ratio("program 10000", "program 1")),
    atMost(1.5, "hit, program against the floor, 1 account", ratio("program 1", "floor 1")),
    atMost(1.5, "hit, program against the floor, 10,000 accounts", ratio("program 10000", "floor 10000")),
    atLeast(12, "hit, program faster than msal-node, 1 account", ratio("msal 1", "program 1")),
    atLeast(5000, "hit, program faster than msal-node, 10,000 accounts", ratio("msal 10000", "program 10000")),
    atLeast(12, "hit, facade faster than msal-node, 1 account", ratio("msal 1", "facade 1")),
    atLeast(5000, "hit, facade faster than msal-node, 10,000 accounts", ratio("msal 10000", "facade 10000"))
  ]
}

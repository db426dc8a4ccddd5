/**
 * Every side with so many accounts in its memory.
 */
import { BoundedTokenCache } from "@grantwork/core"
import { microsoft } from "./authority.js"
import { makeFacade } from "./facade.js"
import { makeFloor } from "./floor.js"
import { makeGrantwork } from "./grantwork.js"
import { makeMsal } from "./msal.js"
import { partitionsOf } from "./partitions.js"
import { people, type Person } from "./people.js"
import { unifiedJson, unifiedJsonParts } from "./unifiedJson.js"

/** With more it takes a second for one. */
const mostForMsal = 10_000

export const labels = {
  floor: "floor: a Map read in an Effect",
  program: "Silent.acquire, Effect program",
  bounded: "Silent.acquire, bounded cache",
  facade: "acquireTokenSilentWithError, facade",
  msal: "msal-node acquireTokenSilent"
}

const once = <A>(runs: ReadonlyArray<() => Promise<A>>) => Promise.all(runs.slice(0, 1).map((run) => run()))

export const makeHitSides = async (size: number) => {
  const floor = makeFloor(people(size).map(({ homeAccountId }) => homeAccountId))
  const partitions = [...partitionsOf(unifiedJsonParts(size, microsoft))]
  const program = await makeGrantwork(microsoft, { partitions })
  const bounded = await makeGrantwork(microsoft, { partitions, cache: BoundedTokenCache.layer({ capacity: size }) })
  const facade = await makeFacade(microsoft, unifiedJsonParts(size, microsoft))
  const msal = size <= mostForMsal ? makeMsal(microsoft, { json: unifiedJson(people(size), microsoft) }) : undefined
  return {
    /** Hits of these people's tokens. */
    runsFor: async (wanted: ReadonlyArray<Person>) => {
      const runs = {
        floor: floor.reads(wanted.map(({ homeAccountId }) => homeAccountId)),
        program: program.silent(wanted),
        bounded: bounded.silent(wanted),
        facade: facade.silent(wanted),
        msal: msal?.silent(wanted) ?? []
      }
      const ours = [runs.program, runs.bounded, runs.facade]
      const sources = await Promise.all(ours.map((some) => once<{ readonly source: string }>(some)))
      const results = await once(runs.msal)
      if (!sources.flat().every(({ source }) => source === "cache") || !results.every(({ fromCache }) => fromCache)) {
        throw new Error("A hit came from elsewhere than the cache.")
      }
      return runs
    },
    close: () => Promise.all([floor.close(), program.close(), bounded.close(), facade.close()])
  }
}

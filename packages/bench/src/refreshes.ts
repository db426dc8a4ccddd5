/**
 * Refresh grants against the token server, one after the other and many at the same time.
 */
import { authorityAt } from "./authority.js"
import { compare, type Comparison } from "./compare.js"
import { makeGrantwork, overFetch, overUndici } from "./grantwork.js"
import { makeMsal } from "./msal.js"
import { partitionsOf } from "./partitions.js"
import { people } from "./people.js"
import { type Aim, atLeast, number, print, table, times } from "./report.js"
import { startTokenServer } from "./startTokenServer.js"
import { unifiedJson } from "./unifiedJson.js"

const manyAccounts = 1000
const lanes = [1, 16] as const

const labels = {
  undici: "Silent.acquire over undici",
  fetch: "Silent.acquire over fetch",
  msal: "msal-node acquireTokenSilent"
}

interface Case {
  readonly inFlight: number
  readonly accounts: number
  readonly comparison: Comparison
}

const measure = async (inFlight: number, accounts: number, origin: string): Promise<Case> => {
  const cached = people(accounts)
  const authority = authorityAt(origin)
  const json = unifiedJson(cached, authority)
  const undici = await makeGrantwork(authority, { httpClient: overUndici, partitions: partitionsOf([json]) })
  const fetch = await makeGrantwork(authority, { httpClient: overFetch, partitions: partitionsOf([json]) })
  const msal = makeMsal(authority, { json })
  const forced = true
  const comparison = await compare([
    { name: "undici", runs: undici.silent(cached, forced) },
    { name: "fetch", runs: fetch.silent(cached, forced) },
    { name: "msal", runs: msal.silent(cached, forced) }
  ], { rounds: 15, turnMillis: 100, inFlight })
  await Promise.all([undici.close(), fetch.close()])
  return { inFlight, accounts, comparison }
}

const show = (cases: ReadonlyArray<Case>, tokenRequests: number) => {
  const refreshes = cases.reduce((sum, { comparison }) => sum + comparison.runs, 0)
  const against = (name: string) => cases.map(({ comparison }) => times(comparison.ratio("msal", name)))
  print(
    "Refresh grant: refreshes per second, by what is in flight and the number of accounts cached",
    "",
    ...table(["", ...cases.map(({ accounts, inFlight }) => `${inFlight} in flight, ${number(accounts)} cached`)], [
      ...Object.entries(labels).map((
        [name, label]
      ) => [label, ...cases.map(({ comparison }) => number(1_000_000 / comparison.micros(name)))]),
      ["undici against msal-node", ...against("undici")],
      ["fetch against msal-node", ...against("fetch")]
    ]),
    "",
    "  Each refresh is forced, and each one in flight is another account's. The server counted:",
    `  ${number(tokenRequests)} token requests for ${number(refreshes)} refreshes.`,
    "  The token server is a process of its own on loopback, over plain http for both sides; msal-node, which takes",
    "  only an https authority, is told the server's endpoints as metadata. Its network client is its own: fetch.",
    "  Ours verifies the RS256 signature and the claims of each ID token before it caches; msal-node does not.",
    ""
  )
}

const aimOf = ({ accounts, comparison, inFlight }: Case): Aim => {
  const ratio = comparison.ratio("msal", "undici")
  return accounts === manyAccounts
    ? atLeast(20, `refresh, above msal-node, ${inFlight} in flight, 1,000 accounts cached`, ratio)
    : atLeast(1, `refresh, above msal-node, ${inFlight} in flight, no other account cached`, ratio)
}

export const measureRefreshes = async (): Promise<ReadonlyArray<Aim>> => {
  const server = await startTokenServer(manyAccounts)
  const cases: Array<Case> = []
  for (const inFlight of lanes) {
    cases.push(await measure(inFlight, inFlight, server.origin), await measure(inFlight, manyAccounts, server.origin))
  }
  show(cases, await server.tokenRequests())
  await server.close()
  return cases.map(aimOf)
}

/**
 * A hit with few and with many tokens: of one account for its scopes, and of an application for its resources.
 */
import { ClientCredentials, Silent } from "@grantwork/core"
import { microsoft } from "./authority.js"
import { compare, type Comparison, type Contestant, evenTurns } from "./compare.js"
import { accountOf as facadeAccountOf, makeFacade } from "./facade.js"
import { makeFloor } from "./floor.js"
import { accountOf, makeGrantwork } from "./grantwork.js"
import { accountOf as msalAccountOf, makeConfidentialMsal } from "./msal.js"
import { partitionsOf } from "./partitions.js"
import { accessTokenOf, personOf } from "./people.js"
import { type Aim, atMost, number, print, table, times } from "./report.js"
import { unifiedJson, unifiedJsonOfApp } from "./unifiedJson.js"

const sizes = [1, 100, 1000] as const
const kinds = ["account", "app"] as const
type Kind = typeof kinds[number]

const labels = {
  floor: "floor: a Map read in an Effect",
  program: "Effect program",
  facade: "facade",
  msal: "msal-node"
}

const titles = {
  account: "Silent cache hit of one account: microseconds for one, by the number of its access tokens",
  app: "Hit by client credentials: microseconds for one, by the number of the application's resources"
}

const jsonOf = (kind: Kind, targets: ReadonlyArray<string>): string =>
  kind === "account"
    ? unifiedJson([personOf(0)], microsoft, { targets })
    : unifiedJsonOfApp(microsoft, accessTokenOf(0), targets)

const prepare = async (kind: Kind, size: number) => {
  const targets = Array.from(
    { length: size },
    (_, index) => `api://resource-${index}/${kind === "account" ? "read" : ".default"}`
  )
  const json = jsonOf(kind, targets)
  const floor = makeFloor(targets)
  const program = await makeGrantwork(microsoft, { partitions: partitionsOf([json]), isConfidential: true })
  const facade = await makeFacade(microsoft, [json])
  const msal = makeConfidentialMsal(microsoft, json)
  const person = personOf(0)
  const account = accountOf(person, microsoft)
  const facadeAccount = facadeAccountOf(person, microsoft)
  const msalAccount = msalAccountOf(person, microsoft)
  const each = (run: (scopes: Array<string>) => Promise<unknown>) => targets.map((target) => () => run([target]))
  const calls = {
    account: {
      program: each((scopes) => program.run(Silent.acquire({ scopes, account }))),
      facade: each((scopes) => facade.application.acquireTokenSilentWithError({ scopes, account: facadeAccount })),
      msal: each((scopes) => msal.acquireTokenSilent({ scopes, account: msalAccount }))
    },
    app: {
      program: each((scopes) => program.run(ClientCredentials.acquire({ scopes }))),
      facade: each((scopes) => facade.application.acquireTokenByClientCredential({ scopes })),
      msal: each((scopes) => msal.acquireTokenByClientCredential({ scopes }))
    }
  }
  return {
    contestants: Object.entries({ floor: floor.reads(targets), ...calls[kind] }).map(([name, runs]): Contestant => ({
      name: `${name} ${size}`,
      runs
    })),
    close: () => Promise.all([floor.close(), program.close(), facade.close()])
  }
}

const show = (kind: Kind, { micros, ratio }: Comparison) => {
  const against = (slower: string, faster: string) =>
    sizes.map((size) => times(ratio(`${slower} ${size}`, `${faster} ${size}`)))
  print(
    titles[kind],
    "",
    ...table(["", ...sizes.map(number), "1,000 against 1"], [
      ...Object.entries(labels).map(([name, label]) => [
        label,
        ...sizes.map((size) => number(micros(`${name} ${size}`))),
        times(ratio(`${name} 1000`, `${name} 1`))
      ]),
      ["program against the floor", ...against("program", "floor")],
      ["msal-node against the program", ...against("msal", "program")],
      ["msal-node against the facade", ...against("msal", "facade")]
    ]),
    ""
  )
}

export const measureTokens = async (): Promise<ReadonlyArray<Aim>> => {
  const aims: Array<Aim> = []
  for (const kind of kinds) {
    const prepared = await Promise.all(sizes.map((size) => prepare(kind, size)))
    const contestants = prepared.flatMap((one) => one.contestants)
    const comparison = await compare(contestants, evenTurns)
    await Promise.all(prepared.map(({ close }) => close()))
    show(kind, comparison)
    for (const name of ["program", "facade"]) {
      const many = kind === "account" ? "1,000 tokens of an account" : "1,000 resources of an app"
      aims.push(atMost(1.5, `hit, ${name}, ${many} against 1`, comparison.ratio(`${name} 1000`, `${name} 1`)))
    }
  }
  return aims
}

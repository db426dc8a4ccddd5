/**
 * Listing the accounts, and removing one.
 */
import { Accounts, ClientApplication, Partition, TokenCache } from "@grantwork/core"
import type { Account } from "@grantwork/core/Account"
import * as Effect from "effect/Effect"
import { microsoft } from "./authority.js"
import { compare, type Comparison, type Contestant, evenTurns } from "./compare.js"
import { accountOf, makeGrantwork } from "./grantwork.js"
import { accountOf as msalAccountOf, makeMsal } from "./msal.js"
import { partitionsOf } from "./partitions.js"
import { people, peopleAmong } from "./people.js"
import { type Aim, atMost, number, print, table, times } from "./report.js"
import { unifiedJson } from "./unifiedJson.js"

const sizes = [1, 100, 1000, 10_000] as const
/** Listing more takes it minutes. */
const mostForMsal = 1000
const removed = 100

const removeAndAdd = (account: Account) =>
  Effect.gen(function*() {
    const { authority } = yield* ClientApplication.ClientApplication
    const cache = yield* TokenCache.TokenCache
    const key = Partition.userKey(authority, account.homeAccountId)
    const partition = yield* cache.read(key)
    yield* Accounts.remove(account)
    yield* cache.modify(key, () => [undefined, partition])
  })

const removeAndAddIn = (map: Map<string, object>, name: string) =>
  Effect.gen(function*() {
    const entry = yield* Effect.fromNullable(map.get(name))
    yield* Effect.sync(() => map.delete(name))
    yield* Effect.sync(() => map.set(name, entry))
  })

/** It cannot add one account again, so that it removes one after the other. */
const msalRemovals = (size: number, { application }: ReturnType<typeof makeMsal>) =>
  people(size).map((person) => {
    const account = msalAccountOf(person, microsoft)
    return () => application.getTokenCache().removeAccount(account)
  })

const prepare = async (size: number) => {
  const json = unifiedJson(people(size), microsoft)
  const program = await makeGrantwork(microsoft, { partitions: partitionsOf([json]) })
  const { application } = makeMsal(microsoft, { json })
  const accounts = peopleAmong(removed, size).map((person) => accountOf(person, microsoft))
  const map = new Map(people(size).map((person) => [person.homeAccountId, accountOf(person, microsoft)]))
  const listing: ReadonlyArray<Contestant> = [
    { name: `floor ${size}`, runs: [() => program.run(Effect.sync(() => [...map.values()]))] },
    { name: `program ${size}`, runs: [() => program.run(Accounts.list())] },
    ...size > mostForMsal ? [] : [{
      name: `msal ${size}`,
      runs: [() => application.getTokenCache().getAllAccounts()]
    }]
  ]
  const removal: ReadonlyArray<Contestant> = [
    {
      name: `floor ${size}`,
      runs: accounts.map(({ homeAccountId }) => () => program.run(removeAndAddIn(map, homeAccountId)))
    },
    { name: `program ${size}`, runs: accounts.map((account) => () => program.run(removeAndAdd(account))) },
    ...size === mostForMsal ? [{ name: `msal ${size}`, runs: msalRemovals(size, makeMsal(microsoft, { json })) }] : []
  ]
  return { listing, removal, close: program.close }
}

const rows = (labels: Readonly<Record<string, string>>, value: (name: string) => ReadonlyArray<string>) =>
  Object.entries(labels).map(([name, label]) => [label, ...value(name)])

const show = (listing: Comparison, removal: Comparison) => {
  const head = ["", ...sizes.map(number)]
  print(
    "Listing the accounts: microseconds per account, by the number of accounts cached",
    "",
    ...table(
      head,
      rows(
        { floor: "floor: a Map's values in an Effect", program: "Accounts.list", msal: "msal-node getAllAccounts" },
        (name) => sizes.map((size) => number(listing.micros(`${name} ${size}`) / size))
      )
    ),
    "",
    "Removing one account and adding it again: microseconds, by the number of accounts cached",
    "",
    ...table(
      [...head, "10,000 against 1"],
      rows(
        {
          floor: "floor: the same of a Map in Effects",
          program: "Accounts.remove, TokenCache.modify",
          msal: "msal-node removeAccount, without adding"
        },
        (name) => [
          ...sizes.map((size) => number(removal.micros(`${name} ${size}`))),
          times(removal.ratio(`${name} 10000`, `${name} 1`))
        ]
      )
    ),
    ""
  )
}

export const measureAccounts = async (): Promise<ReadonlyArray<Aim>> => {
  const prepared = await Promise.all(sizes.map(prepare))
  const listing = await compare(prepared.flatMap((one) => one.listing), { ...evenTurns, rounds: 3 })
  const removal = await compare(prepared.flatMap((one) => one.removal), evenTurns)
  await Promise.all(prepared.map(({ close }) => close()))
  show(listing, removal)
  return [
    atMost(
      1.5,
      "listing, per account, 10,000 accounts against 1,000",
      listing.ratio("program 10000", "program 1000") / 10
    ),
    atMost(1.5, "removing and adding one, 10,000 accounts against 1", removal.ratio("program 10000", "program 1"))
  ]
}

import * as Option from "effect/Option"
import { describe, expect, it } from "vitest"
import * as Partition from "../../src/cache/Partition.js"
import { account } from "./entries.js"
import { adaIn, all, microsoft } from "./records.js"
import { node } from "./samples/node.js"
import * as Values from "./samples/values.js"

const { guestTenantId, homeAccountId, tenantId, uid } = Values

describe("an account", () => {
  const accountsIn = (...entries: ReadonlyArray<object>) =>
    all(
      adaIn({ Account: Object.fromEntries(entries.map((entry, index) => [`key ${index}`, { ...account, ...entry }])) })
    )
      .accounts.map(({ account }) => account)

  it("from before there were profiles is one of its tenant", () => {
    expect(accountsIn({})).toMatchObject([{ tenantId, localAccountId: uid, username: "ada@example.com" }])
  })

  it("with profiles is one in each of their tenants", () => {
    const accounts = all(adaIn(node)).accounts.map(({ account }) => account)
    expect(accounts).toMatchObject([
      { tenantId, localAccountId: uid, username: "ada@example.com" },
      {
        homeAccountId,
        environment: "login.windows.net",
        tenantId: guestTenantId,
        localAccountId: "guest-oid",
        username: "ada_example.com#EXT#@guest.example",
        name: Option.some("Ada, a guest"),
        authorityType: "MSSTS"
      }
    ])
    expect(Partition.account(adaIn(node))).toEqual(Option.some(accounts[0]))
  })

  it("of its own goes before a profile", () => {
    const tenantProfiles = [JSON.stringify({ tenantId: guestTenantId, localAccountId: "p", username: "profile" })]
    const own = { realm: guestTenantId, local_account_id: "own", username: "own" }
    expect(accountsIn({ tenantProfiles }, own)).toMatchObject([{ tenantId }, {
      localAccountId: "own",
      username: "own"
    }])
    expect(accountsIn(own, { tenantProfiles })).toMatchObject([{ localAccountId: "own", username: "own" }, {
      tenantId
    }])
  })

  it.each([
    ["no list", "profiles"],
    ["texts that are no JSON", ["{", "", "1", "null", "[]", "\"text\""]],
    ["no objects", [1, null, [], true]],
    ["no tenants", [{}, { tenantId: 1 }, { tenantId: "" }]],
    ["no more than its own tenant", [{ tenantId: tenantId.toUpperCase(), username: "other" }]]
  ])("whose profiles are %s is one all the same", (_, tenantProfiles) => {
    expect(accountsIn({ tenantProfiles })).toMatchObject([{ tenantId, username: "ada@example.com" }])
  })

  it("whose profiles are objects has them too", () => {
    expect(accountsIn({ tenantProfiles: [{ tenantId: guestTenantId }] })).toMatchObject([{ tenantId }, {
      tenantId: guestTenantId,
      localAccountId: "",
      username: "ada@example.com",
      name: Option.none()
    }])
  })

  it.each<[string, object, object]>([
    ["in any letter case", { home_account_id: homeAccountId.toUpperCase(), realm: tenantId.toUpperCase() }, {
      tenantId
    }],
    ["with common for a realm", { realm: "common" }, { tenantId, localAccountId: uid }],
    ["without a local account id at home", { local_account_id: null }, { localAccountId: uid }],
    ["without a local account id elsewhere", { realm: guestTenantId, local_account_id: null }, { localAccountId: "" }],
    ["without a name to sign in with", { username: null }, { username: "" }],
    ["of another kind", { authority_type: "MSA" }, { authorityType: "MSSTS" }]
  ])("%s is one of the same person", (_, change, expected) => {
    expect(accountsIn(change)).toMatchObject([{ homeAccountId, ...expected }])
  })

  it("written by two programs says what either says", () => {
    const own = { ...account, username: "", local_account_id: "" }
    const theirs = { ...account, environment: "login.windows.net", name: "Ada Lovelace", client_info: "info" }
    const [record, ...others] = all(adaIn({ Account: { own, theirs } })).accounts
    expect(others).toEqual([])
    expect(record).toMatchObject({
      account: { environment: microsoft, username: "ada@example.com", name: Option.some("Ada Lovelace") },
      foreign: { client_info: "info" }
    })
  })
})

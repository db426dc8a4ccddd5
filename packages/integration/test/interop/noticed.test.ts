import { Account, Partition, TokenCache } from "@grantwork/core"
import { DefaultScenario } from "@grantwork/emulator"
import * as FileTokenCache from "@grantwork/node/FileTokenCache"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { describe, expect, it } from "vitest"
import { lacks } from "../support/interop/pythonMsal.js"
import { shareFiles } from "../support/interop/sharedFile.js"
import "../support/patience.js"

const { newPath, start } = shareFiles()

const host = "login.microsoftonline.com"

/** Puts one more account into the file, and sends nothing. */
const addAccount = (number: number) => {
  const localAccountId = `b0000000-0000-4000-8000-${String(number).padStart(12, "0")}`
  const homeAccountId = `${localAccountId}.${DefaultScenario.contoso}`
  const account = new Account.Account({
    homeAccountId,
    localAccountId,
    environment: host,
    tenantId: DefaultScenario.contoso,
    username: `somebody${number}@contoso.example`,
    name: Option.none(),
    authorityType: "MSSTS"
  })
  return Effect.flatMap(
    TokenCache.TokenCache,
    (cache) =>
      cache.modify(Partition.userKeyAt(host, homeAccountId), (held) => [undefined, Partition.setAccount(held, account)])
  )
}

describe.each(["msal-node", "msal for Python"] as const)("%s", (name) => {
  it.skipIf(lacks(name))("notices each of thirty changes that follow its looks at once", async () => {
    const path = newPath()
    const application = await start(name, path)
    const counts: Array<number> = []
    await Effect.runPromise(Effect.provide(
      Effect.gen(function*() {
        for (let number = 1; number <= 30; number++) {
          yield* addAccount(number)
          counts.push((yield* Effect.promise(() => application.accounts())).length)
        }
      }),
      FileTokenCache.layer({ path })
    ))
    expect(counts).toEqual(counts.map((_, index) => index + 1))
  })
})

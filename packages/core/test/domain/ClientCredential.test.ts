import * as Redacted from "effect/Redacted"
import { inspect } from "node:util"
import { expect, it } from "vitest"
import { ClientSecret } from "../../src/domain/ClientCredential.js"

it("a client secret shows in no print", () => {
  const credential = ClientSecret({ secret: Redacted.make("hunter2") })
  expect(credential._tag).toBe("ClientSecret")
  expect(Redacted.value(credential.secret)).toBe("hunter2")
  expect(
    `${JSON.stringify(credential)}${String(credential.secret)}${inspect(credential, { depth: 9, showHidden: true })}`
  )
    .not.toContain("hunter2")
})

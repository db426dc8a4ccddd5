import { ServerRefused } from "@grantwork/promise"
import { expect, it } from "vitest"
import { FormRefused } from "../src/forms.js"
import { logLine } from "../src/problems.js"

it("logs of the provider's refusal what it is, and none of the provider's words", () => {
  const refused = new ServerRefused({
    message: "The account jane@contoso.example is locked.",
    error: "invalid_request",
    errorDescription: "AADSTS50053: jane@contoso.example is locked.",
    errorCodes: [50_053],
    correlationId: "b0000000-0000-4000-8000-000000000001"
  })
  expect(logLine(refused)).toBe("ServerRefused AADSTS50053 b0000000-0000-4000-8000-000000000001")
})

it.each<[error: Error, line: RegExp]>([
  [new ServerRefused({ message: "It is wrong.", correlationId: "a\nan invented line" }), /^ServerRefused$/],
  [new FormRefused("It is wrong."), /^FormRefused$/],
  [Object.assign(new Error("what the visitor sent"), { status: 413 }), /^HTTP 413$/],
  [new TypeError("a mistake of this app"), /^TypeError: a mistake of this app\n +at /]
])("logs %s", (error, line) => {
  expect(logLine(error)).toMatch(line)
})

import { claimsChallenge, InvalidArgument } from "@grantwork/promise"
import { describe, expect, it } from "vitest"
import { untyped } from "./setting.js"

const claims = "{\"access_token\":{\"nbf\":{\"essential\":true}}}"
const encoded = Buffer.from(claims).toString("base64")

describe("a WWW-Authenticate header", () => {
  it.each([
    [`Bearer error="insufficient_claims", claims="${encoded}"`, claims],
    [`Basic realm="x", bearer error=insufficient_claims, claims="${encoded}"`, claims],
    [`Bearer error="invalid_token", claims="${encoded}"`, undefined],
    ["Bearer error=\"insufficient_claims\", claims=\"?\"", undefined],
    ["", undefined],
    [null, undefined],
    [undefined, undefined]
  ])("%j demands %j (feature 102)", (header, demanded) => {
    expect(claimsChallenge(header)).toBe(demanded)
  })

  it.each([[7], [["Bearer"]], [new Headers()]])("is a text, not %j", (header) => {
    expect(() => claimsChallenge(untyped(header))).toThrow(InvalidArgument)
  })
})

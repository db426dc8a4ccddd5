import { Account } from "@grantwork/core"
import * as Option from "effect/Option"
import { describe, expect, it } from "vitest"
import type { IdTokenClaims } from "../../src/domain/Claims.js"
import * as SignInHint from "../../src/protocol/SignInHint.js"

const account = Option.some(
  new Account.Account({
    homeAccountId: "uid.utid",
    environment: "login.microsoftonline.com",
    tenantId: "utid",
    localAccountId: "uid",
    username: "ada@example.com",
    name: Option.none(),
    authorityType: "MSSTS"
  })
)

const claims = (members: object) =>
  Option.some<IdTokenClaims>({ iss: "i", sub: "s", aud: "a", exp: 1, iat: 0, ...members })
const both = claims({ login_hint: "opaque hint", sid: "session of the token" })
const session = claims({ sid: "session of the token" })

const ofClaim = { loginHint: "opaque hint" }
const ofUsername = { loginHint: "ada@example.com" }
const ofRequest = { loginHint: "given@example.com" }
const { loginHint } = ofRequest

describe("the hint for a sign-in (feature 26) (item 63)", () => {
  it.each<[string, Partial<SignInHint.Known>, SignInHint.SignInHint]>([
    ["nothing known", {}, {}],
    ["a name", { loginHint }, ofRequest],
    ["an empty name", { loginHint: "" }, {}],
    ["a session, without a prompt", { sid: "given", prompt: "none" }, { sid: "given" }],
    ["a session, with another prompt", { sid: "given", prompt: "login" }, {}],
    ["a session, with no word on prompts", { sid: "given" }, {}],
    ["a session before a name", { sid: "given", prompt: "none", loginHint }, { sid: "given" }],
    ["a name before a session, with a prompt", { sid: "given", prompt: "consent", loginHint }, ofRequest],
    ["an account", { account }, ofUsername],
    ["an account's hint before its name", { account, claims: both }, ofClaim],
    ["an account's hint before a name", { account, claims: both, loginHint }, ofClaim],
    ["an account's hint before its session", { account, claims: both, prompt: "none" }, ofClaim],
    ["a session before an account's hint", { account, claims: both, sid: "given", prompt: "none" }, { sid: "given" }],
    ["a domain, which an account's hint may not go with", { account, claims: both, domainHint: "d" }, ofUsername],
    ["a domain and a name", { account, claims: both, domainHint: "d", loginHint }, ofRequest],
    ["an account's session, without a prompt", { account, claims: session, prompt: "none" }, {
      sid: "session of the token"
    }],
    ["an account's session, with a prompt", { account, claims: session, prompt: "login" }, ofUsername],
    ["a name before an account's", { account, loginHint }, ofRequest],
    ["an account where another may be selected", { account, claims: both, prompt: "select_account" }, {}],
    ["a session where another may be selected", { sid: "given", prompt: "select_account" }, {}],
    ["a name where another may be selected", { account, loginHint, prompt: "select_account" }, ofRequest]
  ])("%s", (_, known, expected) => {
    expect(SignInHint.choose({ account: Option.none(), claims: Option.none(), ...known })).toEqual(expected)
  })
})

/**
 * Whom the provider is to sign in, as far as the application knows: one hint, by the order that MSAL has.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
 */
import * as Option from "effect/Option"
import type { Account } from "../domain/Account.js"
import * as Claims from "../domain/Claims.js"

/** @category models */
export interface Known {
  readonly prompt?: string | undefined
  readonly loginHint?: string | undefined
  readonly sid?: string | undefined
  readonly domainHint?: string | undefined
  readonly account: Option.Option<Account>
  /** Of the account's ID token. */
  readonly claims: Option.Option<Claims.IdTokenClaims>
}

/** @category models */
export interface SignInHint {
  readonly loginHint?: string
  /** A session at the provider; known to Microsoft only, and without a prompt only. */
  readonly sid?: string
}

/**
 * The hint that goes on the wire. Whoever may select an account is given none of a known account's.
 *
 * @category constructors
 */
export const choose = ({ account, claims, domainHint, loginHint, prompt, sid }: Known): SignInHint => {
  const given = loginHint === undefined || loginHint === "" ? {} : { loginHint }
  if (prompt === "select_account") {
    return given
  }
  if (prompt === "none" && sid !== undefined) {
    return { sid }
  }
  const claimed = Option.flatMap(claims, (claims) => Claims.text(claims, "login_hint"))
  if (Option.isSome(claimed) && (domainHint === undefined || domainHint === "")) {
    return { loginHint: claimed.value }
  }
  const session = Option.flatMap(claims, (claims) => Claims.text(claims, "sid"))
  if (prompt === "none" && Option.isSome(session)) {
    return { sid: session.value }
  }
  const username = Option.match(account, { onNone: () => "", onSome: ({ username }) => username })
  return loginHint === undefined && username !== "" ? { loginHint: username } : given
}

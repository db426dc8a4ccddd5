/**
 * Arguments as core wants them. Callers may not be type-checked: what core takes on trust is checked here.
 */
import { Account as CoreAccount } from "@grantwork/core/Account"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { InvalidArgument } from "./AuthError/Call.js"
import type { Abortable } from "./Requests.js"
import type { Account } from "./TokenResult.js"

/** The signal of a request that has a shape to be read further. */
export const signalOf = (request: Abortable): AbortSignal | undefined => {
  const { signal } = object(request)
  if (signal !== undefined && typeof signal?.throwIfAborted !== "function") {
    throw invalid("signal", "signal has to be an AbortSignal.")
  }
  return signal
}

export const object = <Request>(request: Request): Request => {
  if (typeof request !== "object" || request === null) {
    throw invalid("request", "A call takes one object.")
  }
  return request
}

export const text = (argument: string, value: string): string => {
  if (typeof value !== "string") {
    throw invalid(argument, `${argument} has to be a string.`)
  }
  return value
}

export const optionalText = (argument: string, value: string | undefined): string | undefined =>
  value === undefined ? undefined : text(argument, value)

export const secret = (argument: string, value: string): Redacted.Redacted => Redacted.make(text(argument, value))

export const optionalSecret = (argument: string, value: string | undefined): Redacted.Redacted | undefined =>
  value === undefined ? undefined : secret(argument, value)

/** Seconds as milliseconds. */
export const optionalSeconds = (argument: string, value: number | undefined): number | undefined => {
  if (value !== undefined && !(Number.isFinite(value) && value >= 0)) {
    throw invalid(argument, `${argument} has to be a number of seconds, 0 or more.`)
  }
  return value === undefined ? undefined : value * 1000
}

export const account = (value: Account): CoreAccount => {
  const wrong = typeof value === "object" && value !== null ? wrongMember(value) : ""
  if (wrong !== undefined) {
    throw invalid(
      wrong === "" ? "account" : `account.${wrong}`,
      "account has to be one that getAccounts or a token result returned, perhaps by way of JSON."
    )
  }
  const { authorityType, environment, homeAccountId, localAccountId, name, tenantId, username } = value
  return new CoreAccount(
    {
      homeAccountId,
      environment,
      tenantId,
      localAccountId,
      username,
      name: Option.fromNullable(name),
      authorityType
    },
    { disableValidation: true }
  )
}

const authorityTypes: ReadonlyArray<Account["authorityType"]> = ["MSSTS", "ADFS", "Generic"]

const texts = ["homeAccountId", "environment", "tenantId", "localAccountId", "username"] as const

const wrongMember = (account: Account): string | undefined => {
  const { authorityType, name } = account
  if (!authorityTypes.includes(authorityType)) {
    return "authorityType"
  }
  if (name !== null && name !== undefined && typeof name !== "string") {
    return "name"
  }
  return texts.find((member) => typeof account[member] !== "string")
    ?? (account.homeAccountId === "" ? "homeAccountId" : undefined)
}

const invalid = (argument: string, message: string) => new InvalidArgument({ argument, message })

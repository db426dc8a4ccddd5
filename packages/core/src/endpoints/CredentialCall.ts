/**
 * Calls the caller's own code for a credential. What its error says is not repeated, for a secret may be in it.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { AuthError, CredentialUnavailable } from "../AuthError.js"
import { ClientApplication } from "../services/ClientApplication.js"

/**
 * What the caller's effect gives within the time of a request.
 *
 * @category programs
 */
export const run = <A>(
  option: CredentialUnavailable["option"],
  call: () => Effect.Effect<A, unknown>
): Effect.Effect<A, CredentialUnavailable, ClientApplication> =>
  Effect.flatMap(ClientApplication, ({ requestTimeout }) =>
    Effect.suspend(call).pipe(
      Effect.mapError((error) => unavailable(option, `failed${reasonOf(error)}`)),
      Effect.disconnect,
      Effect.interruptible,
      Effect.timeoutFail({
        duration: requestTimeout,
        onTimeout: () => unavailable(option, `gave nothing within ${Duration.format(requestTimeout)}. Try again.`)
      })
    ))

/** @category constructors */
export const unavailable = (option: CredentialUnavailable["option"], what: string): CredentialUnavailable =>
  new CredentialUnavailable({ option, message: `${option} ${what}` })

const isAuthError = Schema.is(AuthError)

const reasonOf = (error: unknown): string => {
  if (isAuthError(error)) {
    return ` with ${error._tag}: ${error.message}`
  }
  const names = Predicate.isRecord(error) ? ["_tag", "name", "code"].map((name) => error[name]) : []
  const wellFormed = names.filter((name) => Predicate.isString(name) && /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(name))
  const named = wellFormed.length === 0 ? "" : ` (${[...new Set(wellFormed)].join(", ")})`
  return `${named}. Look for the reason where it is made.`
}

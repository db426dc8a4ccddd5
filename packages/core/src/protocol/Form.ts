/**
 * The parameters of a request, and their two encodings.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#appendix-B
 */
import * as Redacted from "effect/Redacted"

/**
 * Parameters by name; an absent or empty one is not sent.
 *
 * @category models
 */
export type Form = Readonly<Record<string, string | Redacted.Redacted | undefined>>

const plain = (value: string | Redacted.Redacted | undefined): string | undefined =>
  Redacted.isRedacted(value) ? Redacted.value(value) : value

/**
 * The form as pairs, secrets in plain.
 *
 * @category destructors
 */
export const entries = (form: Form): ReadonlyArray<readonly [string, string]> =>
  Object.entries(form).flatMap(([name, value]) => {
    const text = plain(value)
    return text === undefined || text === "" ? [] : [[name, text] as const]
  })

/**
 * `application/x-www-form-urlencoded`, secrets in plain.
 *
 * @category destructors
 */
export const encode = (form: Form): string => new URLSearchParams(entries(form).map(([k, v]) => [k, v])).toString()

/**
 * The secrets a form carries, in plain, to be masked wherever they come back.
 *
 * @category getters
 */
export const secrets = (form: Form): ReadonlyArray<string> =>
  Object.values(form).flatMap((value) => Redacted.isRedacted(value) ? [Redacted.value(value)] : [])

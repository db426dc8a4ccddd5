/**
 * The parameters of a request, each at most once.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-3.2
 */
import * as Either from "effect/Either"
import { type EntraError, entraError } from "./EntraError.js"

/** Empty counts as absent. */
export type Parameters = Readonly<Record<string, string>>

/** @category constructors */
export const parse = (search: URLSearchParams): Either.Either<Parameters, EntraError> => {
  const seen = new Set<string>()
  const repeated = [...search.keys()].find((name) => seen.size === seen.add(name).size)
  return repeated === undefined
    ? Either.right(Object.fromEntries([...search].filter(([, value]) => value !== "")))
    : Either.left(entraError(9000411, { field: known(repeated) }))
}

const known = (name: string): string => /^\w{1,40}$/.test(name) ? name : "of the request"

/** @category getters */
export const required = (parameters: Parameters, field: string): Either.Either<string, EntraError> =>
  Either.fromNullable(parameters[field], () => entraError(900144, { field }))

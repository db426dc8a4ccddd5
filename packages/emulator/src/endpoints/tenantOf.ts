/**
 * The tenant that the address names.
 */
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import * as Directory from "../directory/Directory.js"
import { Exchange } from "../http/Exchange.js"
import { type EntraError, entraError } from "../protocol/EntraError.js"
import { World } from "../state/World.js"

/** @category getters */
export const tenantOf: Effect.Effect<Directory.Authority, EntraError, World | Exchange> = Effect.gen(function*() {
  const directory = yield* Ref.get((yield* World).directory)
  const [, segment = ""] = (yield* Exchange).path.split("/")
  const authority = Directory.authority(directory, segment)
  return authority ??
    (yield* entraError(90002, { tenant: /^[\w.-]{1,100}$/.test(segment) ? segment : "that was named" }))
})

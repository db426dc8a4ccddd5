/**
 * The identifier of one acquisition, as the provider logs it.
 */
import * as Effect from "effect/Effect"
import { InvalidArgument } from "../AuthError.js"
import * as Uuid from "../protocol/Uuid.js"
import { Crypto } from "../services/Crypto.js"

const syntax = /^[A-Za-z0-9-]{1,64}$/

/**
 * The caller's identifier, else a random UUID.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9562#section-5.4
 * @category programs
 */
export const orRandom = (given: string | undefined): Effect.Effect<string, InvalidArgument, Crypto> => {
  if (given === undefined) {
    return Effect.flatMap(Crypto, (crypto) => Effect.map(crypto.randomBytes(16), Uuid.fromRandomBytes))
  }
  return syntax.test(given) ? Effect.succeed(given) : Effect.fail(
    new InvalidArgument({
      argument: "correlationId",
      message: "correlationId has to be 1 to 64 letters, digits or hyphens, such as a UUID."
    })
  )
}

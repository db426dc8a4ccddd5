/**
 * The identifier of one acquisition, as the provider logs it.
 */
import * as Effect from "effect/Effect"
import { InvalidArgument } from "../AuthError.js"
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
    return Effect.flatMap(Crypto, (crypto) => Effect.map(crypto.randomBytes(16), uuid))
  }
  return syntax.test(given) ? Effect.succeed(given) : Effect.fail(
    new InvalidArgument({
      argument: "correlationId",
      message: "correlationId has to be 1 to 64 letters, digits or hyphens, such as a UUID."
    })
  )
}

const uuid = (bytes: Uint8Array): string =>
  [...bytes]
    .map((byte, index) => index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte)
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")

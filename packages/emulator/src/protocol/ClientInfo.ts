/**
 * Who signed in, as Microsoft's clients are told beside the tokens.
 */
import * as Encoding from "effect/Encoding"
import type { Membership } from "../directory/Directory.js"

/**
 * `client_info`: object id and tenant of the person's home, as base64url JSON.
 *
 * @category encoders
 */
export const encode = ({ person }: Membership): string =>
  Encoding.encodeBase64Url(JSON.stringify({ uid: person.id, utid: person.home.id }))

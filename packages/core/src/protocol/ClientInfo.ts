/**
 * `client_info`: Microsoft's word on which account a token belongs to.
 */
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

const ClientInfo = Schema.parseJson(Schema.Struct({ uid: Schema.NonEmptyString, utid: Schema.NonEmptyString }))
const decodeJson = Schema.decodeOption(ClientInfo)

/**
 * `uid.utid`, none where the value is not client info. Either base64 alphabet will do, padded or not.
 *
 * @category constructors
 */
export const homeAccountId = (clientInfo: string): Option.Option<string> =>
  Encoding.decodeBase64UrlString(clientInfo.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")).pipe(
    Either.getRight,
    Option.flatMap((json) => decodeJson(json)),
    Option.map(({ uid, utid }) => `${uid}.${utid}`.toLowerCase())
  )

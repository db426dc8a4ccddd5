/**
 * Who is signed in, as OpenID Connect tells it.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#UserInfo
 */
import * as Effect from "effect/Effect"
import * as Reply from "../http/Reply.js"
import type { Handler } from "../http/serve.js"
import * as BearerToken from "./BearerToken.js"

/** @category endpoints */
export const userInfo: Handler = Effect.gen(function*() {
  const { person, subject } = yield* BearerToken.caller(["openid"])
  const [given_name = "", ...family] = person.name.split(" ")
  return Reply.json({
    sub: subject,
    name: person.name,
    given_name,
    family_name: family.join(" "),
    email: person.email ?? person.username
  })
}).pipe(Effect.catchTag("BearerTokenRefused", BearerToken.toReply))

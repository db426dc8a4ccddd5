/**
 * Who is signed in, as Graph tells it.
 *
 * @see https://learn.microsoft.com/graph/api/user-get
 */
import * as Effect from "effect/Effect"
import { Exchange } from "../http/Exchange.js"
import * as Reply from "../http/Reply.js"
import type { Handler } from "../http/serve.js"
import * as BearerToken from "./BearerToken.js"

const profileScopes = ["User.Read", "User.ReadWrite", "User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All"]

/** @category endpoints */
export const me: Handler = Effect.gen(function*() {
  const { origin } = yield* Exchange
  const { objectId, person } = yield* BearerToken.caller(profileScopes)
  const [givenName = "", ...surnames] = person.name.split(" ")
  return Reply.json({
    "@odata.context": `${origin}/v1.0/$metadata#users/$entity`,
    id: objectId,
    displayName: person.name,
    givenName,
    surname: surnames.join(" ") || null,
    mail: person.email ?? person.username,
    userPrincipalName: person.username,
    jobTitle: null,
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: null,
    businessPhones: []
  })
}).pipe(Effect.catchTag("BearerTokenRefused", BearerToken.toReply))

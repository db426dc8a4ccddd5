/**
 * The token endpoint.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-3.2
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import * as AuthorizationCode from "../grants/AuthorizationCode.js"
import * as ClientAuthentication from "../grants/ClientAuthentication.js"
import * as ClientCredentials from "../grants/ClientCredentials.js"
import * as DeviceCode from "../grants/DeviceCode.js"
import type { Grant } from "../grants/Grant.js"
import * as OnBehalfOf from "../grants/OnBehalfOf.js"
import * as Password from "../grants/Password.js"
import * as RefreshToken from "../grants/RefreshToken.js"
import { Exchange } from "../http/Exchange.js"
import * as Reply from "../http/Reply.js"
import type { Handler } from "../http/serve.js"
import * as ClaimsRequest from "../protocol/ClaimsRequest.js"
import * as Confirmation from "../protocol/Confirmation.js"
import { entraError } from "../protocol/EntraError.js"
import { parse, required } from "../protocol/Parameters.js"
import { World } from "../state/World.js"
import { tenantOf } from "./tenantOf.js"

const grants: Readonly<Record<string, Grant>> = {
  authorization_code: AuthorizationCode.exchange,
  refresh_token: RefreshToken.exchange,
  password: Password.exchange,
  client_credentials: ClientCredentials.exchange,
  "urn:ietf:params:oauth:grant-type:device_code": DeviceCode.exchange,
  // As Microsoft's own clients for Node write it.
  device_code: DeviceCode.exchange,
  "urn:ietf:params:oauth:grant-type:jwt-bearer": OnBehalfOf.exchange
}

/** @category endpoints */
export const token: Handler = Effect.gen(function*() {
  const authority = yield* tenantOf
  const { form } = yield* Exchange
  const parameters = yield* parse(form)
  const grantType = yield* required(parameters, "grant_type")
  const grant = Object.hasOwn(grants, grantType) ? grants[grantType] : undefined
  if (grant === undefined) return yield* entraError(70003, { grantType: grantType.slice(0, 100) })
  const client = yield* ClientAuthentication.authenticate(parameters, authority)
  const tokens = yield* grant({
    authority,
    directory: yield* Ref.get((yield* World).directory),
    client,
    parameters,
    claims: yield* ClaimsRequest.parse(parameters["claims"]),
    keyId: yield* Confirmation.parse(parameters),
    wantsClientInfo: parameters["client_info"] === "1",
    now: Math.floor((yield* Clock.currentTimeMillis) / 1000)
  })
  return Reply.json(tokens)
})

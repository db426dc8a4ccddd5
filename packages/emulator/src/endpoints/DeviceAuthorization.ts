/**
 * Where a device without a browser begins.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-3.1
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import * as ClientAuthentication from "../grants/ClientAuthentication.js"
import { Exchange } from "../http/Exchange.js"
import * as Reply from "../http/Reply.js"
import type { Handler } from "../http/serve.js"
import * as ClaimsRequest from "../protocol/ClaimsRequest.js"
import { parse, required } from "../protocol/Parameters.js"
import * as Scopes from "../protocol/Scopes.js"
import { World } from "../state/World.js"
import { tenantOf } from "./tenantOf.js"

/** @category endpoints */
export const deviceAuthorization: Handler = Effect.gen(function*() {
  const authority = yield* tenantOf
  const { form, origin } = yield* Exchange
  const { deviceCodes, directory, identifiers } = yield* World
  const parameters = yield* parse(form)
  const app = yield* ClientAuthentication.find(yield* required(parameters, "client_id"), authority)
  const known = yield* Ref.get(directory)
  const scopes = yield* Scopes.parse(yield* required(parameters, "scope"), app, known)
  const { deviceCodeInterval: interval, deviceCodeLifetime: lifetime } = known.scenario.policies
  const now = Math.floor((yield* Clock.currentTimeMillis) / 1000)
  const deviceCode = yield* identifiers.secret("")
  const userCode = yield* identifiers.userCode
  const verificationUri = `${origin}/device`
  yield* deviceCodes.set(deviceCode, {
    clientId: app.id,
    userCode,
    segment: authority.segment,
    scopes,
    claims: yield* ClaimsRequest.parse(parameters["claims"]),
    expiresAt: now + lifetime,
    outcome: { _tag: "Pending" }
  })
  return Reply.json({
    user_code: userCode,
    device_code: deviceCode,
    verification_uri: verificationUri,
    expires_in: lifetime,
    interval,
    message: `To sign in, open ${verificationUri} in a browser and enter the code ${userCode}.`
  })
})

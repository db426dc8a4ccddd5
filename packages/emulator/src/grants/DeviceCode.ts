/**
 * A device code for tokens, once somebody has signed in on another device.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-3.4
 */
import * as Effect from "effect/Effect"
import * as Directory from "../directory/Directory.js"
import * as Tokens from "../issuing/Tokens.js"
import * as ClaimsRequest from "../protocol/ClaimsRequest.js"
import { entraError } from "../protocol/EntraError.js"
import { required } from "../protocol/Parameters.js"
import { World } from "../state/World.js"
import type { Grant } from "./Grant.js"
import * as People from "./People.js"

/** @category grants */
export const exchange: Grant = ({ authority, claims: asked, client, keyId, now, parameters, wantsClientInfo }) =>
  Effect.gen(function*() {
    const { deviceCodes } = yield* World
    const text = yield* required(parameters, "device_code")
    const device = yield* deviceCodes.get(text)
    if (device === undefined || device.clientId !== client.id) return yield* entraError(70018)
    if (device.expiresAt <= now) return yield* entraError(70020)
    const { outcome, scopes } = device
    const claims = ClaimsRequest.both(device.claims, asked)
    if (outcome._tag === "Pending") return yield* entraError(70016)
    if ((yield* deviceCodes.take(text)) === undefined) return yield* entraError(70018)
    if (outcome._tag === "Declined") return yield* entraError(70002)

    const { authentication, personId, tenantId } = outcome
    const person = yield* People.still(personId)
    if (Directory.membership(authority, person)?.tenant.id !== tenantId) {
      return yield* entraError(700005, { what: "device code" })
    }
    const membership = yield* People.admit({ app: client, authority, person, authentication, scopes, claims })
    return yield* Tokens.answer({ client, membership, authentication, scopes, claims, keyId, wantsClientInfo })
  })

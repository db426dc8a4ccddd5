/**
 * A token that the client was called with for tokens of another resource, in the same person's name.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Jose from "jose"
import * as Directory from "../directory/Directory.js"
import { Exchange } from "../http/Exchange.js"
import * as Origin from "../http/Origin.js"
import { isAccessToken } from "../issuing/AccessToken.js"
import * as Tokens from "../issuing/Tokens.js"
import { entraError } from "../protocol/EntraError.js"
import { required } from "../protocol/Parameters.js"
import * as Scopes from "../protocol/Scopes.js"
import { World } from "../state/World.js"
import type { Grant } from "./Grant.js"
import * as People from "./People.js"

/** @category grants */
export const exchange: Grant = ({ authority, claims, client, directory, keyId, parameters, wantsClientInfo }) =>
  Effect.gen(function*() {
    const { identifiers, keys } = yield* World
    const { origin } = yield* Exchange
    if (!Directory.isConfidential(client)) return yield* entraError(7000218)
    if ((yield* required(parameters, "requested_token_use")) !== "on_behalf_of") {
      return yield* entraError(90100, { field: "requested_token_use" })
    }
    const assertion = yield* keys.verify(yield* required(parameters, "assertion"), yield* Clock.currentTimeMillis).pipe(
      Effect.mapError((error) =>
        error instanceof Jose.errors.JWTExpired || error instanceof Jose.errors.JWTClaimValidationFailed
          ? entraError(500133)
          : entraError(50013)
      )
    )
    const audiences = [assertion.aud].flat().filter((aud) => typeof aud === "string")
    if (!audiences.some((aud) => Directory.resource(directory, aud)?.id === client.id)) {
      return yield* entraError(500131)
    }
    const scopes = yield* Scopes.parse(yield* required(parameters, "scope"), client, directory)
    if (!isAccessToken(assertion)) return yield* entraError(50013)
    const { amr: methods, iat: authTime, iss, oid, serial, tid } = assertion
    const caller = Directory.member(directory, tid, oid)
    if (caller === undefined || iss !== Origin.issuer(origin, tid)) return yield* entraError(50013)

    const { person } = caller
    const authentication = { authTime, methods, sessionId: yield* identifiers.guid, serial }
    const membership = yield* People.admit({ app: client, authority, person, authentication, scopes, claims })
    if (membership.tenant.id !== caller.tenant.id) return yield* entraError(700005, { what: "assertion" })
    return yield* Tokens.answer({ client, membership, authentication, scopes, claims, keyId, wantsClientInfo })
  })

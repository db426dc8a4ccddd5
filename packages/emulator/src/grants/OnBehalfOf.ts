/**
 * A token that the client was called with for tokens of another resource, in the same person's name.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Jose from "jose"
import * as Directory from "../directory/Directory.js"
import * as Tokens from "../issuing/Tokens.js"
import { entraError } from "../protocol/EntraError.js"
import { required } from "../protocol/Parameters.js"
import * as Scopes from "../protocol/Scopes.js"
import { World } from "../state/World.js"
import type { Grant } from "./Grant.js"
import * as People from "./People.js"

/** @category grants */
export const exchange: Grant = ({ authority, claims, client, directory, now, parameters, wantsClientInfo }) =>
  Effect.gen(function*() {
    const { identifiers, keys } = yield* World
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
    if (![assertion.aud].flat().some((aud) => Directory.resource(directory, aud ?? "")?.id === client.id)) {
      return yield* entraError(500131)
    }
    const scopes = yield* Scopes.parse(yield* required(parameters, "scope"), client, directory)
    const { preferred_username: username, scp } = assertion
    const person = typeof username === "string" && typeof scp === "string"
      ? Directory.personByName(directory, username)
      : undefined
    if (person === undefined) return yield* entraError(50013)

    const methods = Array.isArray(assertion["amr"]) ? assertion["amr"].map(String) : []
    const authentication = { authTime: assertion.iat ?? now, methods, sessionId: yield* identifiers.guid }
    const membership = yield* People.admit({ app: client, authority, person, authentication, scopes, claims })
    return yield* Tokens.answer({ client, membership, authentication, scopes, claims, wantsClientInfo })
  })

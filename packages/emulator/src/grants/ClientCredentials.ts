/**
 * A client's own credential for a token in its own name.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 */
import * as Effect from "effect/Effect"
import * as Directory from "../directory/Directory.js"
import * as Tokens from "../issuing/Tokens.js"
import { entraError } from "../protocol/EntraError.js"
import { required } from "../protocol/Parameters.js"
import * as Scopes from "../protocol/Scopes.js"
import type { Grant } from "./Grant.js"

/** @category grants */
export const exchange: Grant = ({ authority, claims, client, directory, keyId, parameters }) =>
  Effect.gen(function*() {
    if (!Directory.isConfidential(client)) return yield* entraError(7000218)
    const { resource } = yield* Scopes.parseDefault(yield* required(parameters, "scope"), directory)
    const { segment, tenant } = authority
    if (tenant === undefined || tenant.personal || segment !== tenant.id) return yield* entraError(50059)
    return yield* Tokens.answerClient({ client, tenant, resource, claims, keyId })
  })

/**
 * A person's name and password for tokens.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.3
 */
import * as Effect from "effect/Effect"
import * as Directory from "../directory/Directory.js"
import * as Tokens from "../issuing/Tokens.js"
import { entraError } from "../protocol/EntraError.js"
import { required } from "../protocol/Parameters.js"
import * as Scopes from "../protocol/Scopes.js"
import { nextSerial, World } from "../state/World.js"
import type { Grant } from "./Grant.js"
import * as People from "./People.js"

/** @category grants */
export const exchange: Grant = ({ authority, claims, client, directory, keyId, now, parameters, wantsClientInfo }) =>
  Effect.gen(function*() {
    const grantType = "password"
    if (authority.segment === "common" || authority.segment === "consumers" || authority.tenant?.personal === true) {
      return yield* entraError(9001023, { grantType })
    }
    if (!client.ropc) {
      return yield* Directory.isConfidential(client) ? entraError(70003, { grantType }) : entraError(7000218)
    }
    const username = yield* required(parameters, "username")
    const password = yield* required(parameters, "password")
    const scopes = yield* Scopes.parse(yield* required(parameters, "scope"), client, directory)
    const person = Directory.personByName(directory, username)
    if (person === undefined) {
      return yield* entraError(50034, { username, tenant: authority.tenant?.name ?? authority.segment })
    }
    if (person.password !== password) return yield* entraError(50126)

    const authentication = {
      authTime: now,
      methods: ["pwd"],
      sessionId: yield* (yield* World).identifiers.guid,
      serial: yield* nextSerial
    }
    const membership = yield* People.admit({ app: client, authority, person, authentication, scopes, claims })
    return yield* Tokens.answer({ client, membership, authentication, scopes, claims, keyId, wantsClientInfo })
  })

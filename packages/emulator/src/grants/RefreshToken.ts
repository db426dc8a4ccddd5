/**
 * A refresh token for new tokens, of any tenant and resource the person has access to.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-6
 */
import * as Effect from "effect/Effect"
import * as Tokens from "../issuing/Tokens.js"
import { entraError } from "../protocol/EntraError.js"
import { required } from "../protocol/Parameters.js"
import * as Scopes from "../protocol/Scopes.js"
import { World } from "../state/World.js"
import type { Grant } from "./Grant.js"
import * as People from "./People.js"

const what = "refresh token"

/** @category grants */
export const exchange: Grant = ({ authority, claims, client, directory, keyId, now, parameters, wantsClientInfo }) =>
  Effect.gen(function*() {
    const { refreshTokens, revokedLineages } = yield* World
    const { policies } = directory.scenario
    const text = yield* required(parameters, "refresh_token")
    const token = yield* refreshTokens.get(text)
    if (token === undefined) return yield* entraError(70000, { what })
    if (token.clientId !== client.id) {
      if (token.family === undefined) return yield* entraError(700007, { what })
      if (token.family !== client.family) return yield* entraError(700003)
    }
    if (token.isUsed && policies.refreshTokenReplay === "revoke") yield* revokedLineages.set(token.lineage, true)
    if ((yield* revokedLineages.get(token.lineage)) === true) return yield* entraError(50173)
    if (token.expiresAt <= now) return yield* entraError(700082)

    const asked = parameters["scope"]
    const scopes = asked === undefined ? token.scopes : yield* Scopes.parse(asked, client, directory)
    const person = yield* People.still(token.personId)
    const membership = yield* People.admit({
      app: client,
      authority,
      person,
      authentication: token.authentication,
      scopes,
      claims
    })
    yield* refreshTokens.set(text, { ...token, isUsed: policies.refreshTokenRotation })
    return yield* Tokens.answer({
      client,
      membership,
      authentication: token.authentication,
      scopes,
      claims,
      keyId,
      wantsClientInfo,
      lineage: token.lineage,
      keptRefreshToken: policies.refreshTokenRotation ? undefined : text
    })
  })

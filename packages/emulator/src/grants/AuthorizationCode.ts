/**
 * A code, and the verifier of its challenge, for tokens.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3
 * @see https://www.rfc-editor.org/rfc/rfc7636#section-4.6
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Directory from "../directory/Directory.js"
import * as Tokens from "../issuing/Tokens.js"
import * as Challenge from "../protocol/Challenge.js"
import * as ClaimsRequest from "../protocol/ClaimsRequest.js"
import { entraError } from "../protocol/EntraError.js"
import { required } from "../protocol/Parameters.js"
import * as Scopes from "../protocol/Scopes.js"
import { World } from "../state/World.js"
import type { Grant } from "./Grant.js"
import * as People from "./People.js"

const what = "authorization code"

/** @category grants */
export const exchange: Grant = ({ authority, claims, client, directory, keyId, now, parameters, wantsClientInfo }) =>
  Effect.gen(function*() {
    const { codes } = yield* World
    const text = yield* required(parameters, "code")
    const redirectUri = yield* required(parameters, "redirect_uri")
    const code = yield* codes.get(text)
    if (code === undefined) return yield* entraError(70000, { what })
    if (code.clientId !== client.id) return yield* entraError(700007, { what })
    if (code.isRedeemed) return yield* replayed(code.lineage)
    if (code.expiresAt <= now) return yield* entraError(70008)
    if (code.redirectUri !== redirectUri) return yield* entraError(500112)
    if (!(yield* Challenge.isMet(code.challenge, parameters["code_verifier"]))) return yield* entraError(501481)

    const person = yield* People.still(code.personId)
    if (Directory.membership(authority, person)?.tenant.id !== code.tenantId) return yield* entraError(700005, { what })
    const asked = parameters["scope"]
    const scopes = asked === undefined
      ? code.scopes
      : yield* Either.filterOrLeft(
        Scopes.parse(asked, client, directory),
        ({ permissions, resource }) =>
          resource.id === code.scopes.resource.id
          && permissions.every(({ name }) => code.scopes.permissions.some((permission) => permission.name === name)),
        () => entraError(70011, { scope: asked })
      )
    const { authentication } = code
    const both = ClaimsRequest.both(code.claims, claims)
    const membership = yield* People.admit({ app: client, authority, person, authentication, scopes, claims: both })
    // Of two redemptions at the same time, one comes too late.
    const present = yield* codes.take(text)
    yield* codes.set(text, { ...code, isRedeemed: true })
    if (present?.isRedeemed !== false) return yield* replayed(code.lineage)
    return yield* Tokens.answer({
      client,
      membership,
      authentication,
      scopes: { ...scopes, openId: scopes.openId.filter((scope) => code.scopes.openId.includes(scope)) },
      claims: both,
      keyId,
      nonce: code.nonce,
      wantsClientInfo,
      lineage: code.lineage
    })
  })

const replayed = (lineage: string) =>
  Effect.gen(function*() {
    const { revokedLineages } = yield* World
    yield* revokedLineages.set(lineage, true)
    return yield* entraError(54005)
  })

/**
 * The tokens of an answer, and the answer.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 * @see https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Encoding from "effect/Encoding"
import * as Ref from "effect/Ref"
import { deriveGuid } from "../directory/deriveGuid.js"
import type * as Directory from "../directory/Directory.js"
import * as Graph from "../directory/Graph.js"
import { Exchange } from "../http/Exchange.js"
import * as Origin from "../http/Origin.js"
import type { ClaimsRequest } from "../protocol/ClaimsRequest.js"
import * as ClientInfo from "../protocol/ClientInfo.js"
import type { Scopes } from "../protocol/Scopes.js"
import type { Tenant } from "../scenario/Scenario.js"
import type { Authentication } from "../state/Authentication.js"
import { nextSerial, World } from "../state/World.js"

/**
 * What the tokens are issued for.
 *
 * @category models
 */
export interface Grant {
  readonly client: Directory.App
  readonly membership: Directory.Membership
  readonly authentication: Authentication
  readonly scopes: Scopes
  readonly claims: ClaimsRequest
  /** Names the key that the access token is bound to. */
  readonly keyId?: string | undefined
  readonly nonce?: string | undefined
  readonly wantsClientInfo: boolean
  /** Names the refresh tokens that come of one sign-in; a new one unless given. */
  readonly lineage?: string | undefined
  /** The refresh token to answer with where none is to be made. */
  readonly keptRefreshToken?: string | undefined
}

type Answer = Readonly<Record<string, unknown>>

/**
 * The answer to a grant in a person's name. An ID token comes with `openid`, a refresh token with `offline_access`.
 *
 * @category programs
 */
export const answer = (grant: Grant): Effect.Effect<Answer, never, World | Exchange> =>
  Effect.gen(function*() {
    const { openId } = grant.scopes
    const { clock, lifetime, now } = yield* times(grant.claims)
    const token = yield* accessToken({
      ...grant,
      tenant: grant.membership.tenant,
      resource: grant.scopes.resource,
      subject: {
        oid: grant.membership.objectId,
        // Graph knows a person by the client's subject, so that user info and ID token agree.
        sub: pairwise(
          grant.membership,
          grant.scopes.resource.id === Graph.app.id ? grant.client.id : grant.scopes.resource.id
        ),
        scp: [
          ...grant.scopes.permissions.map(({ name }) => name),
          ...openId.filter((scope) => scope !== "offline_access")
        ].join(" "),
        name: grant.membership.person.name,
        preferred_username: grant.membership.person.username,
        upn: grant.membership.person.username,
        amr: grant.authentication.methods,
        ...(grant.claims.contexts.length > 0 && { acrs: grant.claims.contexts })
      },
      now,
      lifetime
    })
    const refreshToken = openId.includes("offline_access") ? yield* refreshTokenOf(grant, clock) : undefined
    const id = openId.includes("openid") ? yield* idToken(grant, now) : undefined
    return {
      token_type: typeOf(grant),
      scope: [...grant.scopes.granted, ...openId.filter((scope) => scope !== "offline_access")].join(" "),
      expires_in: lifetime,
      ext_expires_in: lifetime,
      ...(lifetime >= 7200 && { refresh_in: Math.floor(lifetime / 2) }),
      access_token: token,
      ...(refreshToken !== undefined && { refresh_token: refreshToken }),
      ...(refreshToken !== undefined && grant.client.family !== undefined && { foci: grant.client.family }),
      ...(id !== undefined && { id_token: id }),
      ...(grant.wantsClientInfo && { client_info: ClientInfo.encode(grant.membership) })
    }
  })

/**
 * The answer to a client in its own name.
 *
 * @category programs
 */
export const answerClient = (grant: {
  readonly client: Directory.App
  readonly tenant: Tenant
  readonly resource: Directory.App
  readonly claims: ClaimsRequest
  readonly keyId?: string | undefined
}): Effect.Effect<Answer, never, World | Exchange> =>
  Effect.gen(function*() {
    const { lifetime, now } = yield* times(grant.claims)
    const objectId = deriveGuid(`${grant.client.id} in ${grant.tenant.id}`)
    const token = yield* accessToken({
      ...grant,
      subject: { oid: objectId, sub: objectId, idtyp: "app", roles: grant.resource.roles },
      now,
      lifetime
    })
    return {
      token_type: typeOf(grant),
      expires_in: lifetime,
      ext_expires_in: lifetime,
      ...(lifetime >= 7200 && { refresh_in: Math.floor(lifetime / 2) }),
      access_token: token
    }
  })

const typeOf = ({ keyId }: { readonly keyId?: string | undefined }): string => keyId === undefined ? "Bearer" : "pop"

const times = ({ isContinuous }: ClaimsRequest) =>
  Effect.gen(function*() {
    const { directory } = yield* World
    const { faults } = yield* Exchange
    const { policies } = (yield* Ref.get(directory)).scenario
    const skew = faults.reduce((sum, fault) => fault.kind === "clockSkew" ? sum + fault.seconds : sum, 0)
    const clock = Math.floor((yield* Clock.currentTimeMillis) / 1000)
    return {
      clock,
      now: clock + skew,
      lifetime: isContinuous ? policies.continuousAccessTokenLifetime : policies.accessTokenLifetime
    }
  })

const accessToken = (
  { claims, client, keyId, lifetime, now, resource, subject, tenant }: {
    readonly client: Directory.App
    readonly tenant: Tenant
    readonly resource: Directory.App
    readonly claims: ClaimsRequest
    readonly keyId?: string | undefined
    readonly subject: Readonly<Record<string, unknown>>
    readonly now: number
    readonly lifetime: number
  }
) =>
  Effect.gen(function*() {
    const { identifiers, keys } = yield* World
    const { origin } = yield* Exchange
    return yield* keys.sign({
      // Graph's tokens name it by its address, as those of version 1 do; others name a resource by its id.
      aud: resource.id === Graph.app.id ? Graph.identifierUri : resource.id,
      iss: Origin.issuer(origin, tenant.id),
      iat: now,
      nbf: now,
      exp: now + lifetime,
      azp: client.id,
      appid: client.id,
      tid: tenant.id,
      ...subject,
      ...(keyId !== undefined && { cnf: { kid: keyId } }),
      ...(claims.isContinuous && { xms_cc: ["CP1"] }),
      serial: yield* nextSerial,
      uti: yield* identifiers.secret(""),
      ver: "2.0"
    })
  })

const refreshTokenOf = (grant: Grant, now: number) =>
  Effect.gen(function*() {
    if (grant.keptRefreshToken !== undefined) return grant.keptRefreshToken
    const { directory, identifiers, refreshTokens } = yield* World
    const { policies } = (yield* Ref.get(directory)).scenario
    const token = yield* identifiers.secret("1.")
    yield* refreshTokens.set(token, {
      clientId: grant.client.id,
      family: grant.client.family,
      personId: grant.membership.person.id,
      authentication: grant.authentication,
      scopes: grant.scopes,
      expiresAt: now + policies.refreshTokenLifetime,
      lineage: grant.lineage ?? (yield* identifiers.guid),
      isUsed: false
    })
    return token
  })

const idToken = ({ authentication, claims, client, membership, nonce, scopes }: Grant, now: number) =>
  Effect.gen(function*() {
    const { identifiers, keys } = yield* World
    const { faults, origin } = yield* Exchange
    const flaws = new Set(faults.flatMap((fault) => fault.kind === "badIdToken" ? [fault.flaw] : []))
    if (flaws.has("missing")) return undefined
    const { person, tenant } = membership
    const lifetime = 3600
    const payload = {
      aud: flaws.has("audience") ? deriveGuid("another audience") : client.id,
      iss: flaws.has("issuer") ? "https://issuer.invalid/v2.0" : Origin.issuer(origin, tenant.id),
      iat: now,
      nbf: now,
      exp: flaws.has("expired") ? now - lifetime : now + lifetime,
      auth_time: authentication.authTime,
      ...(nonce !== undefined && { nonce: flaws.has("nonce") ? `not ${nonce}` : nonce }),
      oid: membership.objectId,
      sub: flaws.has("subject") ? "somebody-else" : pairwise(membership, client.id),
      tid: flaws.has("tenant") ? deriveGuid("another tenant") : tenant.id,
      ...(scopes.openId.includes("profile") && { name: person.name, preferred_username: person.username }),
      ...(scopes.openId.includes("email") && { email: person.email ?? person.username }),
      ...(claims.contexts.length > 0 && { acrs: claims.contexts }),
      sid: authentication.sessionId,
      uti: yield* identifiers.secret(""),
      ver: "2.0"
    }
    if (flaws.has("unsigned")) {
      const part = (value: object) => Encoding.encodeBase64Url(JSON.stringify(value))
      return `${part({ typ: "JWT", alg: "none" })}.${part(payload)}.`
    }
    return yield* keys.sign(payload, { forged: flaws.has("signature") })
  })

/**
 * A subject that differs from application to application.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#PairwiseAlg
 */
const pairwise = ({ objectId, tenant }: Directory.Membership, clientId: string): string =>
  Encoding.encodeBase64Url(deriveGuid(`${objectId} ${tenant.id} ${clientId}`))

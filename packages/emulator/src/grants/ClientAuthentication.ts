/**
 * How a client proves itself: by a secret, by an assertion it signed, or, being public, not at all.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3
 * @see https://www.rfc-editor.org/rfc/rfc7523#section-2.2
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Encoding from "effect/Encoding"
import * as Ref from "effect/Ref"
import * as Jose from "jose"
import * as Directory from "../directory/Directory.js"
import * as Graph from "../directory/Graph.js"
import { Exchange } from "../http/Exchange.js"
import * as Origin from "../http/Origin.js"
import { readBasic } from "../protocol/basicCredentials.js"
import { type EntraError, entraError } from "../protocol/EntraError.js"
import type { Parameters } from "../protocol/Parameters.js"
import { World } from "../state/World.js"

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

/**
 * The application that the request is from, once it has proved it.
 *
 * @category programs
 */
export const authenticate = (
  parameters: Parameters,
  authority: Directory.Authority
): Effect.Effect<Directory.App, EntraError, World | Exchange> =>
  Effect.gen(function*() {
    const { headers } = yield* Exchange
    const basic = readBasic(headers["authorization"])
    const clientId = parameters["client_id"] ?? basic?.id
    if (clientId === undefined) return yield* entraError(900144, { field: "client_id" })
    const app = yield* find(clientId, authority)
    if (basic !== undefined && basic.id.toLowerCase() !== app.id) return yield* entraError(7000215)
    const secret = basic?.secret ?? parameters["client_secret"]
    const assertion = parameters["client_assertion"]
    const proofs = [basic, parameters["client_secret"], assertion].filter((proof) => proof !== undefined)
    if (proofs.length > 1) return yield* entraError(9002313)
    if (!Directory.isConfidential(app)) {
      return secret === undefined && assertion === undefined ? app : yield* entraError(700025)
    }
    if (assertion !== undefined) {
      yield* checkAssertion(app, authority, assertion, parameters)
      return app
    }
    if (secret === undefined) return yield* entraError(7000218)
    return app.secrets.includes(secret) ? app : yield* entraError(7000215)
  })

/**
 * The application of this id, as far as the authority lets it in.
 *
 * @category programs
 */
export const find = (
  clientId: string,
  authority: Directory.Authority
): Effect.Effect<Directory.App, EntraError, World> =>
  Effect.gen(function*() {
    const directory = yield* Ref.get((yield* World).directory)
    const app = Directory.appById(directory, clientId)
    const { tenant } = authority
    if (
      app === undefined ||
      app.id === Graph.app.id ||
      (tenant !== undefined && !tenant.personal && app.audience === "tenant" && app.home !== tenant)
    ) {
      return yield* entraError(700016, { app: quote(clientId), tenant: tenant?.name ?? authority.segment })
    }
    return app
  })

const quote = (clientId: string): string => /^[\w.:-]{1,64}$/.test(clientId) ? clientId : "that was named"

const checkAssertion = (
  app: Directory.App,
  { tenant }: Directory.Authority,
  assertion: string,
  parameters: Parameters
) =>
  Effect.gen(function*() {
    const { origin, path } = yield* Exchange
    if (parameters["client_assertion_type"] !== assertionType) {
      return yield* entraError(90100, { field: "client_assertion_type" })
    }
    const now = yield* Clock.currentTimeMillis
    const payload = yield* Effect.tryPromise({
      try: () => verify(app.certificates, assertion, now),
      catch: (error) =>
        entraError(
          error instanceof Jose.errors.JWTExpired
            || (error instanceof Jose.errors.JWTClaimValidationFailed && error.claim === "nbf")
            ? 700024
            : 700027
        )
    })
    if (![payload.iss, payload.sub].every((name) => isIdOf(app, name))) return yield* entraError(700021)
    const names = [`${origin}${path}`, ...(tenant === undefined ? [] : [Origin.issuer(origin, tenant.id)])]
    if (![payload.aud].flat().some((audience) => names.includes(audience ?? ""))) return yield* entraError(700023)
    return undefined
  })

/** A signature vouches for no claim's type. */
const isIdOf = ({ id }: Directory.App, name: unknown): boolean => typeof name === "string" && name.toLowerCase() === id

const algorithms = ["RS256", "PS256"]

/** With the certificate that the header names by its thumbprint. */
const verify = async (
  certificates: ReadonlyArray<string>,
  assertion: string,
  now: number
): Promise<Jose.JWTPayload> => {
  const header = Jose.decodeProtectedHeader(assertion)
  // Some clients pad the thumbprint.
  const named = [header.x5t, header["x5t#S256"], header.kid].flatMap((name) =>
    typeof name === "string" ? [name.replace(/=+$/, "")] : []
  )
  for (const certificate of certificates) {
    const thumbprints = await Promise.all(["SHA-1", "SHA-256"].map((digest) => thumbprint(certificate, digest)))
    if (thumbprints.some((one) => named.includes(one))) {
      const key = await Jose.importX509(certificate, header.alg ?? "RS256")
      const { payload } = await Jose.jwtVerify(assertion, key, {
        algorithms,
        currentDate: new Date(now),
        clockTolerance: 300,
        requiredClaims: ["exp", "iss", "sub", "aud"]
      })
      return payload
    }
  }
  throw new Jose.errors.JWKSNoMatchingKey()
}

const thumbprint = async (certificate: string, digest: string): Promise<string> => {
  const der = Uint8Array.from(
    atob(certificate.replace(/-----[^-]+-----|\s/g, "")),
    (character) => character.charCodeAt(0)
  )
  return Encoding.encodeBase64Url(new Uint8Array(await crypto.subtle.digest(digest, der)))
}

/**
 * A request that is signed by the key its access token is bound to.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-signed-http-request-03
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Jose from "jose"
import type { Service } from "../http/Exchange.js"

const Jwk = Schema.Struct({ kty: Schema.Literal("RSA"), n: Schema.String, e: Schema.String })

const Payload = Schema.parseJson(Schema.Struct({
  at: Schema.String,
  ts: Schema.Number,
  m: Schema.String,
  u: Schema.String,
  p: Schema.String,
  cnf: Schema.Struct({ jwk: Jwk })
}))

const decode = Schema.decodeUnknownPromise(Payload)

/** @category models */
export interface Presented {
  readonly accessToken: string
  /** Thumbprint of the key that signed the request. */
  readonly keyId: string
}

const longestAge = 300

/**
 * The token within, where the signature holds, is fresh, and is for this request.
 *
 * @category decoders
 */
export const read = (
  jws: string,
  { method, origin, path }: Pick<Service, "method" | "origin" | "path">,
  milliseconds: number
): Effect.Effect<Presented, Jose.errors.JOSEError> =>
  Effect.tryPromise({
    try: async () => {
      const signedBy = async (_: unknown, { payload }: Jose.FlattenedJWSInput) =>
        Jose.importJWK((await decode(Buffer.from(String(payload), "base64url").toString())).cnf.jwk, "PS256")
      const { payload, protectedHeader } = await Jose.compactVerify(jws, signedBy, { algorithms: ["PS256"] })
      const { at, cnf, m, p, ts, u } = await decode(new TextDecoder().decode(payload))
      const isForThis = m === method && p === path && u.toLowerCase() === new URL(origin).host
      const isFresh = Math.abs(milliseconds / 1000 - ts) <= longestAge
      if (protectedHeader.typ !== "pop" || !isForThis || !isFresh) throw new Jose.errors.JWSInvalid()
      return { accessToken: at, keyId: await Jose.calculateJwkThumbprint(cnf.jwk) }
    },
    catch: (error) => error instanceof Jose.errors.JOSEError ? error : new Jose.errors.JWSInvalid()
  })

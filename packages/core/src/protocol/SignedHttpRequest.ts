/**
 * A token bound to a key, within a request that is signed with that key.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-signed-http-request-03
 */
import * as Encoding from "effect/Encoding"
import * as Redacted from "effect/Redacted"
import type { PopScheme } from "../domain/PopScheme.js"
import type { JsonWebKey } from "./JsonWebKeySet.js"

/**
 * What a token request has besides, for a token bound to a key.
 *
 * @category encoders
 */
export const parameters = (keyId: string): { readonly token_type: string; readonly req_cnf: string } => ({
  token_type: "pop",
  req_cnf: Encoding.encodeBase64Url(JSON.stringify({ kid: keyId }))
})

/** @category models */
export interface Content {
  readonly accessToken: Redacted.Redacted
  readonly publicKey: JsonWebKey
  readonly scheme: PopScheme
  /** Seconds since 1970. */
  readonly signedAt: number
}

/**
 * The bytes to sign.
 *
 * @category encoders
 */
export const payload = ({ accessToken, publicKey, scheme, signedAt }: Content): Uint8Array => {
  const { host, pathname } = new URL(scheme.url)
  return new TextEncoder().encode(JSON.stringify({
    at: Redacted.value(accessToken),
    ts: signedAt,
    m: scheme.method,
    u: host,
    p: pathname,
    nonce: scheme.nonce,
    cnf: { jwk: publicKey }
  }))
}

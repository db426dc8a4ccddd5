/**
 * What tells tokens for the same scopes apart where the request had parameters of its own: the same text in every MSAL.
 */
import * as Encoding from "effect/Encoding"
import * as Option from "effect/Option"

/** Parameters that a cache key has anyhow, or that make no difference to the token. */
const excluded = new Set([
  "client_id",
  "grant_type",
  "scope",
  "claims",
  "username",
  "password",
  "refresh_token",
  "code",
  "redirect_uri",
  "code_verifier",
  "device_code",
  "assertion",
  "requested_token_use",
  "client_assertion",
  "client_assertion_type",
  "client_secret",
  "token_type",
  "req_cnf",
  "key_id",
  "user_federated_identity_credential",
  "user_id",
  "client_info"
])

const utf8 = new TextEncoder()

/**
 * The bytes to digest by SHA-256, none where no parameter counts.
 *
 * @category encoders
 */
export const bytes = (parameters: Readonly<Record<string, string>>): Option.Option<Uint8Array> => {
  const counting = Object.entries(parameters)
    .filter(([name, value]) => value !== "" && !excluded.has(name))
    .sort(([one], [other]) => one < other ? -1 : 1)
  return counting.length === 0
    ? Option.none()
    : Option.some(utf8.encode(counting.flat().map((text) => `${utf8.encode(text).length}:${text}`).join("")))
}

/** @category constructors */
export const fromDigest = (digest: Uint8Array): string => Encoding.encodeBase64Url(digest).toLowerCase()

/**
 * What an identity provider at an origin answers: metadata, keys, and tokens for the refresh token of any of the people.
 */
import { generateKeyPairSync, sign } from "node:crypto"
import {
  accessTokenOf,
  grantedScopes,
  idTokenClaims,
  lifetimeSeconds,
  objectIdOf,
  refreshTokenOf,
  tenantId
} from "./people.js"

const kid = "bench"

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")

export const makeProvider = (origin: string) => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
  const idTokens = new Map<number, string>()

  const signIdToken = (index: number) => {
    const claims = idTokenClaims(index, `${origin}/${tenantId}/v2.0`, Math.floor(Date.now() / 1000))
    const content = `${encode({ typ: "JWT", alg: "RS256", kid })}.${encode(claims)}`
    const signature = sign("sha256", Buffer.from(content), privateKey)
    const idToken = `${content}.${signature.toString("base64url")}`
    idTokens.set(index, idToken)
    return idToken
  }

  const metadata = {
    issuer: `${origin}/{tenantid}/v2.0`,
    authorization_endpoint: `${origin}/${tenantId}/oauth2/v2.0/authorize`,
    token_endpoint: `${origin}/${tenantId}/oauth2/v2.0/token`,
    jwks_uri: `${origin}/${tenantId}/discovery/v2.0/keys`
  }
  const keys = { keys: [{ ...publicKey.export({ format: "jwk" }), kid, alg: "RS256", use: "sig" }] }

  const tokens = (form: URLSearchParams) => {
    const [, index = 0, serial = 0] = (form.get("refresh_token") ?? "").split(".").map(Number)
    return {
      token_type: "Bearer",
      scope: grantedScopes.join(" "),
      expires_in: lifetimeSeconds,
      ext_expires_in: lifetimeSeconds,
      access_token: accessTokenOf(index, serial + 1),
      refresh_token: refreshTokenOf(index, serial + 1),
      id_token: idTokens.get(index) ?? signIdToken(index),
      client_info: encode({ uid: objectIdOf(index), utid: tenantId })
    }
  }

  const answer = (address: string, form: URLSearchParams) => {
    switch (address.split("/").at(-1)) {
      case "openid-configuration":
        return metadata
      case "keys":
        return keys
      default:
        return tokens(form)
    }
  }

  return { signIdToken, answer }
}

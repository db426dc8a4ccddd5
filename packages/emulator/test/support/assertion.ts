import * as Jose from "jose"
import { X509Certificate } from "node:crypto"
import { clientIds } from "../../src/scenario/defaultScenario.js"
import { wellKnownKeys } from "../../src/state/wellKnownKeys.js"
import { login } from "./http.js"

const [own, other] = wellKnownKeys
if (own === undefined || other === undefined) throw new Error("Two keys are needed.")

/** In PEM; what the client of the tests signs with. */
export const certificate = `-----BEGIN CERTIFICATE-----\n${own.certificate}\n-----END CERTIFICATE-----\n`

const sha256 = Buffer.from(new X509Certificate(certificate).fingerprint256.replaceAll(":", ""), "hex")

export const thumbprints = { "x5t": own.thumbprint, "x5t#S256": sha256.toString("base64url") }

export interface AssertionChanges {
  readonly header?: Partial<Jose.JWTHeaderParameters>
  readonly claims?: Readonly<Record<string, unknown>>
  /** Signs with a key that the client did not register. */
  readonly forged?: boolean
}

export const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

/** What a client signs to prove itself, valid at the time 0; a claim that is undefined is left out. */
export const signAssertion = async ({ claims = {}, forged = false, header = {} }: AssertionChanges = {}) => {
  const protectedHeader = { alg: "PS256", typ: "JWT", "x5t#S256": thumbprints["x5t#S256"], ...header }
  const key = await Jose.importJWK({ kty: "RSA", ...(forged ? other : own).jwk }, protectedHeader.alg)
  return new Jose.SignJWT({
    aud: `${login}/contoso.example/oauth2/v2.0/token`,
    iss: clientIds.web,
    sub: clientIds.web,
    jti: "1",
    nbf: 0,
    exp: 600,
    ...claims
  }).setProtectedHeader(protectedHeader).sign(key)
}

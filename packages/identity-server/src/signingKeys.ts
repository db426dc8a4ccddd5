import { generateKeyPair, randomUUID } from "node:crypto"
import { promisify } from "node:util"
import type { JWK } from "oidc-provider"

export type SigningAlgorithm = "ES256" | "PS256" | "RS256"

const generate = promisify(generateKeyPair)

export const createSigningKey = async (alg: SigningAlgorithm): Promise<JWK> => {
  const { privateKey } = alg === "ES256"
    ? await generate("ec", { namedCurve: "P-256" })
    : await generate("rsa", { modulusLength: 2048 })
  return { ...privateKey.export({ format: "jwk" }), alg, kid: randomUUID(), use: "sig" }
}

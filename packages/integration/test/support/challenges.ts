import type { AuthError } from "@grantwork/core"

/** The claims that an error demands. */
export const claimsOf = (error: AuthError.AuthError): string => {
  if (error._tag === "InteractionRequired" && error.claims !== undefined) return error.claims
  throw new Error("It demands no claims.", { cause: error })
}

/** The claims that a resource demands in its answer. */
export const claimsIn = ({ headers }: Response): string => {
  const [, claims] = /claims="([\w+/=]+)"/.exec(headers.get("www-authenticate") ?? "") ?? []
  if (claims !== undefined) return Buffer.from(claims, "base64").toString()
  throw new Error("It demands no claims.")
}

/** Declares that the client can meet claims challenges. */
export const capability = JSON.stringify({ access_token: { xms_cc: { values: ["cp1"] } } })

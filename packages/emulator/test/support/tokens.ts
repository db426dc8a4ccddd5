import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Jose from "jose"
import { wellKnownKeys } from "../../src/state/wellKnownKeys.js"
import { get, login } from "./http.js"

/** Header and claims of a token, which has to hold by the published keys at this time. */
export const verified = (token: string, tenant = "common") =>
  Effect.gen(function*() {
    const { text } = yield* get(`${login}/${tenant}/discovery/v2.0/keys`)
    const keySet: Jose.JSONWebKeySet = JSON.parse(text)
    const now = yield* Clock.currentTimeMillis
    return yield* Effect.promise(() =>
      Jose.jwtVerify(token, Jose.createLocalJWKSet(keySet), { currentDate: new Date(now) })
    )
  })

export const claimsOf = (token: string, tenant?: string) =>
  Effect.map(verified(token, tenant), ({ payload }) => payload)

/** The token with other claims, signed with the key of the emulator, which is published. */
export const resigned = (token: string, changes: Readonly<Record<string, unknown>>) =>
  Effect.promise(async () => {
    const [own] = wellKnownKeys
    if (own === undefined) throw new Error("A key is needed.")
    const key = await Jose.importJWK({ kty: "RSA", ...own.jwk }, "RS256")
    return new Jose.SignJWT({ ...Jose.decodeJwt(token), ...changes })
      .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: own.thumbprint })
      .sign(key)
  })

/** The words of a claim or a member, in no order. */
export const words = (value: unknown): ReadonlySet<string> => new Set(String(value).split(" "))

/** Whose tokens they are, as Microsoft's clients read it. */
export const clientInfo = (text: string): unknown => JSON.parse(Buffer.from(text, "base64url").toString())

import {
  ConfidentialClientApplication,
  InvalidArgument,
  popNonce,
  PublicClientApplication,
  type PublicClientOptions
} from "@grantwork/promise"
import { describe, expect, it } from "vitest"
import { issuer } from "./scripted.js"
import { failure, jane, untyped } from "./setting.js"

const authority = "https://login.microsoftonline.com/7e7e7e7e-0000-4000-8000-00000000c0c0"
const authScheme = { method: "GET", url: "https://api.example/orders", nonce: "once" } as const

const answering = () => {
  const forms: Array<URLSearchParams> = []
  const fetch: PublicClientOptions["fetch"] = async (_, init) => {
    forms.push(new URLSearchParams(await new Response(init?.body).text()))
    return Response.json({ token_type: "pop", access_token: "bound", expires_in: 3600 })
  }
  return { fetch, forms }
}

const within = (signedRequest: string): unknown =>
  JSON.parse(Buffer.from(signedRequest.split(".")[1] ?? "", "base64url").toString())

describe("proof of possession", () => {
  it("signs the request for a person and for a client (feature 93)", async () => {
    const { fetch, forms } = answering()
    const app = new ConfidentialClientApplication({ clientId: "client", clientSecret: "secret", authority, fetch })
    const scopes = ["api://orders/.default"]
    for (
      const { accessToken, tokenType } of [
        await app.acquireTokenByClientCredential({ scopes, authScheme }),
        await app.acquireTokenByUsernamePassword({ ...jane, scopes, authScheme })
      ]
    ) {
      expect(tokenType).toBe("pop")
      expect(within(accessToken)).toMatchObject({
        at: "bound",
        m: "GET",
        u: "api.example",
        p: "/orders",
        nonce: "once"
      })
    }
    expect(forms.map((form) => form.get("token_type"))).toEqual(["pop", "pop"])
    expect(new Set(forms.map((form) => form.get("req_cnf"))).size).toBe(1)
    await app.dispose()
  })

  it.each([
    ["PoP nonce=\"once\"", "once"],
    ["Bearer realm=\"\", pop nonce=once", "once"],
    ["Bearer error=\"invalid_token\"", undefined],
    [null, undefined]
  ])("signs the nonce of %j: %s", (header, nonce) => {
    expect(popNonce(header)).toBe(nonce)
  })

  it("reads no nonce of what is no text", () => {
    expect(() => popNonce(untyped(new Headers()))).toThrow(InvalidArgument)
  })

  it.each([[{ authority }, true], [{ issuer }, false]])(
    "is supported at %j: %s (feature 92)",
    async (at, isSupported) => {
      const app = new PublicClientApplication({ clientId: "client", ...at })
      expect(await app.isPopSupported()).toBe(isSupported)
      await app.dispose()
      expect(await failure(app.isPopSupported())).toMatchObject({ _tag: "ApplicationDisposed" })
    }
  )

  it.each<readonly [string, object, string]>([
    ["another provider", { issuer }, "authScheme"],
    ["a method in small letters", { authority, authScheme: { ...authScheme, method: "get" } }, "authScheme.method"],
    ["no address", { authority, authScheme: { method: "GET" } }, "authScheme.url"],
    ["no object", { authority, authScheme: "pop" }, "authScheme"]
  ])("is refused for %s", async (_, { authScheme: wrong = authScheme, ...at }: { authScheme?: unknown }, argument) => {
    const app = new PublicClientApplication({ clientId: "client", ...at })
    const error = await failure(
      app.acquireTokenByUsernamePassword({ ...jane, scopes: [], authScheme: untyped(wrong) })
    )
    expect(error).toBeInstanceOf(InvalidArgument)
    expect(error).toMatchObject({ argument })
    await app.dispose()
  })
})

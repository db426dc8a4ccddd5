import {
  type ClientAssertionRequest,
  ConfidentialClientApplication,
  type ConfidentialClientOptions,
  CredentialUnavailable,
  InvalidConfiguration,
  PublicClientApplication
} from "@grantwork/promise"
import { constants, generateKeyPairSync, sign as signWith, verify } from "node:crypto"
import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import { issuer, metadata, scripted } from "./scripted.js"
import { failure, rejection, untyped } from "./setting.js"

const passphrase = "the passphrase"
const { privateKey, publicKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase }
})
const thumbprint = "ab".repeat(32)
const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }

/** The forms that a provider was sent, and an application that sends them. */
const appWith = (credential: object) => {
  const forms: Array<URLSearchParams> = []
  const fetch = scripted(async (_, init) => {
    forms.push(new URLSearchParams(await new Response(init?.body).text()))
    return Response.json({ access_token: `token ${forms.length}`, token_type: "Bearer", expires_in: 3600 })
  })
  const app = new ConfidentialClientApplication(untyped({ clientId: "client", issuer, fetch, ...credential }))
  const acquire = (signal?: AbortSignal) =>
    app.acquireTokenByClientCredential({ scopes: ["a"], forceRefresh: true, signal })
  return { acquire, app, forms }
}

const jws = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`

describe("an application proves itself", () => {
  const isSigned = (assertion: string) => {
    const [header = "", claims = "", signature = ""] = assertion.split(".")
    const input = Buffer.from(`${header}.${claims}`)
    return verify("sha256", input, { key: publicKey, ...pss }, Buffer.from(signature, "base64url"))
  }

  it.each([
    ["with an encrypted key", { clientCertificate: { thumbprint, privateKey, passphrase } }],
    [
      "with a key elsewhere",
      {
        clientSigner: {
          thumbprint,
          sign: async (bytes: Uint8Array) => signWith("sha256", bytes, { key: privateKey, passphrase, ...pss })
        }
      }
    ]
  ])("%s", async (_, credential) => {
    const { acquire, app, forms } = appWith({ ...credential, clientClaims: { device: 7 } })
    await acquire()
    const [form] = forms
    const assertion = form?.get("client_assertion") ?? ""
    expect(form?.get("client_assertion_type")).toBe("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
    expect(form?.get("client_id")).toBe("client")
    expect(isSigned(assertion)).toBe(true)
    expect(JSON.parse(Buffer.from(assertion.split(".")[1] ?? "", "base64url").toString())).toMatchObject({
      aud: metadata.token_endpoint,
      iss: "client",
      sub: "client",
      device: 7
    })
    const shown = `${inspect(app, { depth: Infinity, showHidden: true })}${JSON.stringify(app)}`
    for (const secret of [passphrase, privateKey.slice(60, 100), assertion]) expect(shown).not.toContain(secret)
    await app.dispose()
  })

  it("with an assertion, given, made, or awaited for each request", async () => {
    const requests: Array<ClientAssertionRequest> = []
    let count = 0
    const next = (request: ClientAssertionRequest) => {
      requests.push(request)
      return jws({ count: ++count })
    }
    for (const clientAssertion of [jws({}), next, async (request: ClientAssertionRequest) => next(request)]) {
      const { acquire, app, forms } = appWith({ clientAssertion })
      await acquire()
      await acquire()
      const sent = forms.map((form) => form.get("client_assertion"))
      expect(sent).toEqual(
        typeof clientAssertion === "string" ? [jws({}), jws({})] : [jws({ count: count - 1 }), jws({ count })]
      )
      await app.dispose()
    }
    expect(requests).toEqual([1, 2, 3, 4].map(() => ({ clientId: "client", tokenEndpoint: metadata.token_endpoint })))
  })

  it("with an assertion that is used again while it lasts", async () => {
    let count = 0
    const exp = Math.floor(Date.now() / 1000) + 3600
    const { acquire, app } = appWith({
      clientAssertion: () => jws({ exp, count: ++count }),
      reuseClientAssertion: true
    })
    await acquire()
    await acquire()
    expect(count).toBe(1)
    await app.dispose()
  })
})

describe("a callback", () => {
  it.each<readonly [string, object, RegExp]>([
    [
      "throws",
      { clientAssertion: () => Promise.reject(Object.assign(new Error("hunter2"), { code: "ENOENT" })) },
      /ENOENT/
    ],
    ["throws at once", {
      clientAssertion: () => {
        throw new RangeError("hunter2")
      }
    }, /RangeError/],
    ["throws a text", { clientAssertion: () => Promise.reject("hunter2") }, /clientAssertion failed/],
    ["gives nothing", { clientAssertion: () => undefined }, /no signed JWT/],
    ["signs nothing", { clientSigner: { thumbprint, sign: () => "hunter2" } }, /no bytes/]
  ])("is blamed where it %s, and nothing is sent", async (_, credential, message) => {
    const { acquire, app, forms } = appWith(credential)
    const error = await failure(acquire())
    expect(error).toBeInstanceOf(CredentialUnavailable)
    expect(error).toMatchObject({ option: Object.keys(credential)[0], message: expect.stringMatching(message) })
    expect(`${inspect(error)}${JSON.stringify(error)}`).not.toContain("hunter2")
    expect(forms).toEqual([])
    await app.dispose()
  })

  it("is waited for no longer than the signal says", async () => {
    const controller = new AbortController()
    const { acquire, app, forms } = appWith({
      // What others may share goes on until then.
      requestTimeout: 0.05,
      clientAssertion: () => {
        controller.abort("enough")
        return new Promise<string>(() => {})
      }
    })
    expect(await rejection(acquire(controller.signal))).toBe("enough")
    expect(forms).toEqual([])
    await app.dispose()
  })
})

it("an application forgets the tokens in its own name (feature 59)", async () => {
  const { app, forms } = appWith({ clientSecret: "secret" })
  const source = async () => (await app.acquireTokenByClientCredential({ scopes: ["a"] })).source
  expect([await source(), await source()]).toEqual(["identity-provider", "cache"])
  await app.removeTokensForClient()
  expect([await source(), forms.length]).toEqual(["identity-provider", 2])
  expect(await failure(app.removeTokensForClient({ authority: untyped(7) }))).toMatchObject({ argument: "authority" })
  await app.dispose()
})

describe("options", () => {
  const clientCertificate = { thumbprint, privateKey, passphrase }
  const clientSigner = { thumbprint, sign: () => new Uint8Array() }

  const thrown = (make: () => unknown): unknown => {
    try {
      make()
    } catch (error) {
      return error
    }
    throw new Error("It did not throw.")
  }

  it.each<readonly [string, object]>([
    ["clientSecret", {}],
    ["clientCertificate", { clientSecret: "secret", clientCertificate }],
    ["clientSigner", { clientCertificate, clientSigner }],
    ["clientAssertion", { clientSigner, clientAssertion: jws({}) }],
    ["clientCertificate", { clientCertificate: null }],
    ["clientCertificate", { clientCertificate: "certificate" }],
    ["clientCertificate", { clientCertificate: { privateKey, passphrase } }],
    ["clientCertificate.passPhrase", { clientCertificate: { thumbprint, privateKey, passPhrase: passphrase } }],
    ["clientCertificate.passphrase", { clientCertificate: { thumbprint, privateKey } }],
    ["clientCertificate.passphrase", { clientCertificate: { ...clientCertificate, passphrase: 7 } }],
    ["clientCertificate.privateKey", { clientCertificate: { ...clientCertificate, privateKey: 7 } }],
    ["clientCertificate.certificate", { clientCertificate: { ...clientCertificate, certificate: privateKey } }],
    ["clientCertificate.algorithm", { clientCertificate: { ...clientCertificate, algorithm: "HS256" } }],
    ["clientCertificate.sendCertificate", { clientCertificate: { ...clientCertificate, sendCertificate: "yes" } }],
    ["clientSigner.sign", { clientSigner: { thumbprint } }],
    ["clientSigner.privateKey", { clientSigner: { ...clientSigner, privateKey } }],
    ["clientAssertion", { clientAssertion: "" }],
    ["clientAssertion", { clientAssertion: 7 }],
    ["reuseClientAssertion", { clientAssertion: jws({}), reuseClientAssertion: "yes" }],
    ["clientClaims", { clientSigner, clientClaims: { exp: 1 } }],
    ["clientClaims", { clientSecret: "secret", clientClaims: {} }]
  ])("have to be right: %s", (option, credential) => {
    const error = thrown(() => appWith(credential))
    expect(error).toBeInstanceOf(InvalidConfiguration)
    expect(error).toMatchObject({ option, message: expect.stringContaining(option) })
    expect(`${inspect(error)}${JSON.stringify(error)}`).not.toContain(passphrase)
  })

  it.each(["clientCertificate", "clientSigner", "clientAssertion", "reuseClientAssertion", "clientClaims"])(
    "of a credential are not for a public client: %s",
    (option) => {
      const error = thrown(() => new PublicClientApplication(untyped({ clientId: "client", issuer, [option]: {} })))
      expect(error).toBeInstanceOf(InvalidConfiguration)
      expect(error).toMatchObject({ option, message: expect.stringContaining("ConfidentialClientApplication") })
    }
  )

  it("are a credential of one kind, as the compiler sees it", () => {
    const options: ReadonlyArray<ConfidentialClientOptions> = [
      { clientId: "client", issuer, clientSecret: "secret", clientAuthenticationMethod: "client_secret_post" },
      { clientId: "client", issuer, clientCertificate },
      { clientId: "client", issuer, clientAssertion: async ({ tokenEndpoint }) => jws({ aud: tokenEndpoint }) },
      { clientId: "client", issuer, clientSigner, clientClaims: {} }
    ]
    for (const one of options) expect(() => new ConfidentialClientApplication(one)).not.toThrow()
  })
})

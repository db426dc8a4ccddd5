import { describe, expect, it } from "@effect/vitest"
import { type ClientApplication, ClientCredentials, RefreshToken, Silent, UsernamePassword } from "@grantwork/core"
import { DefaultScenario } from "@grantwork/emulator"
import { type ClientAssertionRequest, ConfidentialClientApplication, InvalidClient } from "@grantwork/promise"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { createHash, createPrivateKey, randomUUID, sign, X509Certificate } from "node:crypto"
import { Agent } from "undici"
import { application } from "./support/application.js"
import { atEmulator } from "./support/atEmulator.js"
import { atProvider } from "./support/atProvider.js"
import { clockAhead } from "./support/clockAhead.js"
import { type EmulatorProvider, scenario } from "./support/emulator.js"
import { failureOf } from "./support/failureOf.js"
import { startOidcProvider } from "./support/oidcProvider.js"
import { type KeyPair, makeKeyPair, withoutOpenssl } from "./support/openssl.js"
import "./support/patience.js"
import { signIn } from "./support/signIn.js"
import { tokenRequestsDuring } from "./support/tokenRequests.js"

const notes = ["api://notes/.default"]
const passphrase = "p+ä s"

/** What another program of the client's would say of it. */
const assertionOf = (
  { certificate, privateKey }: KeyPair,
  { clientId, tokenEndpoint }: ClientApplication.AssertionRequest,
  lifetime = 600
): string => {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
  const x5t = createHash("sha1").update(new X509Certificate(certificate).raw).digest("base64url")
  const now = Math.floor(Date.now() / 1000)
  const claims = { aud: tokenEndpoint, iss: clientId, sub: clientId, jti: randomUUID(), iat: now, exp: now + lifetime }
  const input = `${encode({ alg: "RS256", typ: "JWT", x5t })}.${encode(claims)}`
  return `${input}.${sign("sha256", Buffer.from(input), createPrivateKey(privateKey)).toString("base64url")}`
}

describe.skipIf(withoutOpenssl)("at the emulator", () => {
  const provided = atEmulator()
  const keys = makeKeyPair("RSA")
  const encrypted = makeKeyPair("RSA", passphrase)
  const stranger = makeKeyPair("RSA")

  const withoutSecret = ({ clients }: EmulatorProvider): ClientApplication.Options => {
    const { clientSecret: _, ...options } = clients.secretPost
    return options
  }

  /** As the client of the web, which has registered both certificates and no secret. */
  const asWeb = <A, E>(
    credential: Partial<ClientApplication.Options>,
    program: Parameters<typeof provided<A, E>>[0]
  ) =>
    provided(
      (provider) =>
        Effect.gen(function*() {
          const { apps = [], ...others } = scenario()
          const certificates = [keys.certificate, encrypted.certificate]
          yield* Effect.promise(() =>
            provider.emulator.reset({
              ...others,
              apps: apps.map((app) =>
                app.id === DefaultScenario.clientIds.web ? { ...app, secrets: [], certificates } : app
              )
            })
          )
          return yield* program(provider)
        }),
      (provider) => ({ ...withoutSecret(provider), ...credential })
    )

  const signing = (pair: KeyPair, others: Partial<ClientApplication.ClientCertificate> = {}) => ({
    clientCertificate: { certificate: pair.certificate, privateKey: Redacted.make(pair.privateKey), ...others }
  })

  const credentials: ReadonlyArray<readonly [string, Partial<ClientApplication.Options>]> = [
    ["a certificate", signing(keys)],
    ["a certificate and RS256", signing(keys, { algorithm: "RS256" })],
    ["a certificate sent along", signing(keys, { sendCertificate: true })],
    ["an encrypted key", signing(encrypted, { passphrase: Redacted.make(passphrase) })],
    ["a thumbprint of old", {
      clientCertificate: {
        thumbprint: new X509Certificate(keys.certificate).fingerprint,
        privateKey: Redacted.make(keys.privateKey)
      }
    }],
    ["a key in a vault", {
      clientSigner: {
        certificate: keys.certificate,
        algorithm: "RS256",
        sign: (bytes) => Effect.sync(() => sign("sha256", bytes, createPrivateKey(keys.privateKey)))
      }
    }],
    ["an assertion from elsewhere", {
      clientAssertion: (request) => Effect.sync(() => Redacted.make(assertionOf(keys, request)))
    }]
  ]

  it.live.each(credentials)(
    "every grant is served for %s",
    ([, credential]) =>
      asWeb(credential, (provider) =>
        Effect.gen(function*() {
          const { password, username } = provider.people.jane
          const scopes = [provider.scopes.read]
          const sent = yield* tokenRequestsDuring(
            provider,
            Effect.gen(function*() {
              expect((yield* ClientCredentials.acquire({ scopes: notes })).source).toBe("identity-provider")
              const signedIn = yield* signIn(provider)
              const account = yield* signedIn.account
              expect((yield* Silent.acquire({ scopes, account, forceRefresh: true })).source).toBe("identity-provider")
              const again = yield* UsernamePassword.acquire({ username, password: Redacted.make(password), scopes })
              yield* RefreshToken.acquire({ refreshToken: yield* again.refreshToken, scopes })
            })
          )
          expect(sent).toEqual([
            "client_credentials",
            "authorization_code",
            "refresh_token",
            "password",
            "refresh_token"
          ])
          const fields = yield* Effect.promise(provider.lastTokenFields)
          expect(fields).toEqual(expect.arrayContaining(["client_id", "client_assertion_type", "client_assertion"]))
          expect(fields).not.toContain("client_secret")
        }))
  )

  const refused = { _tag: "InvalidClient", error: "invalid_client", status: 401 }

  it.live("a key that nobody registered is refused", () =>
    asWeb(signing(stranger), () =>
      Effect.gen(function*() {
        expect(yield* failureOf(ClientCredentials.acquire({ scopes: notes }))).toMatchObject({
          ...refused,
          errorCodes: [700027]
        })
      })))

  it.live("an assertion that has ended is refused", () =>
    asWeb({
      clientAssertion: (request) => Effect.sync(() => Redacted.make(assertionOf(keys, request, -600)))
    }, () =>
      Effect.gen(function*() {
        expect(yield* failureOf(ClientCredentials.acquire({ scopes: notes }))).toMatchObject({
          ...refused,
          errorCodes: [700024]
        })
      })))

  it.live("an assertion of a clock that is ahead is refused, and not used again", () =>
    asWeb(signing(keys), () =>
      Effect.gen(function*() {
        const acquire = ClientCredentials.acquire({ scopes: notes })
        expect(yield* failureOf(clockAhead("20 minutes")(acquire))).toMatchObject({ ...refused, errorCodes: [700024] })
        expect((yield* acquire).source).toBe("identity-provider")
      })))

  it.live("an assertion for another endpoint is refused", () =>
    asWeb({ ...signing(keys), clientClaims: { aud: "https://elsewhere.example/token" } }, () =>
      Effect.gen(function*() {
        expect(yield* failureOf(ClientCredentials.acquire({ scopes: notes }))).toMatchObject({
          ...refused,
          errorCodes: [700023]
        })
      })))

  it.live("promises do the same", () =>
    asWeb({}, (provider) =>
      Effect.promise(async () => {
        const dispatcher = new Agent({ connect: { ca: provider.caCertificate } })
        const { authority, clientId, knownAuthorities } = provider.clients.secretPost
        const options = { clientId, authority, knownAuthorities, dispatcher }
        const apps = [
          { clientCertificate: { ...encrypted, passphrase } },
          { clientAssertion: async (request: ClientAssertionRequest) => assertionOf(keys, request) },
          {
            clientSigner: {
              certificate: keys.certificate,
              algorithm: "RS256" as const,
              sign: async (bytes: Uint8Array) => sign("sha256", bytes, createPrivateKey(keys.privateKey))
            }
          }
        ].map((credential) => new ConfidentialClientApplication({ ...options, ...credential }))
        for (const app of apps) {
          expect(await app.acquireTokenByClientCredential({ scopes: notes })).toMatchObject({ account: null })
          await app.dispose()
        }
        const wrong = new ConfidentialClientApplication({ ...options, clientCertificate: stranger })
        await expect(wrong.acquireTokenByClientCredential({ scopes: notes })).rejects.toBeInstanceOf(InvalidClient)
        await wrong.dispose()
        await dispatcher.close()
      })))
})

describe.skipIf(withoutOpenssl)("at oidc-provider", () => {
  const rsa = makeKeyPair("RSA")
  const curve = makeKeyPair("P-256")
  const stranger = makeKeyPair("RSA")
  const provided = atProvider(() =>
    startOidcProvider({ signingClients: { rsa: rsa.certificate, curve: curve.certificate } })
  )

  const acquire = ClientCredentials.acquire({ scopes: ["read"], forceRefresh: true })

  const signing =
    (clientId: string, pair: KeyPair, others: Partial<ClientApplication.ClientCertificate> = {}) =>
    ({ clients: { public: { issuer } } }: { readonly clients: { readonly public: ClientApplication.Options } }) => ({
      clientId,
      issuer,
      clientCertificate: { certificate: pair.certificate, privateKey: Redacted.make(pair.privateKey), ...others }
    })

  it.live.each(
    [
      ["PS256", "rsa", rsa],
      ["RS256", "rsa", rsa],
      ["ES256", "curve", curve]
    ] as const
  )("a client signs with %s, for each request anew", ([algorithm, clientId, pair]) =>
    provided(
      (provider) =>
        Effect.gen(function*() {
          const sent = yield* tokenRequestsDuring(
            provider,
            Effect.gen(function*() {
              yield* acquire
              expect((yield* acquire).source).toBe("identity-provider")
              const account = yield* (yield* signIn(provider)).account
              yield* Silent.acquire({ scopes: ["read"], account, forceRefresh: true })
            })
          )
          expect(sent).toEqual(["client_credentials", "client_credentials", "authorization_code", "refresh_token"])
        }),
      signing(clientId, pair, { algorithm })
    ))

  it.live("another key is refused", () =>
    provided(
      () =>
        Effect.gen(function*() {
          expect(yield* failureOf(acquire)).toMatchObject({ _tag: "InvalidClient", error: "invalid_client" })
        }),
      signing("rsa", stranger)
    ))

  it.live("an assertion is taken once", () =>
    provided((provider) =>
      Effect.gen(function*() {
        const tokenEndpoint = provider.endpoints.token
        const clientAssertion = Redacted.make(assertionOf(rsa, { clientId: "rsa", tokenEndpoint }))
        yield* Effect.gen(function*() {
          yield* acquire
          const error = yield* failureOf(acquire)
          expect(error).toMatchObject({ _tag: "InvalidClient", error: "invalid_client" })
          expect(JSON.stringify(error)).not.toContain(Redacted.value(clientAssertion))
        }).pipe(Effect.provide(application(provider, { clientId: "rsa", issuer: provider.issuer, clientAssertion })))
      })
    ))
})

import { afterAll, describe, expect, it } from "@effect/vitest"
import { type ClientApplication, ClientCredentials } from "@grantwork/core"
import { FakeProvider, Reply, ScriptedHttpClient } from "@grantwork/testing"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { createPrivateKey, createSign, sign as signWith } from "node:crypto"
import { acquire, assertions, daemon, scopes, tokenEndpoint } from "../daemon.js"
import * as Jws from "../jws.js"
import * as Openssl from "../openssl.js"
import { failure, generic, issuer, refuse, signIn } from "../scenario.js"

describe.skipIf(Openssl.withoutOpenssl)("a client that signs", () => {
  const openssl = Openssl.makeOpenssl()
  afterAll(() => openssl[Symbol.dispose]())

  const pair = (algorithm: Openssl.Algorithm) => Openssl.makeKeyPair(openssl, algorithm, algorithm)
  const [rsa, other, p256, p384, p521] = [
    pair("PS256"),
    Openssl.makeKeyPair(openssl, "PS256", "other"),
    pair("ES256"),
    pair("ES384"),
    pair("ES512")
  ]
  const fingerprint = (digest: "sha1" | "sha256", { certificate } = rsa) =>
    Openssl.thumbprint(openssl, certificate, digest)
  const base64url = (hex: string) => Buffer.from(hex.replaceAll(":", ""), "hex").toString("base64url")
  const x5t = base64url(fingerprint("sha1"))
  const x5tS256 = base64url(fingerprint("sha256"))
  const body = ({ certificate }: Openssl.KeyPair) => certificate.replace(/-----[^-]+-----|\n/g, "")

  const given = (
    { certificate, privateKey }: Openssl.KeyPair,
    others: Partial<ClientApplication.ClientCertificate> = {}
  ) => ({ clientCertificate: { certificate, privateKey: Redacted.make(privateKey), ...others } })

  type Row = readonly [string, Partial<ClientApplication.Options>, object, Openssl.Algorithm, Openssl.KeyPair]
  const rows: ReadonlyArray<Row> = [
    ["a certificate (features 81, 85)", given(rsa), { alg: "PS256", "x5t#S256": x5tS256 }, "PS256", rsa],
    ["RS256 (features 80, 85)", given(rsa, { algorithm: "RS256" }), { alg: "RS256", x5t }, "RS256", rsa],
    ["PS256", given(rsa, { algorithm: "PS256" }), { alg: "PS256", "x5t#S256": x5tS256 }, "PS256", rsa],
    [
      "a SHA-1 thumbprint alone (feature 80)",
      given(rsa, { certificate: undefined, thumbprint: fingerprint("sha1") }),
      { alg: "RS256", x5t },
      "RS256",
      rsa
    ],
    [
      "a SHA-256 thumbprint alone",
      given(rsa, { certificate: undefined, thumbprint: fingerprint("sha256").replaceAll(":", "").toLowerCase() }),
      { alg: "PS256", "x5t#S256": x5tS256 },
      "PS256",
      rsa
    ],
    [
      "a SHA-1 thumbprint and PS256",
      given(rsa, { certificate: undefined, thumbprint: fingerprint("sha1"), algorithm: "PS256" }),
      { alg: "PS256", x5t },
      "PS256",
      rsa
    ],
    [
      "a certificate and its SHA-1 thumbprint",
      given(rsa, { thumbprint: fingerprint("sha1") }),
      { alg: "RS256", x5t },
      "RS256",
      rsa
    ],
    [
      "a certificate and its SHA-256 thumbprint",
      given(rsa, { thumbprint: fingerprint("sha256") }),
      { alg: "PS256", "x5t#S256": x5tS256 },
      "PS256",
      rsa
    ],
    [
      "x5c (feature 84)",
      given(rsa, { sendCertificate: true }),
      { alg: "PS256", "x5t#S256": x5tS256, x5c: [body(rsa)] },
      "PS256",
      rsa
    ],
    [
      "x5c of a chain (feature 84)",
      given(rsa, { certificate: `${rsa.certificate}${other.certificate}`, sendCertificate: true }),
      { alg: "PS256", "x5t#S256": x5tS256, x5c: [body(rsa), body(other)] },
      "PS256",
      rsa
    ],
    [
      "a chain without x5c",
      given(rsa, { certificate: `${rsa.certificate}${other.certificate}` }),
      { alg: "PS256", "x5t#S256": x5tS256 },
      "PS256",
      rsa
    ],
    [
      "a key id",
      given(rsa, { keyId: "key 1" }),
      { alg: "PS256", kid: "key 1", "x5t#S256": x5tS256 },
      "PS256",
      rsa
    ],
    ["a key id alone", given(rsa, { certificate: undefined, keyId: "1" }), { alg: "PS256", kid: "1" }, "PS256", rsa],
    ...([["ES256", p256], ["ES384", p384], ["ES512", p521]] as const).map(([alg, keys]): Row => [
      `a key for ${alg}`,
      given(keys),
      { alg, "x5t#S256": base64url(fingerprint("sha256", keys)) },
      alg,
      keys
    ])
  ]

  it.effect.each(rows)("signs with %s", ([, options, header, algorithm, keys]) =>
    Effect.gen(function*() {
      yield* TestClock.setTime(1_800_000_000_900)
      yield* acquire
      const [request] = yield* FakeProvider.requests("token")
      const { client_assertion, ...form } = request?.form ?? {}
      const jws = String(client_assertion)
      expect(form).toEqual({
        client_id: FakeProvider.clientId,
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        grant_type: "client_credentials",
        scope: "api://orders/.default"
      })
      expect(request?.headers).not.toHaveProperty("authorization")
      expect(Jws.header(jws)).toEqual({ typ: "JWT", ...header })
      const { jti, ...claims } = Jws.claims(jws)
      expect(claims).toEqual({
        aud: tokenEndpoint,
        iss: FakeProvider.clientId,
        sub: FakeProvider.clientId,
        iat: 1_800_000_000,
        nbf: 1_800_000_000,
        exp: 1_800_000_600
      })
      expect(jti).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      expect(jws).not.toContain("=")
      expect(Openssl.verifies(openssl, jws, algorithm, keys.certificate)).toBe(true)
      expect(Openssl.verifies(openssl, jws, algorithm, other.certificate)).toBe(false)
    }).pipe(Effect.provide(daemon(options))))

  const command = (...args: ReadonlyArray<string>) => openssl.run(...args, "-in", "PS256.key", "-passout", "pass:p ä")

  it.effect.each<readonly [string, () => string, string | undefined]>([
    ["PKCS#1", () => openssl.run("rsa", "-in", "PS256.key", "-traditional"), undefined],
    ["PKCS#8 under a passphrase (feature 83)", () => command("pkcs8", "-topk8"), "p ä"],
    ["AES-128 and SHA-1", () => command("pkcs8", "-topk8", "-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA1"), "p ä"],
    ["AES-192 and SHA-384", () => command("pkcs8", "-topk8", "-v2", "aes-192-cbc", "-v2prf", "hmacWithSHA384"), "p ä"],
    ["AES-256 and SHA-512", () => command("pkcs8", "-topk8", "-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA512"), "p ä"],
    ["genpkey's encryption", () => command("pkey", "-aes256"), "p ä"]
  ])("reads a key in %s", ([, privateKey, passphrase]) =>
    Effect.gen(function*() {
      yield* acquire
      const [jws = ""] = yield* assertions
      expect(Openssl.verifies(openssl, jws, "PS256", rsa.certificate)).toBe(true)
    }).pipe(Effect.provide(daemon(given(rsa, {
      privateKey: Redacted.make(privateKey()),
      passphrase: passphrase === undefined ? undefined : Redacted.make(passphrase)
    })))))

  it.effect("adds claims of the caller's own, and lets them choose the audience (feature 89)", () =>
    Effect.gen(function*() {
      yield* acquire
      const [jws = ""] = yield* assertions
      expect(Jws.claims(jws)).toMatchObject({
        aud: "https://sts.example",
        iss: FakeProvider.clientId,
        device: { id: 7 }
      })
    }).pipe(Effect.provide(daemon({
      ...given(rsa),
      clientClaims: { device: { id: 7 }, aud: "https://sts.example" }
    }))))

  it.effect("signs with RS256 and x5t at ADFS", () =>
    Effect.gen(function*() {
      yield* acquire
      const [jws = ""] = yield* assertions
      expect(Jws.header(jws)).toEqual({ typ: "JWT", alg: "RS256", x5t })
    }).pipe(Effect.provide(FakeProvider.layer({
      application: { authority: "https://fs.example/adfs", knownAuthorities: ["fs.example"], ...given(rsa) }
    }))))

  it.effect("uses an assertion until 60 seconds before its end (feature 88)", () =>
    Effect.gen(function*() {
      yield* acquire
      yield* TestClock.adjust("539 seconds")
      yield* acquire
      yield* TestClock.adjust("1 second")
      yield* acquire
      const [first, second, third] = yield* assertions
      expect(second).toBe(first)
      expect(third).not.toBe(first)
      expect(Jws.claims(third ?? "")["iat"]).toBe(540)
    }).pipe(Effect.provide(daemon(given(rsa)))))

  it.effect("uses an assertion for its own endpoint alone", () =>
    Effect.gen(function*() {
      const other = "https://login.microsoftonline.com/9e9e9e9e-0000-4000-8000-000000000009"
      const endpoint = `${other}/oauth2/v2.0/token`
      const answer = { token_type: "Bearer", access_token: "theirs", expires_in: 3600 }
      yield* ScriptedHttpClient.script({ [`POST ${endpoint}`]: Reply.json(answer) })
      yield* acquire
      yield* ClientCredentials.acquire({ scopes, authority: other })
      yield* acquire
      const sent = (yield* ScriptedHttpClient.requests).filter(({ method }) => method === "POST")
      const audiences = sent.map(({ form }) => Jws.claims(String(form?.["client_assertion"]))["aud"])
      expect(audiences).toEqual([tokenEndpoint, endpoint, tokenEndpoint])
      expect(sent[2]?.form?.["client_assertion"]).toBe(sent[0]?.form?.["client_assertion"])
    }).pipe(Effect.provide(daemon(given(rsa)))))

  it.effect("signs anew where the clock was put back", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(3_600_000)
      yield* acquire
      yield* TestClock.setTime(0)
      yield* acquire
      expect((yield* assertions).map((jws) => Jws.claims(jws)["iat"])).toEqual([3600, 0])
    }).pipe(Effect.provide(daemon(given(rsa)))))

  it.effect("signs anew after a refusal", () =>
    Effect.gen(function*() {
      yield* acquire
      yield* refuse({ error: "invalid_client" }, 401)
      expect(yield* failure(acquire)).toMatchObject({ _tag: "InvalidClient", status: 401 })
      yield* refuse({ error: "invalid_scope" })
      yield* failure(acquire)
      yield* failure(acquire)
      const [first, second, third, fourth] = yield* assertions
      expect(second).toBe(first)
      expect(third).not.toBe(first)
      expect(fourth).toBe(third)
    }).pipe(Effect.provide(daemon(given(rsa)))))

  it.effect("signs once for calls at the same time", () =>
    Effect.gen(function*() {
      yield* Effect.all(
        Array.from({ length: 20 }, (_, index) => ClientCredentials.acquire({ scopes: [`api://${index}/.default`] })),
        { concurrency: "unbounded" }
      )
      const sent = yield* assertions
      expect(sent).toHaveLength(20)
      expect(new Set(sent)).toHaveLength(1)
    }).pipe(Effect.provide(daemon(given(rsa)))))

  it.effect("signs for each request anew with a provider that is not Microsoft's", () =>
    Effect.gen(function*() {
      yield* signIn()
      yield* signIn()
      const [first = "", second = ""] = yield* assertions
      expect(Jws.claims(first)).toMatchObject({ aud: `${issuer}/token` })
      expect(Jws.claims(second)["jti"]).not.toBe(Jws.claims(first)["jti"])
    }).pipe(Effect.provide(generic(given(rsa)))))

  it.effect("shares no assertion with another application", () =>
    Effect.gen(function*() {
      const sent = Effect.zipRight(acquire, assertions)
      const [one = ""] = yield* Effect.provide(sent, daemon(given(rsa)))
      const [another = ""] = yield* Effect.provide(sent, daemon(given(rsa)))
      // Only the salt of the signature tells them apart.
      expect(Jws.claims(another)).toEqual(Jws.claims(one))
      expect(another).not.toBe(one)
    }))

  it.effect.each(
    [
      ["a wrong passphrase", { passphrase: Redacted.make("wrong") }, "clientCertificate.passphrase"],
      [
        "another certificate's key under a passphrase",
        { certificate: other.certificate, passphrase: Redacted.make("hunter2") },
        "clientCertificate.privateKey"
      ],
      [
        "an algorithm of another key under a passphrase",
        { certificate: undefined, keyId: "1", algorithm: "ES256", passphrase: Redacted.make("hunter2") },
        "clientCertificate.algorithm"
      ]
    ] as const
  )("is told of %s at the first request, before anything is sent", ([, others, option]) =>
    Effect.gen(function*() {
      for (const _ of [1, 2]) {
        const error = yield* failure(acquire)
        expect(error).toMatchObject({ _tag: "InvalidConfiguration", option })
        expect(`${JSON.stringify(error)}${error.stack}`).not.toMatch(/hunter2|wrong"/)
      }
      expect(yield* FakeProvider.requests("token")).toEqual([])
    }).pipe(Effect.provide(daemon(given(rsa, {
      privateKey: Redacted.make(openssl.run("pkcs8", "-topk8", "-in", "PS256.key", "-passout", "pass:hunter2")),
      ...others
    })))))

  it.effect("is told of a thumbprint that is another certificate's", () =>
    Effect.gen(function*() {
      expect(yield* failure(acquire)).toMatchObject({
        _tag: "InvalidConfiguration",
        option: "clientCertificate.thumbprint",
        message: expect.stringContaining(fingerprint("sha256").replaceAll(":", "").toLowerCase())
      })
    }).pipe(Effect.provide(daemon(given(rsa, { thumbprint: fingerprint("sha256", other) })))))

  describe("in a vault", () => {
    const signed: Array<string> = []
    const vault = (keys: Openssl.KeyPair): ClientApplication.Sign => (bytes, algorithm) =>
      Effect.sync(() => {
        signed.push(algorithm)
        const key = createPrivateKey(keys.privateKey)
        return algorithm === "PS256"
          ? signWith("sha256", bytes, { key, padding: 6, saltLength: 32 })
          : algorithm === "RS256"
          ? createSign("sha256").update(bytes).sign(key)
          : signWith("sha256", bytes, { key, dsaEncoding: "ieee-p1363" })
      })

    type Reference = Omit<ClientApplication.ClientSigner, "sign">
    const references: ReadonlyArray<readonly [string, Reference, object, Openssl.Algorithm, Openssl.KeyPair]> = [
      ["certificate", { certificate: rsa.certificate }, { alg: "PS256", "x5t#S256": x5tS256 }, "PS256", rsa],
      [
        "certificate and key id",
        { certificate: rsa.certificate, keyId: "1", algorithm: "RS256", sendCertificate: true },
        { alg: "RS256", kid: "1", x5t, x5c: [body(rsa)] },
        "RS256",
        rsa
      ],
      ["SHA-1 thumbprint", { thumbprint: fingerprint("sha1") }, { alg: "RS256", x5t }, "RS256", rsa],
      [
        "SHA-256 thumbprint",
        { thumbprint: fingerprint("sha256") },
        { alg: "PS256", "x5t#S256": x5tS256 },
        "PS256",
        rsa
      ],
      [
        "certificate of a curve",
        { certificate: p256.certificate },
        { alg: "ES256", "x5t#S256": base64url(fingerprint("sha256", p256)) },
        "ES256",
        p256
      ],
      ["key id of a curve", { keyId: "1", algorithm: "ES256" }, { alg: "ES256", kid: "1" }, "ES256", p256]
    ]

    it.effect.each(references)(
      "signs, known by its %s",
      ([, reference, header, algorithm, keys]) =>
        Effect.gen(function*() {
          yield* acquire
          const [jws = ""] = yield* assertions
          expect(Jws.header(jws)).toEqual({ typ: "JWT", ...header })
          expect(Openssl.verifies(openssl, jws, algorithm, keys.certificate)).toBe(true)
          expect(signed.pop()).toBe(algorithm)
          yield* acquire
          expect(signed.pop()).toBeUndefined()
        }).pipe(Effect.provide(daemon({ clientSigner: { ...reference, sign: vault(keys) } })))
    )

    it.effect.each<readonly [string, ClientApplication.Sign, RegExp]>([
      ["signs with another key", vault(other), /no PS256 signature/],
      ["signs in another way", (bytes) => vault(rsa)(bytes, "RS256"), /no PS256 signature/],
      ["gives nothing", () => Effect.succeed(new Uint8Array()), /gave no bytes/],
      ["gives text", () => Effect.succeed("signature" as unknown as Uint8Array), /gave no bytes/],
      ["fails", () => Effect.fail({ code: "ECONNRESET", message: "hunter2" }), /failed \(ECONNRESET\)/]
    ])("is found out when it %s", ([, sign, message]) =>
      Effect.gen(function*() {
        const error = yield* failure(acquire)
        expect(error).toMatchObject({
          _tag: "CredentialUnavailable",
          option: "clientSigner",
          message: expect.stringMatching(message)
        })
        expect(JSON.stringify(error)).not.toContain("hunter2")
        expect(yield* FakeProvider.requests("token")).toEqual([])
      }).pipe(Effect.provide(daemon({ clientSigner: { certificate: rsa.certificate, sign } }))))
  })
})

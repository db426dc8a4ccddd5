import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { generateKeyPairSync } from "node:crypto"
import { inspect } from "node:util"
import { afterAll, describe, expect, it } from "vitest"
import * as ClientCredentialOptions from "../../src/services/ClientCredentialOptions.js"
import type { ClientCertificate, ClientSigner } from "../../src/services/ClientKeyOptions.js"
import * as Openssl from "../openssl.js"

type Options = ClientCredentialOptions.Options

const read = (options: object) => ClientCredentialOptions.read(options, "PS256")

const sign = () => Effect.succeed(new Uint8Array())
const privateKeyEncoding = { type: "pkcs8", format: "pem" } as const
const publicKeyEncoding = { type: "spki", format: "pem" } as const
const { privateKey: pem } = generateKeyPairSync("rsa", { modulusLength: 2048, privateKeyEncoding, publicKeyEncoding })
const privateKey = Redacted.make(pem)
const clientCertificate: ClientCertificate = { thumbprint: "ab".repeat(32), privateKey }
const clientSigner: ClientSigner = { keyId: "1", sign }
const circular: Record<string, unknown> = {}
circular["itself"] = circular
const clientAssertion = Redacted.make("a.b.c")
const clientSecret = Redacted.make("hunter2")

describe("a credential", () => {
  it.each<readonly [string, Options]>([
    ["ClientSecret", { clientSecret }],
    ["Certificate", { clientCertificate }],
    ["Certificate", { clientCertificate, clientClaims: { a: [1] } }],
    ["Certificate", { clientCertificate: { keyId: "1", privateKey } }],
    ["Certificate", { clientCertificate: { ...clientCertificate, thumbprint: "AB:".repeat(20).slice(0, -1) } }],
    ["Signer", { clientSigner }],
    ["Signer", { clientSigner: { ...clientSigner, algorithm: "ES256" }, clientClaims: {} }],
    ["Assertion", { clientAssertion }],
    ["Assertion", { clientAssertion: Effect.succeed(clientAssertion), reuseClientAssertion: true }],
    ["Assertion", { clientAssertion: () => Effect.fail("later") }]
  ])("is a %s: %j", (tag, options) => {
    const credential = Option.getOrThrow(Either.getOrThrow(read(options)))
    expect(credential._tag).toBe(tag)
    const printed = `${inspect(credential, { depth: 9, showHidden: true })}${JSON.stringify(credential)}`
    for (const secret of ["hunter2", "a.b.c", pem.slice(60, 120)]) expect(printed).not.toContain(secret)
  })

  it("is none for a public client", () => {
    expect(read({})).toEqual(Either.right(Option.none()))
  })

  const four = { clientSecret, clientCertificate, clientSigner, clientAssertion }
  const pairs = Object.keys(four).flatMap((one, index, all) =>
    all.slice(index + 1).map((other) => [one, other] as const)
  )

  it.each(pairs)("is one: not %s and %s", (one, other) => {
    const both = Object.fromEntries(Object.entries(four).filter(([name]) => name === one || name === other))
    const { message, option } = Either.getOrThrow(Either.flip(read(both)))
    expect(message).toContain(one)
    expect(message).toContain(other)
    expect([one, other]).toContain(option)
  })

  it("keeps what the caller's claims were", () => {
    const clientClaims = { list: [1] }
    const credential = Option.getOrThrow(Either.getOrThrow(read({ clientSigner, clientClaims })))
    clientClaims.list.push(2)
    expect(credential).toMatchObject({ statement: { claims: { list: [1] } } })
  })

  it.each<readonly [string, object]>([
    ["clientSecret", { clientSecret: "secret" }],
    ["clientSecret", { clientSecret: null }],
    ["clientSecret", { clientSecret: Redacted.make(" ") }],
    ["clientAssertion", { clientAssertion: "a.b.c" }],
    ["clientAssertion", { clientAssertion: Redacted.make("a.b") }],
    ["clientAssertion", { clientAssertion: Redacted.make(7) }],
    ["clientAssertion", { clientAssertion: {} }],
    ["reuseClientAssertion", { reuseClientAssertion: true }],
    ["reuseClientAssertion", { clientSecret, reuseClientAssertion: true }],
    ["clientClaims", { clientClaims: {} }],
    ["clientClaims", { clientSecret, clientClaims: {} }],
    ["clientClaims", { clientAssertion, clientClaims: {} }],
    ["clientClaims", { clientSigner, clientClaims: [] }],
    ["clientClaims", { clientSigner, clientClaims: null }],
    ["clientClaims", { clientSigner, clientClaims: "{}" }],
    ["clientClaims", { clientSigner, clientClaims: circular }],
    ...["iss", "sub", "jti", "iat", "nbf", "exp"].map((claim) =>
      ["clientClaims", { clientSigner, clientClaims: { [claim]: 1 } }] as const
    ),
    ["clientCertificate", { clientCertificate: null }],
    ["clientCertificate", { clientCertificate: "certificate" }],
    ["clientCertificate", { clientCertificate: { privateKey } }],
    ["clientCertificate.certificate", { clientCertificate: { ...clientCertificate, certificate: "" } }],
    ["clientCertificate.certificate", { clientCertificate: { ...clientCertificate, certificate: 7 } }],
    ["clientCertificate.certificate", { clientCertificate: { ...clientCertificate, certificate: pem } }],
    ["clientCertificate.thumbprint", { clientCertificate: { privateKey, thumbprint: "" } }],
    ["clientCertificate.thumbprint", { clientCertificate: { privateKey, thumbprint: "ab".repeat(21) } }],
    ["clientCertificate.thumbprint", { clientCertificate: { privateKey, thumbprint: "xy".repeat(20) } }],
    ["clientCertificate.thumbprint", { clientCertificate: { privateKey, thumbprint: 7 } }],
    ["clientCertificate.keyId", { clientCertificate: { privateKey, keyId: "" } }],
    ["clientCertificate.algorithm", { clientCertificate: { ...clientCertificate, algorithm: "none" } }],
    ["clientCertificate.algorithm", { clientCertificate: { ...clientCertificate, algorithm: "HS256" } }],
    ["clientCertificate.algorithm", { clientCertificate: { ...clientCertificate, algorithm: "ES256" } }],
    ["clientCertificate.sendCertificate", { clientCertificate: { ...clientCertificate, sendCertificate: true } }],
    ["clientCertificate.privateKey", { clientCertificate: { keyId: "1" } }],
    ["clientCertificate.privateKey", { clientCertificate: { ...clientCertificate, privateKey: pem } }],
    ["clientCertificate.privateKey", { clientCertificate: { ...clientCertificate, privateKey: Redacted.make("") } }],
    ["clientCertificate.privateKey", { clientCertificate: { ...clientCertificate, privateKey: Redacted.make("key") } }],
    ["clientCertificate.passphrase", { clientCertificate: { ...clientCertificate, passphrase: "passphrase" } }],
    ["clientSigner", { clientSigner: { sign } }],
    ["clientSigner.sign", { clientSigner: { keyId: "1" } }],
    ["clientSigner.sendCertificate", { clientSigner: { ...clientSigner, sendCertificate: true } }]
  ])("refuses %s: %j", (option, options) => {
    const error = Either.getOrThrow(Either.flip(read(options)))
    expect(error).toMatchObject({ _tag: "InvalidConfiguration", option })
    expect(error.message).toContain(option)
    expect(error.message).not.toContain(pem.slice(60, 120))
  })
})

describe.skipIf(Openssl.withoutOpenssl)("a certificate", () => {
  const openssl = Openssl.makeOpenssl()
  afterAll(() => openssl[Symbol.dispose]())

  const rsa = Openssl.makeKeyPair(openssl, "PS256", "rsa")
  const other = Openssl.makeKeyPair(openssl, "PS256", "other")
  const curve = Openssl.makeKeyPair(openssl, "ES256", "curve")
  openssl.run("genpkey", "-algorithm", "ED25519", "-out", "ed.key")
  const edwards = openssl.run("req", "-new", "-x509", "-key", "ed.key", "-subj", "/CN=ed")
  const encrypted = openssl.run("pkcs8", "-topk8", "-in", "rsa.key", "-passout", "pass:hunter2")
  const legacy = openssl.run("rsa", "-in", "rsa.key", "-traditional", "-aes256", "-passout", "pass:hunter2")

  const given = (others: Partial<ClientCertificate>) => ({
    clientCertificate: { certificate: rsa.certificate, privateKey: Redacted.make(rsa.privateKey), ...others }
  })

  it.each<readonly [string, Partial<ClientCertificate>, string, RegExp]>([
    ["another's key", { certificate: other.certificate }, "privateKey", /not the key of the certificate/],
    [
      "a chain in the wrong order",
      { certificate: `${other.certificate}${rsa.certificate}` },
      "privateKey",
      /not the key of the certificate, or of the first/
    ],
    ["a key of another kind", { certificate: curve.certificate }, "privateKey", /not the key of the certificate/],
    ["a certificate of a kind that signs nothing here", { certificate: edwards }, "certificate", /RSA/],
    [
      "its private key beside it",
      { certificate: `${rsa.certificate}${rsa.privateKey}` },
      "certificate",
      /holds a private key.*privateKey/
    ],
    [
      "an algorithm of another key",
      { certificate: curve.certificate, privateKey: Redacted.make(curve.privateKey), algorithm: "PS256" },
      "algorithm",
      /P-256/
    ],
    ["no passphrase", { privateKey: Redacted.make(encrypted) }, "passphrase", /missing/],
    ["an encryption of old", { privateKey: Redacted.make(legacy) }, "privateKey", /openssl pkcs8 -topk8/]
  ])("is refused with %s", (_, others, member, message) => {
    const error = Either.getOrThrow(Either.flip(read(given(others))))
    expect(error).toMatchObject({ option: `clientCertificate.${member}`, message: expect.stringMatching(message) })
  })

  it.each<readonly [string, Partial<ClientCertificate>]>([
    ["in PEM", {}],
    ["without BEGIN and END", { certificate: rsa.certificate.replace(/-----[^-]+-----/g, "") }],
    ["before another", { certificate: `${rsa.certificate}${other.certificate}` }],
    ["with an encrypted key", { privateKey: Redacted.make(encrypted), passphrase: Redacted.make("wrong") }],
    ["with a passphrase that the key does not need", { passphrase: Redacted.make("needless") }]
  ])("is taken %s", (_, others) => {
    expect(Either.isRight(read(given(others)))).toBe(true)
  })

  it("of a curve makes a signer sign with that curve", () => {
    const credential = (algorithm?: "PS256" | "ES256") =>
      read({ clientSigner: { certificate: curve.certificate, sign, algorithm } })
    expect(Either.getOrThrow(credential())).toMatchObject(Option.some({ _tag: "Signer", algorithm: "ES256" }))
    expect(Either.getOrThrow(Either.flip(credential("PS256")))).toMatchObject({ option: "clientSigner.algorithm" })
  })
})

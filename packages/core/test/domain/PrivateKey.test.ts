import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import fc from "fast-check"
import { createPrivateKey, createPublicKey } from "node:crypto"
import { inspect } from "node:util"
import { afterAll, describe, expect, it } from "vitest"
import * as PrivateKey from "../../src/domain/PrivateKey.js"
import { type Algorithm, makeKeyPair, makeOpenssl, withoutOpenssl } from "../openssl.js"

const parse = (text: string) => PrivateKey.parse(text)

const openKey = (text: string): PrivateKey.OpenKey => {
  const key = Either.getOrThrow(parse(text))
  if (key._tag !== "Open") throw new Error("It is encrypted.")
  return key
}

describe.skipIf(withoutOpenssl)("private keys", () => {
  const openssl = makeOpenssl()
  afterAll(() => openssl[Symbol.dispose]())

  const rsa = makeKeyPair(openssl, "PS256", "rsa")
  const pkcs1 = () => openssl.run("rsa", "-in", "rsa.key", "-traditional")

  const sec1 = (algorithm: Algorithm) => {
    makeKeyPair(openssl, algorithm, algorithm)
    return openssl.run("ec", "-in", `${algorithm}.key`)
  }

  it.each([
    ["RSA in PKCS#8", () => rsa.privateKey],
    ["RSA in PKCS#1", pkcs1],
    ["RSA beside its certificate", () => `${rsa.certificate}${rsa.privateKey}`],
    ["P-256 in PKCS#8", () => makeKeyPair(openssl, "ES256", "p256").privateKey],
    ["P-384 in PKCS#8", () => makeKeyPair(openssl, "ES384", "p384").privateKey],
    ["P-521 in PKCS#8", () => makeKeyPair(openssl, "ES512", "p521").privateKey],
    ["P-256 in SEC 1", () => sec1("ES256")],
    ["P-521 in SEC 1", () => sec1("ES512")],
    ["P-256 with the parameters that ecparam writes", () => openssl.run("ecparam", "-name", "prime256v1", "-genkey")]
  ])("are read: %s", (_, text) => {
    const pem = text()
    const { pkcs8, publicKey } = openKey(pem)
    const ours = createPrivateKey({ key: Buffer.from(Redacted.value(pkcs8)), format: "der", type: "pkcs8" })
    expect(ours.equals(createPrivateKey(pem))).toBe(true)
    expect(publicKey).toEqual(createPublicKey(pem).export({ format: "jwk" }))
  })

  it("are read without their public half, which stays unknown", () => {
    makeKeyPair(openssl, "ES256", "half")
    const without = openssl.run("ec", "-in", "half.key", "-no_public")
    expect(openKey(without).publicKey).toEqual({ kty: "EC", crv: "P-256" })
  })

  it.each([
    ["an empty text", () => "", "malformed"],
    ["another text", () => "a key", "malformed"],
    ["a certificate", () => rsa.certificate, "malformed"],
    ["a public key", () => openssl.run("pkey", "-in", "rsa.key", "-pubout"), "malformed"],
    ["two keys", () => `${rsa.privateKey}${pkcs1()}`, "malformed"],
    ["a key that is cut off", () => rsa.privateKey.slice(0, 500), "malformed"],
    ["a key that was changed", () => rsa.privateKey.replace("\nMII", "\nMIA"), "malformed"],
    ["a key of another kind", () => openssl.run("genpkey", "-algorithm", "ED25519"), "unsupported"],
    [
      "a key for PSS alone",
      () => openssl.run("genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"),
      "unsupported"
    ],
    ["a key of another curve", () => openssl.run("ecparam", "-name", "secp256k1", "-genkey", "-noout"), "unsupported"],
    [
      "a key of OpenSSH",
      () => "-----BEGIN OPENSSH PRIVATE KEY-----\nb25l\n-----END OPENSSH PRIVATE KEY-----\n",
      "unsupported"
    ],
    ["a short key", () => openssl.run("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"), "weak"],
    [
      "an encryption of old",
      () => openssl.run("rsa", "-in", "rsa.key", "-traditional", "-aes256", "-passout", "pass:p"),
      "encryption"
    ],
    ["scrypt", () => openssl.run("pkcs8", "-topk8", "-scrypt", "-in", "rsa.key", "-passout", "pass:p"), "encryption"],
    [
      "Triple DES",
      () => openssl.run("pkcs8", "-topk8", "-v2", "des3", "-in", "rsa.key", "-passout", "pass:p"),
      "encryption"
    ],
    [
      "an encryption of PKCS#12",
      () => openssl.run("pkcs8", "-topk8", "-v1", "PBE-SHA1-3DES", "-in", "rsa.key", "-passout", "pass:p"),
      "encryption"
    ]
  ])("are not read from %s", (_, text, refusal) => {
    expect(parse(text())).toEqual(Either.left(refusal))
  })

  it.each([
    ["pkcs8 by default", ["pkcs8", "-topk8"], "SHA-256", 256, 2048],
    ["AES-128, SHA-1", ["pkcs8", "-topk8", "-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA1"], "SHA-1", 128, 2048],
    ["AES-192, SHA-384", ["pkcs8", "-topk8", "-v2", "aes-192-cbc", "-v2prf", "hmacWithSHA384"], "SHA-384", 192, 2048],
    ["AES-256, SHA-512", ["pkcs8", "-topk8", "-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA512"], "SHA-512", 256, 2048],
    ["many iterations", ["pkcs8", "-topk8", "-iter", "600000"], "SHA-256", 256, 600_000]
  ])("are known to be encrypted: %s", (_, command, hash, keyLength, iterations) => {
    const text = openssl.run(...command, "-in", "rsa.key", "-passout", "pass:p")
    expect(Either.getOrThrow(parse(text))).toMatchObject({
      _tag: "Encrypted",
      encrypted: { hash, keyLength, iterations, initializationVector: { length: 16 } }
    })
  })

  it("show in no print", () => {
    const key = openKey(rsa.privateKey)
    const printed = `${inspect(key, { depth: 9, showHidden: true })}${JSON.stringify(key)}`
    const { d = "", p = "" } = createPrivateKey(rsa.privateKey).export({ format: "jwk" })
    expect([d, p].map((secret) => secret.length > 100)).toEqual([true, true])
    for (const secret of [d, p]) {
      expect(printed).not.toContain(secret.slice(0, 40))
    }
    expect(printed).not.toContain(Buffer.from(Redacted.value(key.pkcs8)).toString("hex").slice(0, 80))
    const bytes = Redacted.value(key.pkcs8)
    expect(inspect(bytes, { maxArrayLength: null })).toMatch(/\d+, +\d+, +\d+/)
    expect(printed).not.toMatch(/\d+, +\d+, +\d+|"\d+":/)
  })

  it("take any damage without harm", () => {
    const der = Redacted.value(openKey(rsa.privateKey).pkcs8)
    const damage = fc.tuple(fc.nat(der.length - 1), fc.nat(255))
    fc.assert(fc.property(fc.array(damage, { maxLength: 4 }), fc.nat(der.length), (changes, length) => {
      const damaged = Uint8Array.from(der)
      changes.forEach(([index, byte]) => damaged[index] = byte)
      expect(Either.isEither(PrivateKey.decode(damaged.subarray(0, length)))).toBe(true)
    }))
  })
})

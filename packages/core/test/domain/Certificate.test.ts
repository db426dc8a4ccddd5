import * as Either from "effect/Either"
import * as Option from "effect/Option"
import { X509Certificate } from "node:crypto"
import { afterAll, describe, expect, it } from "vitest"
import * as Certificate from "../../src/domain/Certificate.js"
import { makeKeyPair, makeOpenssl, withoutOpenssl } from "../openssl.js"

describe.skipIf(withoutOpenssl)("certificates", () => {
  const openssl = makeOpenssl()
  afterAll(() => openssl[Symbol.dispose]())

  const one = makeKeyPair(openssl, "PS256", "one")
  const two = makeKeyPair(openssl, "ES256", "two")
  const raw = ({ certificate }: typeof one) => Uint8Array.from(new X509Certificate(certificate).raw)
  const bare = one.certificate.replace(/-----[^-]+-----/g, "")

  it.each([
    ["one BEGIN block", one.certificate, [one]],
    ["many BEGIN blocks", `subject=CN = one\n${one.certificate}\nsubject=CN = two\n${two.certificate}`, [one, two]],
    ["no BEGIN block", bare, [one]],
    ["no BEGIN block and no new lines", bare.replaceAll("\n", ""), [one]],
    ["the new lines of an environment variable", one.certificate.replaceAll("\n", "\\n"), [one]]
  ])("are read from a text with %s", (_, text, expected) => {
    expect(Certificate.parse(text)).toEqual(Either.right(expected.map(raw)))
  })

  it.each([
    ["an empty text", "", "malformed"],
    ["another text", "a certificate", "malformed"],
    ["base64 of something else", btoa("something else"), "malformed"],
    ["a public key", openssl.run("pkey", "-in", "one.key", "-pubout"), "malformed"],
    ["a request for a certificate", openssl.run("req", "-new", "-key", "one.key", "-subj", "/CN=one"), "malformed"],
    ["a certificate that is cut off", one.certificate.slice(0, 400), "malformed"],
    ["a good one and a broken one", `${one.certificate}${two.certificate.slice(0, 300)}`, "malformed"],
    ["a private key", one.privateKey, "private_key"],
    ["a certificate and its private key", `${one.certificate}${one.privateKey}`, "private_key"],
    ["a private key that is cut off", `${one.certificate}${one.privateKey.slice(0, 300)}`, "private_key"],
    ["an encrypted private key", openssl.run("pkcs8", "-topk8", "-in", "one.key", "-passout", "pass:p"), "private_key"],
    ["a private key in PKCS#1", openssl.run("rsa", "-in", "one.key", "-traditional"), "private_key"]
  ])("are not read from %s", (_, text, refusal) => {
    expect(Certificate.parse(text)).toEqual(Either.left(refusal))
  })

  it("tell their public key", () => {
    for (const pair of [one, two]) {
      const { publicKey } = new X509Certificate(pair.certificate)
      expect(Certificate.publicKey(raw(pair))).toEqual(Option.some(publicKey.export({ format: "jwk" })))
    }
  })

  it("tell no key of a kind that is not known here", () => {
    openssl.run("genpkey", "-algorithm", "ED25519", "-out", "ed.key")
    openssl.run("ecparam", "-name", "secp256k1", "-genkey", "-noout", "-out", "k.key")
    for (const key of ["ed.key", "k.key"]) {
      const certificate = openssl.run("req", "-new", "-x509", "-key", key, "-subj", "/CN=other")
      const [der] = Either.getOrThrow(Certificate.parse(certificate))
      expect(Certificate.publicKey(der)).toEqual(Option.none())
    }
  })
})

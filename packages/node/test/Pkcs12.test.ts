import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { execFileSync, spawnSync } from "node:child_process"
import { createPrivateKey, X509Certificate } from "node:crypto"
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { inspect } from "node:util"
import * as Pkcs12 from "../src/Pkcs12.js"
import { folder } from "./support/folder.js"

const passphrase = "correct horse"

const withoutOpenssl = spawnSync("openssl", ["version"]).status !== 0 && process.env["CI"] === undefined

if (withoutOpenssl) {
  process.emitWarning("Tests of PKCS#12 are skipped: install openssl (on Debian: apt-get install openssl).")
}

/** A folder with a key, its certificate and one that vouches for it, and openssl to work with them. */
const workshop = (keyOptions: ReadonlyArray<string>) =>
  Effect.map(folder, (cwd) => {
    const openssl = (...args: ReadonlyArray<string>) =>
      execFileSync("openssl", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.crt", "-subj", "/CN=ca")
    openssl("genpkey", ...keyOptions, "-out", "own.key")
    openssl("req", "-new", "-key", "own.key", "-subj", "/CN=Größe", "-utf8", "-out", "own.csr")
    openssl("x509", "-req", "-in", "own.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-out", "own.crt")
    return {
      path: (name: string) => join(cwd, name),
      text: (name: string) => readFileSync(join(cwd, name), "utf8"),
      exportAs: (name: string, ...args: ReadonlyArray<string>) => {
        openssl("pkcs12", "-export", "-out", name, "-passout", `pass:${passphrase}`, ...args)
        return join(cwd, name)
      }
    }
  })

const ofRsa = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
const ofCurve = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
const own = ["-inkey", "own.key", "-in", "own.crt"]

const refusal = (options: Pkcs12.Options) =>
  Effect.map(Effect.flip(Pkcs12.read(options)), (error) => {
    expect(error).toMatchObject({ _tag: "InvalidConfiguration", option: "clientCertificate" })
    expect(`${inspect(error, { depth: 9 })}${JSON.stringify(error)}`).not.toContain(passphrase)
    return error.message
  })

describe.skipIf(withoutOpenssl)("a file of PKCS#12 (feature 82)", () => {
  it.scopedLive.each<[string, ReadonlyArray<string>, ReadonlyArray<string>]>([
    ["AES", ofRsa, []],
    ["Triple DES, as Windows writes it", ofRsa, [
      "-keypbe",
      "PBE-SHA1-3DES",
      "-certpbe",
      "PBE-SHA1-3DES",
      "-macalg",
      "sha1"
    ]],
    ["nothing", ofRsa, ["-keypbe", "NONE", "-certpbe", "NONE"]],
    ["AES, with a key of a curve", ofCurve, []]
  ])("encrypted with %s has its key and certificates", ([_, keyOptions, args]) =>
    Effect.gen(function*() {
      const files = yield* workshop(keyOptions)
      const path = files.exportAs("own.pfx", ...own, "-certfile", "ca.crt", ...args)
      const { certificate, privateKey } = yield* Pkcs12.read({ path, passphrase: Redacted.make(passphrase) })
      expect(createPrivateKey(Redacted.value(privateKey)).equals(createPrivateKey(files.text("own.key")))).toBe(true)
      const certificates = certificate.split(/(?<=-----END CERTIFICATE-----\n)/).filter((text) => text.trim() !== "")
      expect(certificates.map((text) => new X509Certificate(text).fingerprint256)).toEqual(
        ["own.crt", "ca.crt"].map((name) => new X509Certificate(files.text(name)).fingerprint256)
      )
      expect(inspect(yield* Pkcs12.read({ path, passphrase: Redacted.make(passphrase) }))).not.toContain("PRIVATE KEY")
    }))

  it.scopedLive("needs no passphrase where it has an empty one", () =>
    Effect.gen(function*() {
      const files = yield* workshop(ofRsa)
      const path = files.exportAs("own.pfx", ...own, "-passout", "pass:")
      expect((yield* Pkcs12.read({ path })).certificate).toContain("BEGIN CERTIFICATE")
    }))

  it.scopedLive("is refused, and said why", () =>
    Effect.gen(function*() {
      const files = yield* workshop(ofRsa)
      const secret = Redacted.make(passphrase)
      const path = files.exportAs("own.pfx", ...own)
      expect(yield* refusal({ path, passphrase: Redacted.make("wrong") })).toContain("passphrase is wrong")
      expect(yield* refusal({ path })).toContain("passphrase is wrong")
      const keyless = files.exportAs("keyless.pfx", "-nokeys", "-in", "own.crt")
      expect(yield* refusal({ path: keyless, passphrase: secret })).toContain("no private key")
      const bare = files.exportAs("bare.pfx", "-nocerts", "-inkey", "own.key")
      expect(yield* refusal({ path: bare, passphrase: secret })).toContain("no certificate of its private key")
      expect(yield* refusal({ path: files.path("own.key"), passphrase: secret })).toContain("no file of PKCS#12")
      const torn = readFileSync(path)
      for (const length of [0, 1, 10, 500, torn.length - 1]) {
        writeFileSync(files.path("torn.pfx"), torn.subarray(0, length))
        expect(yield* refusal({ path: files.path("torn.pfx"), passphrase: secret })).toContain("PKCS#12")
      }
      const tampered = Buffer.from(torn)
      tampered.writeUInt8(tampered.readUInt8(300) ^ 1, 300)
      writeFileSync(files.path("tampered.pfx"), tampered)
      yield* refusal({ path: files.path("tampered.pfx"), passphrase: secret })
    }))

  it.scopedLive("that is none is refused by its path", () =>
    Effect.gen(function*() {
      const root = yield* folder
      const path = join(root, "own.pfx")
      expect(yield* refusal({ path })).toContain(`${path} cannot be read (ENOENT)`)
      mkdirSync(path)
      expect(yield* refusal({ path })).toContain("EISDIR")
      const huge = join(root, "huge.pfx")
      writeFileSync(huge, "")
      truncateSync(huge, 2 ** 31)
      expect(yield* refusal({ path: huge })).toContain("EFBIG")
    }))
})

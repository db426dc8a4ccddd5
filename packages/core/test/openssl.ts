import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const program = process.env["OPENSSL"] ?? "openssl"

const isInstalled = spawnSync(program, ["version"]).status === 0

/** Whether tests that need openssl have to be left out. */
export const withoutOpenssl = !isInstalled && process.env["CI"] === undefined

if (withoutOpenssl) {
  process.emitWarning(
    "Tests of keys and certificates are skipped: install openssl (on Debian: apt-get install openssl)."
  )
}

export interface Openssl extends Disposable {
  /** Runs it in a folder of its own, and gives what it writes. */
  readonly run: (...args: ReadonlyArray<string>) => string
  readonly read: (file: string) => string
  readonly write: (file: string, content: string | Uint8Array) => void
}

export const makeOpenssl = (): Openssl => {
  const cwd = mkdtempSync(join(tmpdir(), "grantwork-openssl-"))
  return {
    run: (...args) => execFileSync(program, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }),
    read: (file) => readFileSync(join(cwd, file), "utf8"),
    write: (file, content) => writeFileSync(join(cwd, file), content),
    [Symbol.dispose]: () => rmSync(cwd, { recursive: true, force: true })
  }
}

/** How openssl is told to make a key of each algorithm. */
const keyOptions = {
  PS256: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
  RS256: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
  ES256: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
  ES384: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
  ES512: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"]
}

export type Algorithm = keyof typeof keyOptions

export interface KeyPair {
  readonly privateKey: string
  readonly certificate: string
}

/** A key of this name, and a certificate that it signed itself. */
export const makeKeyPair = ({ read, run }: Openssl, algorithm: Algorithm, name: string): KeyPair => {
  run("genpkey", ...keyOptions[algorithm], "-out", `${name}.key`)
  run("req", "-new", "-x509", "-key", `${name}.key`, "-subj", `/CN=${name}`, "-days", "2", "-out", `${name}.crt`)
  return { privateKey: read(`${name}.key`), certificate: read(`${name}.crt`) }
}

/** Thumbprint of a certificate in hexadecimal, with colons. */
export const thumbprint = ({ run, write }: Openssl, certificate: string, digest: "sha1" | "sha256"): string => {
  write("printed.crt", certificate)
  return run("x509", "-in", "printed.crt", "-noout", "-fingerprint", `-${digest}`).trim().split("=")[1] ?? ""
}

const digests = { PS256: "-sha256", RS256: "-sha256", ES256: "-sha256", ES384: "-sha384", ES512: "-sha512" }

/** Whether openssl finds that the certificate's key signed this JWS. */
export const verifies = (
  { run, write }: Openssl,
  jws: string,
  algorithm: Algorithm,
  certificate: string
): boolean => {
  const dot = jws.lastIndexOf(".")
  const signature = Buffer.from(jws.slice(dot + 1), "base64url")
  write("verified.crt", certificate)
  write("verified.pub", run("x509", "-in", "verified.crt", "-noout", "-pubkey"))
  write("verified.txt", jws.slice(0, dot))
  write("verified.sig", algorithm.startsWith("ES") ? inDer(signature) : signature)
  const padding = algorithm === "PS256"
    ? ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"]
    : []
  try {
    return run(
      "dgst",
      digests[algorithm],
      "-verify",
      "verified.pub",
      ...padding,
      "-signature",
      "verified.sig",
      "verified.txt"
    ).trim() === "Verified OK"
  } catch {
    return false
  }
}

/** The two numbers of an ECDSA signature as openssl wants them. */
const inDer = (signature: Buffer): Buffer => {
  const integer = (bytes: Buffer) => {
    const start = bytes.findIndex((byte) => byte !== 0)
    const magnitude = bytes.subarray(start < 0 ? bytes.length - 1 : start)
    const content = (magnitude[0] ?? 0) < 0x80 ? magnitude : Buffer.concat([Buffer.of(0), magnitude])
    return Buffer.concat([Buffer.of(2, content.length), content])
  }
  const half = signature.length / 2
  const content = Buffer.concat([integer(signature.subarray(0, half)), integer(signature.subarray(half))])
  return Buffer.concat([
    Buffer.from(content.length < 0x80 ? [0x30, content.length] : [0x30, 0x81, content.length]),
    content
  ])
}

import { execFileSync, spawnSync } from "node:child_process"
import { X509Certificate } from "node:crypto"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const program = process.env["OPENSSL"] ?? "openssl"

/** Whether tests that need openssl have to be left out. */
export const withoutOpenssl = spawnSync(program, ["version"]).status !== 0 && process.env["CI"] === undefined

if (withoutOpenssl) {
  process.emitWarning("Tests of client certificates are skipped: install openssl (on Debian: apt-get install openssl).")
}

export interface KeyPair {
  readonly certificate: string
  readonly privateKey: string
}

const keyOptions = {
  RSA: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
  "P-256": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
}

/** A key and the certificate that it signed, as the documentation has them made; with a passphrase the key is encrypted. */
export const makeKeyPair = (kind: keyof typeof keyOptions, passphrase?: string): KeyPair => {
  const directory = mkdtempSync(join(tmpdir(), "grantwork-client-"))
  const run = (...args: ReadonlyArray<string>) => execFileSync(program, args, { cwd: directory, stdio: "pipe" })
  const pass = (name: "-pass" | "-passin") => passphrase === undefined ? [] : [name, `pass:${passphrase}`]
  try {
    run(
      "genpkey",
      ...keyOptions[kind],
      ...(passphrase === undefined ? [] : ["-aes256"]),
      ...pass("-pass"),
      "-out",
      "key"
    )
    run("req", "-new", "-x509", "-key", "key", ...pass("-passin"), "-subj", "/CN=client", "-days", "2", "-out", "crt")
    const read = (file: string) => readFileSync(join(directory, file), "utf8")
    return { certificate: read("crt"), privateKey: read("key") }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** The public key of a certificate, as a client registers it. */
export const publicJwk = (certificate: string): Readonly<Record<string, unknown>> & { readonly kty: string } => ({
  kty: "",
  ...new X509Certificate(certificate).publicKey.export({ format: "jwk" })
})

/**
 * A private key and its certificates in one file under a passphrase, as Windows and Azure Key Vault hand them out: PFX.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7292
 */
import { InvalidConfiguration } from "@grantwork/core/AuthError"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Forge from "node-forge"
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto"
import * as BoundedFile from "./BoundedFile.js"
import * as SystemFailure from "./SystemFailure.js"

/** @category models */
export interface Options {
  readonly path: string
  readonly passphrase?: Redacted.Redacted | undefined
}

/**
 * What the `clientCertificate` of an application is made of, in PEM. The key's own certificate comes first, then those that
 * vouch for it.
 *
 * @category models
 */
export interface KeyAndCertificate {
  readonly privateKey: Redacted.Redacted
  readonly certificate: string
}

/**
 * Reads the file with `node-forge`, which is loaded at first use. Fails with `InvalidConfiguration` where there is no such
 * file, the passphrase is wrong, or there is not one key with its certificate in it.
 *
 * @category programs
 */
export const read = ({ passphrase, path }: Options): Effect.Effect<KeyAndCertificate, InvalidConfiguration> =>
  Effect.gen(function*() {
    const bytes = yield* Effect.tryPromise({ try: () => BoundedFile.read(path, longest), catch: unreadable(path) })
    const forge = yield* Effect.tryPromise({ try: async () => (await import("node-forge")).default, catch: notLoaded })
    const bags = yield* Effect.try({
      try: () => bagsOf(forge, bytes, passphrase === undefined ? "" : Redacted.value(passphrase)),
      catch: (error) => undecoded(path, error)
    })
    const [own, ...others] = bags.keys
    if (own === undefined || others.length > 0) {
      return yield* refuse(
        path,
        `has ${own === undefined ? "no private key" : "several private keys"}, and has to have one`
      )
    }
    const certificates = bags.certificates.toSorted((one, other) => Number(isOf(other, own)) - Number(isOf(one, own)))
    if (certificates[0] === undefined || !isOf(certificates[0], own)) {
      return yield* refuse(path, "has no certificate of its private key")
    }
    return {
      privateKey: Redacted.make(String(own.export({ type: "pkcs8", format: "pem" }))),
      certificate: certificates.map((certificate) => certificate.toString()).join("")
    }
  })

/** In bytes; a key and its certificates take a few thousand. */
const longest = 1024 * 1024

interface Bags {
  readonly keys: ReadonlyArray<KeyObject>
  readonly certificates: ReadonlyArray<X509Certificate>
}

const bagsOf = (forge: typeof Forge, bytes: Buffer, passphrase: string): Bags => {
  const { asn1, pkcs12, pki } = forge
  const file = pkcs12.pkcs12FromAsn1(asn1.fromDer(bytes.toString("binary")), passphrase)
  const bags = (type: string | undefined) => type === undefined ? [] : file.getBags({ bagType: type })[type] ?? []
  const der = (value: Forge.asn1.Asn1) => Buffer.from(asn1.toDer(value).getBytes(), "binary")
  return {
    keys: [...bags(pki.oids["pkcs8ShroudedKeyBag"]), ...bags(pki.oids["keyBag"])].map((bag) =>
      createPrivateKey({
        key: der(bag.key ? pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(bag.key)) : bag.asn1),
        format: "der",
        type: "pkcs8"
      })
    ),
    certificates: bags(pki.oids["certBag"]).map((bag) =>
      new X509Certificate(der(bag.cert ? pki.certificateToAsn1(bag.cert) : bag.asn1))
    )
  }
}

const isOf = (certificate: X509Certificate, key: KeyObject): boolean => certificate.checkPrivateKey(key)

const refuse = (path: string, what: string) =>
  new InvalidConfiguration({
    option: "clientCertificate",
    message: `The file ${path} ${what}.`
  })

const unreadable = (path: string) => (error: unknown): InvalidConfiguration =>
  refuse(path, `cannot be read (${SystemFailure.codeOf(error) || "no such path"}); it has to be a file of PKCS#12`)

const notLoaded = (): InvalidConfiguration =>
  new InvalidConfiguration({
    option: "clientCertificate",
    message: "A file of PKCS#12 is read with node-forge, which could not be loaded. Install it: npm install node-forge"
  })

/** The library's own words are of the file's inside, and not repeated. */
const undecoded = (path: string, error: unknown): InvalidConfiguration =>
  error instanceof Error && /password|MAC/i.test(error.message)
    ? refuse(path, "cannot be opened: its passphrase is wrong, or the file is damaged")
    : refuse(path, "is no file of PKCS#12, or is protected in a way that cannot be read; export it anew")

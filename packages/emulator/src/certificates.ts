/**
 * Certificates made for one run: those of a server on loopback, and what proves a client.
 */
import "reflect-metadata"
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator
} from "@peculiar/x509"
import { KeyObject, webcrypto } from "node:crypto"
import { isIP } from "node:net"

/**
 * A certification authority made for one run, and what it issued to a server on loopback; all in PEM.
 *
 * @category models
 */
export interface Certificates {
  readonly caCertificate: string
  readonly certificate: string
  readonly privateKey: string
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }
const day = 24 * 60 * 60 * 1000

const generateKeys = () => webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"])

const names = (hosts: ReadonlyArray<string>) =>
  [...new Set(hosts)].map((value) => ({ type: isIP(value) === 0 ? "dns" as const : "ip" as const, value }))

/**
 * For loopback, and for one more host, by name or address.
 *
 * @category constructors
 */
export const issueCertificates = async (host = "localhost"): Promise<Certificates> => {
  const [caKeys, serverKeys] = await Promise.all([generateKeys(), generateKeys()])
  const validity = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + 30 * day) }
  const ca = await X509CertificateGenerator.createSelfSigned({
    ...validity,
    name: "CN=Grantwork emulator CA",
    keys: caKeys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(caKeys.publicKey)
    ]
  })
  const server = await X509CertificateGenerator.create({
    ...validity,
    subject: "CN=localhost",
    issuer: ca.subjectName,
    publicKey: serverKeys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(names(["localhost", "127.0.0.1", "::1", host])),
      await SubjectKeyIdentifierExtension.create(serverKeys.publicKey),
      await AuthorityKeyIdentifierExtension.create(caKeys.publicKey)
    ]
  })
  return {
    caCertificate: ca.toString("pem"),
    certificate: server.toString("pem"),
    privateKey: KeyObject.from(serverKeys.privateKey).export({ format: "pem", type: "pkcs8" }).toString()
  }
}

/**
 * What a client proves itself with, in PEM.
 *
 * @category models
 */
export interface ClientCertificate {
  /** Which an application of the scenario lists in `certificates`. */
  readonly certificate: string
  readonly privateKey: string
}

/**
 * Makes a key of RSA, and a certificate for it that it signs itself; it lasts 30 days.
 *
 * @category programs
 */
export const issueClientCertificate = async (commonName = "client"): Promise<ClientCertificate> => {
  const rsa = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: Uint8Array.of(1, 0, 1)
  }
  const keys = await webcrypto.subtle.generateKey(rsa, true, ["sign", "verify"])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + 30 * day),
    name: [{ CN: [commonName] }],
    keys,
    signingAlgorithm: rsa
  })
  return {
    certificate: certificate.toString("pem"),
    privateKey: KeyObject.from(keys.privateKey).export({ format: "pem", type: "pkcs8" }).toString()
  }
}

import "reflect-metadata"
import { X509CertificateGenerator } from "@peculiar/x509"
import { createHash, KeyObject, webcrypto } from "node:crypto"

const algorithm = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1])
}

/** A certificate for a client to register, and the key to sign its assertions with. */
export const createClientCertificate = async () => {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"])
  const certificate = await X509CertificateGenerator.createSelfSigned({ name: "CN=Client", keys })
  const thumbprint = (digest: string) => createHash(digest).update(new Uint8Array(certificate.rawData)).digest("hex")
  return {
    certificate: certificate.toString("pem"),
    key: keys.privateKey,
    privateKey: KeyObject.from(keys.privateKey).export({ format: "pem", type: "pkcs8" }).toString(),
    thumbprint: thumbprint("sha1"),
    thumbprintSha256: thumbprint("sha256")
  }
}

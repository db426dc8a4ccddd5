import { createPrivateKey, X509Certificate } from "node:crypto"
import { isIP } from "node:net"
import { describe, expect, it } from "vitest"
import { issueCertificates, issueClientCertificate } from "../src/certificates.js"

const read = async (host?: string) => {
  const { caCertificate, certificate } = await issueCertificates(host)
  return { authority: new X509Certificate(caCertificate), server: new X509Certificate(certificate) }
}

describe("the server's certificate", () => {
  it.each([undefined, "192.0.2.7", "2001:db8::7", "dev.example"])("names loopback, and %s", async (host) => {
    const { authority, server } = await read(host)
    expect(server.verify(authority.publicKey)).toBe(true)
    expect(server.checkHost("localhost")).toBe("localhost")
    for (const address of ["127.0.0.1", "::1"]) expect(server.checkIP(address)).toBe(address)
    if (host !== undefined) expect(isIP(host) === 0 ? server.checkHost(host) : server.checkIP(host)).toBe(host)
    expect(server.checkHost("evil.example")).toBeUndefined()
  })
})

describe("a client's certificate", () => {
  it("is of its own key, and names it", async () => {
    const { certificate, privateKey } = await issueClientCertificate("a daemon, of ours")
    const read = new X509Certificate(certificate)
    const key = createPrivateKey(privateKey)
    expect(read.checkPrivateKey(key)).toBe(true)
    expect(read.verify(read.publicKey)).toBe(true)
    expect(key.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048 })
    expect(read.toLegacyObject().subject.CN).toBe("a daemon, of ours")
  })
})

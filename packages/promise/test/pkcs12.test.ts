import { ConfidentialClientApplication, InvalidConfiguration, readPkcs12 } from "@grantwork/promise"
import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it } from "vitest"
import { issuer, scripted } from "./scripted.js"
import { rejection, untyped } from "./setting.js"

const withoutOpenssl = spawnSync("openssl", ["version"]).status !== 0 && process.env["CI"] === undefined

if (withoutOpenssl) {
  process.emitWarning("The test of PKCS#12 is skipped: install openssl (on Debian: apt-get install openssl).")
}

it.skipIf(withoutOpenssl)("a file of PKCS#12 proves an application (feature 82)", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "grantwork-pkcs12-"))
  const openssl = (...args: ReadonlyArray<string>) => execFileSync("openssl", args, { cwd, stdio: "ignore" })
  openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "own.key", "-out", "own.crt", "-subj", "/CN=own")
  openssl("pkcs12", "-export", "-inkey", "own.key", "-in", "own.crt", "-out", "own.pfx", "-passout", "pass:horse")
  const path = join(cwd, "own.pfx")
  const clientCertificate = await readPkcs12({ path, passphrase: "horse" })
  const sent: Array<string> = []
  const app = new ConfidentialClientApplication({
    clientId: "client",
    issuer,
    clientCertificate,
    fetch: scripted(async (_, init) => {
      sent.push(await new Response(init?.body).text())
      return Response.json({ token_type: "Bearer", access_token: "token", expires_in: 3600 })
    })
  })
  await app.acquireTokenByClientCredential({ scopes: ["a"] })
  const [header = ""] = new URLSearchParams(sent[0]).get("client_assertion")?.split(".") ?? []
  expect(JSON.parse(Buffer.from(header, "base64url").toString())).toMatchObject({ alg: "PS256" })
  await app.dispose()

  const refusals = [readPkcs12({ path, passphrase: "wrong" }), readPkcs12({ path: join(cwd, "none.pfx") })]
  for (const error of await Promise.all(refusals.map(rejection))) {
    expect(error).toBeInstanceOf(InvalidConfiguration)
    expect(error).toMatchObject({ option: "clientCertificate" })
  }
  const calls: ReadonlyArray<readonly [unknown, string]> = [
    [undefined, "request"],
    [{}, "path"],
    [{ path, passphrase: 7 }, "passphrase"]
  ]
  for (const [file, argument] of calls) {
    expect(await rejection(readPkcs12(untyped(file)))).toMatchObject({ _tag: "InvalidArgument", argument })
  }
  rmSync(cwd, { recursive: true })
})

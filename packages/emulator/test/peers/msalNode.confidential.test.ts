import {
  ConfidentialClientApplication,
  InteractionRequiredAuthError,
  type NodeAuthOptions,
  PublicClientApplication
} from "@azure/msal-node"
import { decodeJwt, decodeProtectedHeader } from "jose"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { apiSecret, clientIds, contoso, webSecret } from "../../src/scenario/defaultScenario.js"
import { type RunningEmulator, startEmulator } from "../../src/startEmulator.js"
import { createClientCertificate } from "../support/clientCertificate.js"
import { createFetch, type Fetch } from "../support/leadingFetch.js"
import { configure, failureOf, hosts, interactively } from "../support/msalNode.js"
import { jane } from "../support/people.js"

const daemon = "d0000000-0000-4000-8000-000000000001"
const scopes = ["api://notes/.default"]

let emulator: RunningEmulator
let registered: Awaited<ReturnType<typeof createClientCertificate>>

beforeAll(async () => {
  emulator = await startEmulator()
  registered = await createClientCertificate()
  await emulator.putApp({ id: daemon, name: "Daemon", certificates: [registered.certificate] })
})

afterAll(() => emulator.close())

describe.each(hosts)("msal-node as a confidential client at %s", (host) => {
  const confidentialClient = (auth: Parameters<typeof configure>[2], fetch?: Fetch) =>
    new ConfidentialClientApplication(configure(emulator, host, auth, fetch))

  it("gets a token in its own name", async () => {
    const app = confidentialClient({ clientId: clientIds.web, clientSecret: webSecret })
    const result = await app.acquireTokenByClientCredential({ scopes })
    expect(result).toMatchObject({ fromCache: false, tokenType: "Bearer", account: null, scopes })
    const claims = decodeJwt(result?.accessToken ?? "")
    expect(claims).toMatchObject({ azp: clientIds.web, tid: contoso, idtyp: "app", roles: ["Notes.Read.All"] })
    expect(claims).not.toHaveProperty("scp")
    expect(claims).not.toHaveProperty("preferred_username")
    expect(await app.acquireTokenByClientCredential({ scopes }))
      .toMatchObject({ fromCache: true, accessToken: result?.accessToken })
  })

  it.each([
    { what: "the secret is wrong", clientSecret: "wrong", errorCode: "invalid_client", errorNo: 7000215 },
    { what: "it names a permission", scopes: ["api://notes/read"], errorCode: "invalid_scope", errorNo: 1002012 },
    {
      what: "nobody knows the resource",
      scopes: ["api://nothing/.default"],
      errorCode: "invalid_resource",
      errorNo: 500011
    }
  ])("is refused when $what", async ({ clientSecret = webSecret, errorCode, errorNo, scopes: asked = scopes }) => {
    const app = confidentialClient({ clientId: clientIds.web, clientSecret })
    expect(await failureOf(app.acquireTokenByClientCredential({ scopes: asked }))).toMatchObject({ errorCode, errorNo })
  })

  const certificates = [
    { alg: "PS256", names: "x5t#S256", use: () => ({ thumbprintSha256: registered.thumbprintSha256 }) },
    { alg: "RS256", names: "x5t", use: () => ({ thumbprint: registered.thumbprint }) },
    {
      alg: "PS256",
      names: "x5c",
      use: () => ({ thumbprintSha256: registered.thumbprintSha256, x5c: registered.certificate })
    }
  ]

  it.each(certificates)("proves itself by $alg and $names", async ({ alg, names, use }) => {
    const { privateKey } = registered
    const assertions: Array<string> = []
    const send = createFetch(emulator)
    const listening: Fetch = (url, init) => {
      assertions.push(...new URLSearchParams(String(init?.body)).getAll("client_assertion"))
      return send(url, init)
    }
    const clientCertificate = { privateKey, ...use() }
    const app = confidentialClient({ clientId: daemon, clientCertificate }, listening)
    const result = await app.acquireTokenByClientCredential({ scopes })
    expect(decodeJwt(result?.accessToken ?? "")).toMatchObject({ azp: daemon })
    const [header] = assertions.map(decodeProtectedHeader)
    expect(header).toMatchObject({ alg, [names]: expect.anything() })
  })

  const forgeries: ReadonlyArray<
    { readonly what: string; readonly use: () => Promise<NodeAuthOptions["clientCertificate"]> }
  > = [
    { what: "an unknown certificate", use: () => createClientCertificate() },
    {
      what: "another key",
      use: async () => ({
        privateKey: (await createClientCertificate()).privateKey,
        thumbprintSha256: registered.thumbprintSha256
      })
    }
  ]

  it.each(forgeries)("is refused with $what", async ({ use }) => {
    const { privateKey = "", thumbprintSha256 = "" } = await use() ?? {}
    const app = confidentialClient({ clientId: daemon, clientCertificate: { privateKey, thumbprintSha256 } })
    expect(await failureOf(app.acquireTokenByClientCredential({ scopes })))
      .toMatchObject({ errorCode: "invalid_client", errorNo: 700027 })
  })

  const api = () => confidentialClient({ clientId: clientIds.api, clientSecret: apiSecret })

  const callerToken = async (scope: string) => {
    const app = new PublicClientApplication(configure(emulator, host))
    return (await interactively(app, emulator, jane, { scopes: [scope] })).accessToken
  }

  it("calls on in its caller's name", async () => {
    const app = api()
    const request = { oboAssertion: await callerToken("api://notes/read"), scopes: ["User.Read"] }
    const result = await app.acquireTokenOnBehalfOf(request)
    expect(result).toMatchObject({
      fromCache: false,
      tenantId: contoso,
      account: { username: jane.username },
      idTokenClaims: { aud: clientIds.api }
    })
    expect(decodeJwt(result?.accessToken ?? "")).toMatchObject({
      azp: clientIds.api,
      preferred_username: jane.username,
      scp: expect.stringContaining("User.Read")
    })
    expect(await app.acquireTokenOnBehalfOf(request)).toMatchObject({ fromCache: true })
  })

  it("is refused a token that is not meant for it", async () => {
    const call = api().acquireTokenOnBehalfOf({ oboAssertion: await callerToken("User.Read"), scopes: ["User.Read"] })
    expect(await failureOf(call)).toMatchObject({ errorCode: "invalid_grant", errorNo: 500131 })
  })

  it("is refused a token that was tampered with", async () => {
    const [header = "", payload = "", signature = ""] = (await callerToken("api://notes/read")).split(".")
    const oboAssertion = [header, payload, signature.split("").toReversed().join("")].join(".")
    expect(await failureOf(api().acquireTokenOnBehalfOf({ oboAssertion, scopes: ["User.Read"] })))
      .toMatchObject({ errorCode: "invalid_grant", errorNo: 50013 })
  })

  it("passes on that a second factor is demanded", async () => {
    const oboAssertion = await callerToken("api://notes/read")
    await emulator.changeUser(jane.username, { mfa: true })
    const error = await failureOf(api().acquireTokenOnBehalfOf({ oboAssertion, scopes: ["User.Read"] }))
    await emulator.changeUser(jane.username, { mfa: false })
    if (!(error instanceof InteractionRequiredAuthError)) throw error
    expect(error).toMatchObject({ errorNo: 50076, subError: "basic_action" })
    expect(JSON.parse(error.claims)).toHaveProperty("access_token")
  })
})

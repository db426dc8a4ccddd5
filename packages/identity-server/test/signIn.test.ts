import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { Browser, createFetch, type IdentityServer, SignInFailed, startIdentityServer } from "../src/index.js"
import { authorize, discover, jane } from "./relyingParty.js"

let server: IdentityServer

beforeAll(async () => {
  server = await startIdentityServer()
})

afterAll(() => server.close())

const authorizationUrl = async (parameters: Readonly<Record<string, string>> = {}): Promise<URL> =>
  (await authorize(await discover(server, server.clients.public), parameters)).url

const recordedPaths = async (run: () => Promise<unknown>): Promise<ReadonlyArray<string>> => {
  const before = server.requests.length
  await run()
  return server.requests.slice(before).map(({ method, path }) => `${method} ${path.split("/")[1]}`)
}

describe("signing in", () => {
  it("shows the form again when the password is wrong", async () => {
    const browser = new Browser(server)
    const url = await authorizationUrl()
    await expect(browser.signIn(url, { username: "jane", password: "wrong" })).rejects.toThrow(
      new SignInFailed("Wrong username or password.", 200)
    )
    expect((await browser.signIn(url, jane)).parameters.has("code")).toBe(true)
  })

  it("asks for nothing in a session with consent", async () => {
    const browser = new Browser(server)
    expect(await recordedPaths(async () => browser.signIn(await authorizationUrl(), jane))).toEqual(
      expect.arrayContaining(["POST interaction"])
    )
    expect(await recordedPaths(async () => browser.signIn(await authorizationUrl({ prompt: "none" }), jane))).toEqual([
      "GET .well-known",
      "GET auth"
    ])
  })

  it.each([{ prompt: "login" }, { prompt: "consent" }, { max_age: "0" }])("asks again with %o", async (parameters) => {
    const browser = new Browser(server)
    await browser.signIn(await authorizationUrl(), jane)
    const paths = await recordedPaths(async () => browser.signIn(await authorizationUrl({ ...parameters }), jane))
    expect(paths.filter((path) => path === "POST interaction")).toHaveLength(1)
  })

  it("cannot ask with prompt=none", async () => {
    const { parameters } = await new Browser(server).signIn(await authorizationUrl({ prompt: "none" }), jane)
    expect(parameters.get("error")).toBe("login_required")
  })

  it("proposes the login hint", async () => {
    const { parameters } = await new Browser(server).signIn(await authorizationUrl({ login_hint: "sam" }), {
      password: "battery staple"
    })
    expect(parameters.has("code")).toBe(true)
  })

  it("lets another person take over the session", async () => {
    const browser = new Browser(server)
    await browser.signIn(await authorizationUrl(), jane)
    const sam = { username: "sam", password: "battery staple" }
    expect((await browser.signIn(await authorizationUrl({ prompt: "login" }), sam)).parameters.has("code")).toBe(true)
  })

  it("lists the scopes and names the client, as text", async () => {
    const page = await createFetch(server.caCertificate)(await authorizationUrl({ login_hint: "\"><b>" }))
    const location = page.headers.get("location") ?? ""
    const cookie = page.headers.getSetCookie().map((header) => header.split(";")[0]).join("; ")
    const html = await (await createFetch(server.caCertificate)(`${server.issuer}${location}`, { headers: { cookie } }))
      .text()
    expect(html).toContain("Public client")
    expect(html).toContain("value=\"&quot;&gt;&lt;b&gt;\"")
  })
})

describe("a request that cannot be answered with a redirect", () => {
  it("ends at a page", async () => {
    const browser = new Browser(server)
    const url = await authorizationUrl({ redirect_uri: "https://elsewhere.example/" })
    await expect(browser.signIn(url, jane)).rejects.toThrow(/invalid_redirect_uri/u)
    await expect(browser.signIn(`${server.issuer}/interaction/none`, jane)).rejects.toThrow(/invalid_request/u)
  })
})

it("records field names without values", async () => {
  await new Browser(server).signIn(await authorizationUrl(), jane)
  const login = server.requests.findLast(({ formFields }) => formFields.includes("password"))
  expect(login).toMatchObject({ method: "POST", formFields: ["username", "password"], status: 303 })
  expect(JSON.stringify(server.requests)).not.toContain(jane.password)
})

it("is trusted by its own authority only", async () => {
  const other = await startIdentityServer()
  await expect(createFetch(other.caCertificate)(`${server.issuer}/jwks`)).rejects.toMatchObject({
    code: expect.stringMatching(/CERT|SIGNATURE/u)
  })
  await other.close()
  await other.close()
})

it("answers on 127.0.0.1 with the same certificate", async () => {
  const { port } = new URL(server.issuer)
  expect((await createFetch(server.caCertificate)(`https://127.0.0.1:${port}/jwks`)).status).toBe(200)
})

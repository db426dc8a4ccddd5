import { afterAll, beforeAll, expect, it } from "vitest"
import { expectNothingTold } from "./support/expectNothingTold.js"
import { jane, sam, type Sample, startSample } from "./support/sample.js"
import { Visitor } from "./support/Visitor.js"

let sample: Sample

beforeAll(async () => {
  sample = await startSample()
})

afterAll(() => sample.close())

it("offers to sign in, and keeps nothing of who only looks", async () => {
  const visitor = new Visitor(sample)
  const { headers, page, status } = await visitor.visit("/")
  expect(status).toBe(200)
  expect(page).toContain("href=\"/login\"")
  expect(headers.getSetCookie()).toEqual([])
})

it("sends who signs in to the provider, with state and a proof key", async () => {
  const { location } = await new Visitor(sample).visit("/login")
  const address = new URL(location)
  expect(address.origin + address.pathname).toBe(`${sample.emulator.origin}/organizations/oauth2/v2.0/authorize`)
  expect(Object.fromEntries(address.searchParams)).toMatchObject({
    response_type: "code",
    redirect_uri: `${sample.origin}/callback`,
    state: expect.stringMatching(/^[\w-]{22,}$/),
    nonce: expect.stringMatching(/^[\w-]{22,}$/),
    code_challenge_method: "S256"
  })
  expect(address.searchParams.get("scope")?.split(" ")).toContain("User.Read")
})

it("asks for patience when the provider cannot be asked", async () => {
  const alone = await startSample()
  await alone.emulator.addFault({ kind: "unavailable", on: { endpoint: "metadata" } })
  const { page, status } = await new Visitor(alone).visit("/login")
  await alone.close()
  expect(status).toBe(503)
  expect(page).toContain("<h1>The identity provider does not answer</h1>")
})

it("keeps its session cookie from scripts and from other sites' posts", async () => {
  const { headers } = await new Visitor(sample).visit("/login")
  expect(headers.getSetCookie()).toEqual([expect.stringMatching(/; HttpOnly; SameSite=Lax$/)])
})

it("shows who signed in what the ID token and the API say", async () => {
  const visitor = new Visitor(sample)
  const { location, status } = await visitor.signIn(jane)
  expect({ location, status }).toEqual({ location: "/profile", status: 302 })
  const { page } = await visitor.visit("/profile")
  expect(page).toContain("<h1>Jane Doe</h1>")
  expect(page).toMatch(/<th scope="row">preferred_username<\/th><td>jane@contoso\.example<\/td>/)
  expect(page).toMatch(/<th scope="row">userPrincipalName<\/th><td>jane@contoso\.example<\/td>/)
  expect(page).toMatch(/<th scope="row">from<\/th><td>cache<\/td>/)
  expect((await visitor.visit("/")).location).toBe("/profile")
  expectNothingTold(sample)
})

it("gives a new session to who signs in, and lets the old one in nowhere", async () => {
  const visitor = new Visitor(sample)
  const address = await visitor.answerProvider(jane)
  const planted = visitor.cookie
  await visitor.visit(address)
  expect(visitor.cookie).not.toBe(planted)
  const attacker = new Visitor(sample)
  attacker.cookie = planted
  expect((await attacker.visit("/profile")).location).toBe("/")
})

it("makes a new session again for the next person in the same browser", async () => {
  const visitor = new Visitor(sample)
  await visitor.signIn(jane)
  const { cookie } = visitor
  await visitor.signIn(sam)
  expect(visitor.cookie).not.toBe(cookie)
  expect((await visitor.visit("/profile")).page).toContain("<h1>Sam Roe</h1>")
})

it("shows no profile to strangers", async () => {
  const { location, status } = await new Visitor(sample).visit("/profile")
  expect({ location, status }).toEqual({ location: "/", status: 302 })
})

it("has a new token made by the provider, and says so once", async () => {
  const visitor = new Visitor(sample)
  await visitor.signIn(jane)
  const { location, status } = await visitor.post("/refresh", { form_token: await visitor.formToken() })
  expect({ location, status }).toEqual({ location: "/profile", status: 303 })
  const message = "A new token came from the identity provider,"
  expect((await visitor.visit("/profile")).page).toContain(message)
  expect((await visitor.visit("/profile")).page).not.toContain(message)
  expectNothingTold(sample)
})

it("has who can get no token any more sign in again", async () => {
  const visitor = new Visitor(sample)
  await visitor.signIn(jane)
  const formToken = await visitor.formToken()
  await sample.emulator.revokeSessions(jane.username)
  const { location, status } = await visitor.post("/refresh", { form_token: formToken })
  expect({ location, status }).toEqual({ location: "/login", status: 303 })
  for (const account of await sample.client.getAccounts()) await sample.client.removeAccount({ account })
  expect((await visitor.visit("/profile")).location).toBe("/login")
})

it("shows the rest when the API takes no token", async () => {
  const visitor = new Visitor(sample)
  await visitor.signIn(jane)
  await sample.emulator.challenge(jane.username)
  const { page, status } = await visitor.visit("/profile")
  expect(status).toBe(200)
  expect(page).toContain("The API did not accept the token")
  expect(page).toContain("<th scope=\"row\">preferred_username</th>")
})

it("forgets who signs out, session and tokens, and goes on to the provider's sign-out", async () => {
  const visitor = new Visitor(sample)
  await visitor.signIn(sam)
  const { cookie } = visitor
  const formToken = await visitor.formToken()
  const { headers, location, status } = await visitor.post("/logout", { form_token: formToken })
  const address = new URL(location)
  expect(status).toBe(303)
  expect(address.origin + address.pathname).toBe(`${sample.emulator.origin}/organizations/oauth2/v2.0/logout`)
  expect(address.searchParams.get("post_logout_redirect_uri")).toBe(`${sample.origin}/`)
  expect(headers.getSetCookie()).toEqual([expect.stringMatching(/^express-sample=; Path=\/; Expires=Thu, 01 Jan 1970/)])
  expect(await sample.client.getAccounts({ username: sam.username })).toEqual([])
  visitor.cookie = cookie
  expect((await visitor.visit("/profile")).location).toBe("/")
})

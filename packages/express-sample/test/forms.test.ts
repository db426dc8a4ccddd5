import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { expectNothingTold } from "./support/expectNothingTold.js"
import { jane, sam, type Sample, startSample } from "./support/sample.js"
import { Visitor } from "./support/Visitor.js"

let sample: Sample

beforeAll(async () => {
  sample = await startSample()
})

afterEach(() => expectNothingTold(sample))

afterAll(() => sample.close())

const refused = { status: 403, page: expect.stringContaining("<h1>This form is out of date</h1>") }

describe.each(["/refresh", "/logout"])("the form of %s", (address) => {
  const forms: ReadonlyArray<readonly [string, (formToken: string) => ReadonlyArray<[string, string]>]> = [
    ["without its token", () => []],
    ["with an empty token", () => [["form_token", ""]]],
    ["with half a token", (token) => [["form_token", token.slice(1)]]],
    ["with the token twice", (token) => [["form_token", token], ["form_token", token]]],
    ["with the token under another name", (token) => [["token", token]]]
  ]

  it.each(forms)("%s is refused, and does nothing", async (_, form) => {
    const visitor = new Visitor(sample)
    await visitor.signIn(jane)
    const formToken = await visitor.formToken()
    expect(formToken).toMatch(/^[\w-]{43}$/)
    expect(await visitor.post(address, form(formToken).map((pair) => [...pair]))).toMatchObject(refused)
    expect((await visitor.visit("/profile")).page).not.toContain("A new token came")
  })

  it("is refused with the token of somebody else's session", async () => {
    const [visitor, other] = [new Visitor(sample), new Visitor(sample)]
    await visitor.signIn(jane)
    await other.signIn(sam)
    expect(await visitor.post(address, { form_token: await other.formToken() })).toMatchObject(refused)
  })

  it("is refused with the token that the session had before it signed in again", async () => {
    const visitor = new Visitor(sample)
    await visitor.signIn(jane)
    const formToken = await visitor.formToken()
    await visitor.signIn(jane)
    expect(await visitor.post(address, { form_token: formToken })).toMatchObject(refused)
  })

  it("is refused without a session", async () => {
    expect(await new Visitor(sample).post(address, { form_token: "" })).toMatchObject(refused)
  })

  it("is refused as anything but a form", async () => {
    const visitor = new Visitor(sample)
    await visitor.signIn(jane)
    const body = new Blob([JSON.stringify({ form_token: await visitor.formToken() })], { type: "application/json" })
    expect(await visitor.visit(address, { method: "POST", body })).toMatchObject(refused)
  })

  it("is not read beyond its size", async () => {
    const { page, status } = await new Visitor(sample).post(address, { form_token: "x".repeat(2000) })
    expect(status).toBe(413)
    expect(page).toContain("<h1>This request makes no sense</h1>")
  })

  it("does nothing when only looked at", async () => {
    const visitor = new Visitor(sample)
    await visitor.signIn(jane)
    expect(await visitor.visit(`${address}?form_token=${await visitor.formToken()}`)).toMatchObject({ status: 404 })
    expect((await visitor.visit("/profile")).status).toBe(200)
  })
})

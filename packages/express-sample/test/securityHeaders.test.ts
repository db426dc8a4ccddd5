import { afterAll, beforeAll, expect, it } from "vitest"
import { jane, type Sample, startSample } from "./support/sample.js"
import { Visitor } from "./support/Visitor.js"

let sample: Sample
let signedIn: Visitor

beforeAll(async () => {
  sample = await startSample()
  signedIn = new Visitor(sample)
  await signedIn.signIn(jane)
})

afterAll(() => sample.close())

it.each(["/", "/login", "/profile", "/callback", "/callback?error=access_denied", "/nowhere", "/logout"])(
  "%s is neither kept, framed, scripted nor guessed at, and tells the next site nothing",
  async (address) => {
    for (const visitor of [new Visitor(sample), signedIn]) {
      const { headers } = await visitor.visit(address)
      expect(Object.fromEntries(headers)).toMatchObject({
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY"
      })
      const policy = (headers.get("content-security-policy") ?? "").split("; ")
      expect(policy).toEqual(
        expect.arrayContaining(["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"])
      )
      expect(policy.join()).not.toMatch(/unsafe|script-src|\*/)
      expect(headers.get("x-powered-by")).toBeNull()
    }
  }
)

it("lets forms lead to the app itself and to the identity provider", async () => {
  const { headers } = await signedIn.visit("/profile")
  expect(headers.get("content-security-policy")).toContain(`form-action 'self' ${sample.emulator.origin};`)
})

import { AccessDenied } from "@grantwork/promise"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { expectNothingTold } from "./support/expectNothingTold.js"
import { asking, jane, sam, type Sample, startSample } from "./support/sample.js"
import { Visitor } from "./support/Visitor.js"

let sample: Sample

beforeAll(async () => {
  sample = await startSample()
})

afterEach(async () => {
  await sample.emulator.clearFaults()
  expectNothingTold(sample)
})

afterAll(() => sample.close())

/** A page that tells of a problem, and of a way out. */
const problem = (title: string, status: number, code: string) => ({
  status,
  page: expect.stringMatching(
    new RegExp(`<h1>${title}</h1>[^]*<code>${code}</code>[^]*href="/login">Sign in again</a>`)
  )
})

const mismatch = problem("This sign-in cannot be finished", 400, "ResponseMismatch")
const noFlow = problem("This sign-in cannot be finished", 400, "InvalidArgument")

it("tells who said no that they are not signed in", async () => {
  await sample.emulator.putApp(asking)
  const visitor = new Visitor(sample)
  const address = await visitor.answerProvider(jane, "deny")
  expect(await visitor.visit(address)).toMatchObject(problem("You are not signed in", 403, "AccessDenied AADSTS65004"))
  expect(sample.errors).toEqual([expect.any(AccessDenied)])
  expect((await visitor.visit("/profile")).location).toBe("/")
  expect(await visitor.signIn(jane)).toMatchObject({ location: "/profile" })
})

describe("an answer that does not belong to the sign-in", () => {
  const strangers: ReadonlyArray<readonly [string, (query: URLSearchParams) => void]> = [
    ["with another state", (query) => query.set("state", "tampered")],
    ["with a state that only begins alike", (query) => query.set("state", `${query.get("state")}A`)],
    ["without a state", (query) => query.delete("state")],
    ["with the state twice", (query) => query.append("state", query.get("state") ?? "")],
    ["with its state in an array", (query) => {
      query.set("state[]", query.get("state") ?? "")
      query.delete("state")
    }]
  ]
  const changes: ReadonlyArray<readonly [string, (query: URLSearchParams) => void]> = [
    ["with the code twice", (query) => query.append("code", "another")],
    ["without a code", (query) => query.delete("code")],
    ["with both a code and an error", (query) => query.set("error", "access_denied")],
    ["in another issuer's name", (query) => query.set("iss", "https://attacker.example")]
  ]

  it.each(changes)("%s signs nobody in", async (_, change) => {
    const visitor = new Visitor(sample)
    const address = await visitor.answerProvider(jane)
    change(address.searchParams)
    expect(await visitor.visit(address)).toMatchObject(mismatch)
    expect((await visitor.visit("/profile")).location).toBe("/")
  })

  it.each(strangers)("%s signs nobody in, and does not end the sign-in", async (_, change) => {
    const visitor = new Visitor(sample)
    const address = await visitor.answerProvider(jane)
    const changed = new URL(address)
    change(changed.searchParams)
    expect(await visitor.visit(changed)).toMatchObject(noFlow)
    expect((await visitor.visit("/profile")).location).toBe("/")
    expect(await visitor.visit(address)).toMatchObject({ location: "/profile" })
  })

  it("ends the sign-in whose state it knows: the right answer comes too late after it", async () => {
    const visitor = new Visitor(sample)
    const address = await visitor.answerProvider(jane)
    await visitor.visit(`/callback?code=tampered&state=${address.searchParams.get("state")}`)
    expect(await visitor.visit(address)).toMatchObject(noFlow)
  })

  it("is redeemed once when it comes several times at once", async () => {
    const visitor = new Visitor(sample)
    const address = await visitor.answerProvider(jane)
    const attempts = [0, 1, 2, 3].map(() => {
      const tab = new Visitor(sample)
      tab.cookie = visitor.cookie
      return tab.visit(address)
    })
    const visits = await Promise.all(attempts)
    const outcomes = visits.map(({ location, page }) => location || /<code>(\w+)/.exec(page)?.[1])
    expect(outcomes.filter((outcome) => outcome === "/profile")).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === "InvalidArgument")).toHaveLength(3)
  })

  it("is refused when it was used before, and leaves the session as it is", async () => {
    const visitor = new Visitor(sample)
    const address = await visitor.answerProvider(jane)
    await visitor.visit(address)
    expect(await visitor.visit(address)).toMatchObject(noFlow)
    expect((await visitor.visit("/profile")).page).toContain("<h1>Jane Doe</h1>")
  })

  it("is refused in a browser that began another sign-in, and in one that began none", async () => {
    const address = await new Visitor(sample).answerProvider(jane)
    const visitor = new Visitor(sample)
    expect(await visitor.visit(address)).toMatchObject(noFlow)
    await visitor.visit("/login")
    expect(await visitor.visit(address)).toMatchObject(noFlow)
  })
})

describe("several tabs of one browser", () => {
  it("can each end the sign-in that they began, the first one last", async () => {
    const visitor = new Visitor(sample)
    const [first, second] = [await visitor.answerProvider(jane), await visitor.answerProvider(sam)]
    for (const [address, name] of [[second, "Sam Roe"], [first, "Jane Doe"]] as const) {
      expect(await visitor.visit(address)).toMatchObject({ location: "/profile" })
      expect((await visitor.visit("/profile")).page).toContain(`<h1>${name}</h1>`)
    }
  })

  it("are forgotten when there are more than five, the oldest first", async () => {
    const visitor = new Visitor(sample)
    const [oldest, next] = [await visitor.answerProvider(jane), await visitor.answerProvider(jane)]
    for (let more = 0; more < 4; more++) await visitor.visit("/login")
    expect(await visitor.visit(oldest)).toMatchObject(noFlow)
    expect(await visitor.visit(next)).toMatchObject({ location: "/profile" })
  })
})

describe("a hostile query", () => {
  const script = "<script>alert(1)</script>\"'&"
  const queries: ReadonlyArray<readonly [string, string]> = [
    ["a script as error", `?${new URLSearchParams({ error: script, error_description: script, error_uri: script })}`],
    ["a script as the name of a parameter", `?${new URLSearchParams({ [script]: script })}`],
    ["repeated parameters", "?error=one&error=two&code=one&code=two&state=one&state=two"],
    ["nested parameters", "?error[a]=1&state[b][c]=2&__proto__[polluted]=1&constructor=2"],
    ["very long parameters", `?error=${"x".repeat(4000)}&error_description=${"y".repeat(4000)}`],
    ["broken escapes", "?state=%&code=%E0%A4%A&error=%00"],
    ["a thousand parameters", `?${"a=1&".repeat(1000)}`],
    ["nothing", ""]
  ]

  it.each(queries)("of %s is refused, and shows nothing of itself", async (_, query) => {
    const visitor = new Visitor(sample)
    await visitor.visit("/login")
    const visit = await visitor.visit(`/callback${query}`)
    expect(visit).toMatchObject(noFlow)
    expect(visit.page).not.toMatch(/<script|alert\(1\)|xxxx|yyyy/)
  })

  it("is escaped even if its state is right", async () => {
    const visitor = new Visitor(sample)
    const { location } = await visitor.visit("/login")
    const query = new URLSearchParams({
      state: new URL(location).searchParams.get("state") ?? "",
      error: script,
      error_description: script,
      correlation_id: script
    })
    const visit = await visitor.visit(`/callback?${query}`)
    expect(visit).toMatchObject(problem("The sign-in did not work", 500, "ServerRefused"))
    expect(visit.page).not.toContain("<script")
  })
})

describe("a provider that refuses the code", () => {
  it("because a second factor is due has the next sign-in bring the claims it demands, once", async () => {
    const claims = "{\"id_token\":{\"acrs\":{\"essential\":true,\"value\":\"c1\"}}}"
    await sample.emulator.addFault({
      kind: "refusal",
      on: { endpoint: "token" },
      code: 50076,
      error: "interaction_required",
      claims
    })
    const visitor = new Visitor(sample)
    expect(await visitor.signIn(jane)).toMatchObject(
      problem("One more step is needed", 403, "InteractionRequired AADSTS50076")
    )
    const demanded = async () => new URL((await visitor.visit("/login")).location).searchParams.get("claims")
    expect(JSON.parse(await demanded() ?? "")).toEqual(JSON.parse(claims))
    expect(await demanded()).toBeNull()
  })

  it("as expired says to begin again", async () => {
    await sample.emulator.addFault({ kind: "refusal", on: { endpoint: "token" }, code: 70008 })
    expect(await new Visitor(sample).signIn(jane)).toMatchObject(
      problem("This sign-in cannot be finished", 400, "InvalidGrant AADSTS70008")
    )
  })

  it.each(
    [
      ["is down", { kind: "unavailable" }, "ServerUnavailable"],
      ["drops the connection", { kind: "drop" }, "NetworkFailure"],
      ["asks to slow down", { kind: "throttled" }, "Throttled"]
    ] as const
  )("or %s says to try again", async (_, fault, code) => {
    await sample.emulator.addFault({ ...fault, on: { endpoint: "token" } })
    expect(await new Visitor(sample).signIn(jane)).toMatchObject(
      problem("The identity provider does not answer", 503, `${code}[^<]*`)
    )
  })

  it("or proves nothing signs nobody in", async () => {
    await sample.emulator.addFault({ kind: "badIdToken", flaw: "signature", on: { endpoint: "token" } })
    const visitor = new Visitor(sample)
    expect(await visitor.signIn(jane)).toMatchObject(problem("The sign-in did not work", 500, "IdTokenRejected"))
    expect((await visitor.visit("/profile")).location).toBe("/")
  })
})

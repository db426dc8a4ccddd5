import { describe, expect, it } from "vitest"
import { requestLogPage } from "../../src/pages/requestLogPage.js"
import type { RecordedRequest } from "../../src/state/RequestLog.js"
import { read } from "./markup.js"

const request = (changes: Partial<RecordedRequest> = {}): RecordedRequest => ({
  at: Date.UTC(2030, 0, 2, 3, 4, 5, 678),
  method: "POST",
  origin: "https://localhost:8443",
  path: "/contoso.example/oauth2/v2.0/token",
  query: [],
  form: [["grant_type", "password"], ["password", "•••"]],
  grantType: "password",
  correlationId: "11111111-2222-4333-8444-555555555555",
  faults: [],
  refusal: undefined,
  status: 200,
  answer: [["token_type", "Bearer"], ["access_token", "•••"]],
  ...changes
})

const entries = (requests: ReadonlyArray<RecordedRequest>) =>
  read(requestLogPage(requests)).querySelectorAll("ol.log > li")

const summary = (changes: Partial<RecordedRequest>) =>
  entries([request(changes)])[0]?.querySelector("summary")?.structuredText.replace(/\s+/g, " ").trim()

describe("the request log", () => {
  it("begins with the newest", () => {
    const paths = entries(["/1", "/2", "/3"].map((path) => request({ path }))).map((one) =>
      one.querySelector(".path")?.textContent
    )
    expect(paths).toEqual(["/3", "/2", "/1"])
  })

  it.each([
    [{}, "200 POST /contoso.example/oauth2/v2.0/token password 03:04:05.678"],
    [{ grantType: undefined, method: "GET", path: "/v1.0/me" }, "200 GET /v1.0/me 03:04:05.678"],
    [{ grantType: "urn:ietf:params:oauth:grant-type:device_code", path: "/t" }, "200 POST /t device_code 03:04:05.678"],
    [
      { status: 400, path: "/t", answer: [["error", "invalid_grant"]] as const },
      "400 POST /t password · invalid_grant 03:04:05.678"
    ],
    [{ status: undefined, path: "/t", answer: [] }, "dropped POST /t password 03:04:05.678"]
  ])("sums %o up", (changes, expected) => {
    expect(summary(changes)).toBe(expected)
  })

  it.each([
    [200, "good", false],
    [303, "moved", false],
    [400, "refused", true],
    [401, "refused", true],
    [503, "failed", true],
    [undefined, "failed", true]
  ])("marks the status %s as %s", (status, kind, isRefusal) => {
    const [entry] = entries([request({ status })])
    expect(entry?.querySelector(".status")?.classList.contains(kind)).toBe(true)
    expect(entry?.classList.contains("refusal")).toBe(isRefusal)
  })

  it("counts a redirect with an error as a refusal", () => {
    const [entry] = entries([request({ status: 303, answer: [["error", "access_denied"]] })])
    expect(entry?.classList.contains("refusal")).toBe(true)
  })

  it("shows query, form and answer by name", () => {
    const [entry] = entries([request({ query: [["prompt", "none"]] })])
    const tables = entry?.querySelectorAll("table").map((table) => [
      table.querySelector("caption")?.textContent,
      table.querySelectorAll("tr").map((row) => row.childNodes.map(({ textContent }) => textContent))
    ])
    expect(tables).toEqual([
      ["Query", [["prompt", "none"]]],
      ["Form", [["grant_type", "password"], ["password", "•••"]]],
      ["Answer", [["token_type", "Bearer"], ["access_token", "•••"]]]
    ])
  })

  it("can be opened at the newest request of a correlation id", () => {
    const correlationId = "99999999-2222-4333-8444-555555555555"
    const targets = entries([request({ correlationId }), request({ correlationId }), request()]).map((entry) =>
      entry.querySelectorAll(`[id]`).map(({ id }) => id)
    )
    expect(targets).toEqual([[request().correlationId], [correlationId], []])
  })

  it("says so when it is empty", () => {
    expect(read(requestLogPage([])).querySelector("main")?.textContent).toContain("None yet")
  })
})

it("tells why a request was refused, and what befell it", () => {
  const refused = read(requestLogPage([request({ status: 400, refusal: 50126, faults: ["latency"] })]))
  expect(refused.text).toContain("AADSTS50126: The username or the password is wrong.")
  expect(refused.text).toContain("fault: latency")
  expect(read(requestLogPage([request()])).text).not.toContain("AADSTS")
})

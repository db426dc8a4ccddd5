import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import * as Directory from "../../src/directory/Directory.js"
import { homePage } from "../../src/pages/homePage.js"
import { clientIds, defaultScenario } from "../../src/scenario/defaultScenario.js"
import { type Input, Scenario } from "../../src/scenario/Scenario.js"
import { argumentsOf } from "./argumentsOf.js"
import { hostileTexts, read } from "./markup.js"

const origin = "https://localhost:8443"

const show = (changes: Partial<Input> = {}) =>
  read(
    homePage(Either.getOrThrow(Directory.make(Schema.decodeSync(Scenario)({ ...defaultScenario, ...changes }))), origin)
  )

const command = (page: ReturnType<typeof show>) => argumentsOf(page.querySelector("pre")?.textContent ?? "")

describe("the command that gets a token", () => {
  it("names an application, and a person who will not be asked anything", () => {
    expect(command(show())).toEqual([
      "--cacert",
      "ca.pem",
      `${origin}/contoso.example/oauth2/v2.0/token`,
      ...[
        `client_id=${clientIds.public}`,
        "grant_type=password",
        "scope=openid User.Read",
        "username=jane@contoso.example",
        "password=correct horse"
      ].flatMap((parameter) => ["--data-urlencode", parameter])
    ])
  })

  it.each([...hostileTexts, "it's", "$(id) `id` $HOME", "a\\b", "\"quoted\""].filter((text) => !text.includes("\0")))(
    "survives the password %j",
    (password) => {
      const users = [{ username: "jane@contoso.example", name: "Jane", password }]
      expect(command(show({ users })).at(-1)).toBe(`password=${password}`)
    }
  )

  const jane = { username: "jane@contoso.example", name: "Jane", password: "correct horse" }
  const client = { id: clientIds.public, name: "Client" }
  const lacking: ReadonlyArray<readonly [string, Partial<Input>]> = [
    ["everybody is asked for more, or blocked", {
      users: [
        { ...jane, mfa: true },
        { ...jane, username: "new@contoso.example", mustChangePassword: true },
        { ...jane, username: "bob@contoso.example", blocked: true }
      ]
    }],
    ["no application takes passwords", { apps: [{ ...client, ropc: false }] }],
    ["every application keeps a secret", { apps: [{ ...client, secrets: ["x"] }] }],
    ["every application asks for consent", { apps: [{ ...client, consent: "ask" }] }],
    ["no application admits the person", {
      apps: [{ ...client, audience: "tenant", tenant: "fabrikam.example" }],
      users: [jane]
    }]
  ]
  it.each(lacking)("is left out where %s", (_, changes) => {
    expect(show(changes).querySelector("pre")).toBeNull()
  })
})

describe("the home page", () => {
  const text = show().querySelector("main")?.structuredText ?? ""

  it("lists whom and what the emulator knows", () => {
    const { apps = [], tenants, users = [] } = defaultScenario
    const known = [
      ...tenants.flatMap(({ domains, id, name }) => [id, name, ...domains]),
      ...users.flatMap(({ name, password, username }) => [name, username, password]),
      ...apps.flatMap(({ id, name, secrets = [] }) => [id, name, ...secrets])
    ]
    for (const word of known) expect(text).toContain(word)
  })

  it("names the endpoints where they were asked for", () => {
    expect(text).toContain(`${origin}/{tenant}/v2.0/.well-known/openid-configuration`)
    expect(text).toContain(`${origin}/{tenant}/oauth2/v2.0/token`)
  })

  it("leads to the request log", () => {
    expect(show().querySelectorAll("a").map((link) => link.getAttribute("href"))).toContain("/_emulator/requests")
  })
})

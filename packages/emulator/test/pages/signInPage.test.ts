import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import * as Directory from "../../src/directory/Directory.js"
import { signInPage } from "../../src/pages/signInPage.js"
import { type AppInput, Scenario } from "../../src/scenario/Scenario.js"
import { read } from "./markup.js"

const clientId = "a0000000-0000-4000-8000-0000000000ff"

const show = (
  segment: string,
  { alert, audience = "everyone", username = "" }: {
    readonly alert?: string
    readonly audience?: AppInput["audience"]
    readonly username?: string
  } = {}
) => {
  const directory = Either.getOrThrow(Directory.make(
    Schema.decodeSync(Scenario)({
      tenants: [
        { id: "c0000000-0000-4000-8000-000000000001", name: "Contoso", domains: ["contoso.example"] },
        { id: "f0000000-0000-4000-8000-000000000002", name: "Fabrikam", domains: ["fabrikam.example"] },
        { id: "90000000-0000-4000-8000-000000000003", name: "Personal", domains: ["outlook.example"], personal: true }
      ],
      users: [
        { username: "jane@contoso.example", password: "correct horse", name: "Jane Doe" },
        { username: "sam@contoso.example", password: "battery staple", name: "Sam Roe", guestIn: ["fabrikam.example"] },
        { username: "mia@contoso.example", password: "two of a kind", name: "Mia Moe", mfa: true },
        {
          username: "new@contoso.example",
          password: "first one",
          name: "Noa New",
          mustChangePassword: true,
          mfa: true
        },
        { username: "bob@contoso.example", password: "locked out", name: "Bob Loe", blocked: true },
        { username: "pat@outlook.example", password: "paper moon", name: "Pat Coe" }
      ],
      apps: [{ id: clientId, name: "Client", audience, permissions: ["read"] }]
    })
  ))
  const app = Directory.appById(directory, clientId)
  const authority = Directory.authority(directory, segment)
  if (app === undefined || authority === undefined) throw new Error("The scenario lacks it.")
  return read(signInPage({
    step: { _tag: "EnterPassword", username },
    app,
    authority,
    alert,
    people: directory.people.filter((person) => Directory.membership(authority, person) !== undefined),
    scopes: { openId: ["openid"], resource: app, permissions: [], granted: [] }
  }))
}

describe("who can sign in here", () => {
  const texts = (page: ReturnType<typeof show>) =>
    page.querySelectorAll("details li").map(({ structuredText }) => structuredText.replace(/\s+/g, " "))

  it("is listed with passwords, and with what will happen", () => {
    expect(texts(show("contoso.example"))).toEqual([
      "Jane Doe Username jane@contoso.example Password correct horse",
      "Sam Roe Username sam@contoso.example Password battery staple",
      "Mia Moe Username mia@contoso.example Password two of a kind asks for a second factor",
      "Noa New Username new@contoso.example Password first one asks for a second factor must choose a new password",
      "Bob Loe Username bob@contoso.example Password locked out blocked"
    ])
  })

  it("includes guests", () => {
    expect(texts(show("fabrikam.example"))).toEqual([
      "Sam Roe Username sam@contoso.example Password battery staple guest from Contoso"
    ])
  })

  it("says whom the application does not admit", () => {
    expect(texts(show("common", { audience: "organizations" })).filter((text) => text.includes("not admitted")))
      .toEqual([
        "Pat Coe Username pat@outlook.example Password paper moon not admitted to this application"
      ])
  })
})

describe("the field to start with", () => {
  const jane = "jane@contoso.example"
  it.each([
    ["when nobody is named", {}, "username", []],
    ["when somebody is named", { username: jane }, "password", []],
    ["after a wrong password", { username: jane, alert: "Wrong." }, "password", ["password"]],
    [
      "after a wrong password, in another letter case",
      { username: "Jane@Contoso.example", alert: "Wrong." },
      "password",
      [
        "password"
      ]
    ],
    ["after a username that nobody has", { username: "joe@contoso.example", alert: "Wrong." }, "username", ["username"]]
  ])("%s is the one to fill in", (_, options, first, wrong) => {
    const page = show("contoso.example", options)
    expect(page.querySelectorAll("[autofocus]").map((input) => input.getAttribute("name"))).toEqual([first])
    expect(page.querySelectorAll("[aria-invalid]").map((input) => input.getAttribute("name"))).toEqual(wrong)
  })

  it("keeps the username that was entered", () => {
    expect(show("contoso.example", { username: "joe\"@x" }).querySelector("[name=username]")?.getAttribute("value"))
      .toBe("joe\"@x")
  })
})

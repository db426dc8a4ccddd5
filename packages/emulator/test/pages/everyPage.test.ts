import fc from "fast-check"
import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import { submitScriptHash } from "../../src/pages/formPostPage.js"
import { type Html, html } from "../../src/pages/Html.js"
import { everyPage, everyPageWithAlert } from "./everyPage.js"
import { hostileTexts, read, skeleton } from "./markup.js"

const alert = "The <answer> was \"wrong\"."
const calm = Object.entries(everyPage("Jane"))
const alarmed = Object.entries(everyPageWithAlert("Jane", alert))
const visibleInputs = "input:not([type=hidden]):not([hidden])"

describe.each([...calm, ...alarmed.map(([name, page]) => [`${name}, with an alert`, page] as const)])(
  "%s",
  (_, page) => {
    const root = read(page)
    const ids = root.querySelectorAll("[id]").map(({ id }) => id)

    it("says in which language, on which screens and of what it speaks", () => {
      expect(page.text).toMatch(/^<!DOCTYPE html>\n<html lang="en">/)
      expect(root.querySelector("meta[name=viewport]")?.getAttribute("content")).toContain("width=device-width")
      expect(root.querySelector("title")?.textContent).toContain("Grantwork emulator")
    })

    it("says that it is no place for real passwords", () => {
      expect(root.querySelector("header")?.textContent).toContain("Emulator: for development and tests only")
    })

    it("has one main part, and headings in order", () => {
      expect(root.querySelectorAll("main")).toHaveLength(1)
      const levels = root.querySelectorAll("h1, h2, h3, h4, h5, h6").map(({ rawTagName }) =>
        Number(rawTagName.slice(1))
      )
      expect(levels.filter((level) => level === 1)).toHaveLength(1)
      levels.forEach((level, index) => expect(level).toBeLessThanOrEqual((levels[index - 1] ?? 0) + 1))
    })

    it("has a label for each input", () => {
      const unlabelled = root.querySelectorAll(visibleInputs).filter((input) =>
        !root.querySelectorAll("label").some((label) =>
          label.getAttribute("for") === input.id || label.querySelector("input") === input
        )
      )
      expect(unlabelled.map(String)).toEqual([])
    })

    it("repeats no id, and refers to none that is missing", () => {
      expect(ids).toEqual([...new Set(ids)])
      for (const attribute of ["for", "aria-describedby", "aria-labelledby"]) {
        const named = root.querySelectorAll(`[${attribute}]`).flatMap((one) =>
          one.getAttribute(attribute)?.split(" ") ?? []
        )
        expect(ids).toEqual(expect.arrayContaining(named))
      }
    })

    it("starts in one place at most", () => {
      expect(root.querySelectorAll("[autofocus]").length).toBeLessThanOrEqual(1)
    })

    it("loads nothing, and runs nothing but what the content security policy names", () => {
      expect(root.querySelectorAll("[src], iframe, object, embed, link:not([rel=icon])")).toEqual([])
      expect(root.querySelector("link[rel=icon]")?.getAttribute("href")).toMatch(/^data:image\/svg\+xml,/)
      expect(root.querySelector("style")?.textContent).not.toMatch(/url\(|@import/)
      for (const script of root.querySelectorAll("script")) {
        expect(`sha256-${createHash("sha256").update(script.rawText).digest("base64")}`).toBe(submitScriptHash)
      }
    })
  }
)

describe.each(alarmed)("%s, with an alert", (_, page) => {
  it("tells it, and ties it to the fields it is about", () => {
    const root = read(page)
    expect(root.querySelectorAll("[role=alert]").map(({ textContent }) => textContent)).toEqual([alert])
    const wrong = root.querySelectorAll("[aria-invalid=true]")
    expect(wrong.length).toBeGreaterThan(0)
    for (const field of wrong) expect(field.getAttribute("aria-describedby")?.split(" ")).toContain("alert")
    expect(wrong[0]?.hasAttribute("autofocus")).toBe(true)
    expect(root.querySelector("title")?.textContent).toMatch(/^Error: /)
  })
})

describe("without an alert", () => {
  it.each(calm.filter(([name]) => name !== "error"))("%s alarms nobody", (_, page) => {
    expect(read(page).querySelectorAll("[role=alert], [aria-invalid]")).toEqual([])
  })
})

describe("text from outside", () => {
  const skeletons = (text: string) =>
    Object.entries(everyPage(text)).map(([name, page]) => [name, skeleton(read(page))])
  const expected = skeletons("Jane")
  const anyText = fc.oneof(fc.string({ unit: "binary", minLength: 1 }), fc.constantFrom(...hostileTexts))

  it("adds no tag and no attribute to any page", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(skeletons(text)).toEqual(expected)
      }),
      { numRuns: 30, examples: hostileTexts.map((text) => [text]) }
    )
  })
})

describe("a form", () => {
  const fields: Readonly<Record<string, ReadonlyArray<readonly [name: string, type: string, autocomplete: string]>>> = {
    signIn: [["username", "text", "username"], ["password", "password", "current-password"]],
    signInAgain: [["username", "text", "username"], ["password", "password", "current-password"]],
    code: [["code", "text", "one-time-code"]],
    newPassword: [["new_password", "password", "new-password"], ["confirm_password", "password", "new-password"]],
    device: [["user_code", "text", "off"]]
  }
  const pages: Readonly<Record<string, Html>> = everyPage("Jane")
  const form = (name: string) => {
    const form = read(pages[name] ?? html``).querySelector("form[method=post]")
    if (form === null) throw new Error(`${name} has no form.`)
    return form
  }

  it.each(Object.entries(fields))(
    "of %s asks for its fields, each with the autocompletion it deserves",
    (name, expected) => {
      const inputs = form(name).querySelectorAll("input[name]:not([type=hidden])") ?? []
      expect(inputs.map((input) => ["name", "type", "autocomplete"].map((key) => input.getAttribute(key)))).toEqual(
        expected
      )
      expect(inputs.every((input) => input.hasAttribute("required"))).toBe(true)
    }
  )

  it.each([
    ["signIn", "EnterPassword"],
    ["code", "EnterCode"],
    ["newPassword", "ChangePassword"],
    ["accountPicker", "PickAccount"],
    ["consent", "Consent"],
    ["deviceConfirmation", "ConfirmDevice"]
  ])("of %s names the step it answers", (name, step) => {
    const inputs = form(name).querySelectorAll("input[type=hidden]")
    expect(inputs.map((input) => [input.getAttribute("name"), input.getAttribute("value")])).toEqual([["step", step]])
  })

  it.each([
    ["accountPicker", "account", ["Jane", "Jane", "other"]],
    ["consent", "decision", ["accept", "deny"]],
    ["deviceConfirmation", "decision", ["accept", "deny"]]
  ])("of %s offers choices", (page, name, values) => {
    const buttons = form(page).querySelectorAll("button[name]")
    expect(buttons.map((button) => [button.getAttribute("name"), button.getAttribute("value")])).toEqual(
      values.map((value) => [name, value])
    )
  })

  it("of the answer to the application holds the answer, to the letter", () => {
    const inputs = form("formPost").querySelectorAll("input")
    expect(inputs.map(({ attributes }) => attributes)).toEqual([
      { type: "hidden", name: "code", value: "Jane" },
      { type: "hidden", name: "state", value: "Jane" }
    ])
    expect(form("formPost").getAttribute("action")).toBe("Jane")
  })
})

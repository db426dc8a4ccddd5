import fc from "fast-check"
import { parse } from "node-html-parser"
import { describe, expect, it } from "vitest"
import { Html, html } from "../../src/pages/Html.js"
import { hostileTexts } from "./markup.js"

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("<", ">", "\"", "'", "&", ";", "#", "/", "-", "!", "=", " ", "a", "&lt") }),
  fc.constantFrom(...hostileTexts)
)

describe("what is filled into HTML", () => {
  it("stays the text of its element and the value of its attribute", () => {
    fc.assert(fc.property(anyText, anyText, (value, text) => {
      const root = parse(html`<p title="${value}">${text}</p><hr>`.text)
      expect(root.childNodes).toHaveLength(2)
      const paragraph = root.querySelector("p")
      expect(paragraph?.attributes).toEqual({ title: value })
      expect(paragraph?.textContent).toBe(text)
      expect(paragraph?.querySelectorAll("*")).toEqual([])
    }))
  })

  it("holds none of the characters that end a text or a value", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(html`${text}`.text).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/)
      })
    )
  })

  it.each([
    ["HTML", new Html("<b>"), "<b>"],
    ["a list of HTML", [html`<i>`, html`${"<"}`], "<i>&lt;"],
    ["a number", 50_011, "50011"],
    ["nothing", undefined, ""],
    ["text", "Tom & \"Jerry's\" <b>", "Tom &amp; &quot;Jerry&#39;s&quot; &lt;b&gt;"]
  ])("may be %s", (_, value, expected) => {
    expect(html`${value}`.text).toBe(expected)
  })
})

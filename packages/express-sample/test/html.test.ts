import fc from "fast-check"
import { expect, it } from "vitest"
import { html } from "../src/html.js"

it("lets no text out of its place, between tags or in an attribute", () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(..."<>&\"'a;#/=- \n") }), (text) => {
    const [, attribute = "<", content = "<"] =
      /^<b title="([^]*)">([^]*)<\/b>$/.exec(html`<b title="${text}">${text}</b>`.text)
        ?? []
    expect(attribute).not.toMatch(/["'<>]/)
    expect(content).toBe(attribute)
    expect(unescape(content)).toBe(text)
  }))
})

const unescape = (text: string): string =>
  text.replace(/&(?:lt|gt|amp|quot|#39);/g, (reference) =>
    ({
      "&lt;": "<",
      "&gt;": ">",
      "&amp;": "&",
      "&quot;": "\"",
      "&#39;": "'"
    })[reference] ?? "")

it("takes HTML as it is, alone and in lists, and nothing for nothing", () => {
  const item = html`<li>${"&"}</li>`
  expect(html`<ul>${[item, item]}${item}${undefined}</ul>`.text).toBe(`<ul>${"<li>&amp;</li>".repeat(3)}</ul>`)
})

/**
 * Looks into pages without a browser.
 */
import { HTMLElement, parse } from "node-html-parser"
import type { Html } from "../../src/pages/Html.js"

export const read = ({ text }: Html): HTMLElement => parse(text, { blockTextElements: { script: true, style: true } })

/** Tags and names of attributes, without any value or text. */
export const skeleton = (element: HTMLElement): unknown => [
  element.rawTagName,
  Object.keys(element.attributes).sort(),
  element.childNodes.filter((node) => node instanceof HTMLElement).map(skeleton)
]

/** What tries to get out of where it was put. */
export const hostileTexts: ReadonlyArray<string> = [
  "<script>alert(1)</script>",
  "\"><img src=x onerror=alert(1)>",
  "' autofocus onfocus='alert(1)",
  "</style></title></pre><h1>",
  "<!--",
  "]]>",
  "&lt;b&gt;&amp;&#39;",
  "a=b c `${x}` \\",
  "javascript:alert(1)",
  "\u202Eevil\u0000\r\n\t"
]

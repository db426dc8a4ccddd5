import { parse } from "node-html-parser"

export interface Form {
  readonly action: URL
  /** What is filled in already. */
  readonly fields: URLSearchParams
  /** The names a person could fill in or press. */
  readonly names: ReadonlySet<string>
}

export interface Page {
  readonly alert: string | undefined
  readonly form: Form | undefined
}

export const readPage = (html: string, url: URL): Page => {
  const root = parse(html)
  const element = root.querySelector("form")
  const alert = root.querySelector("[role=alert]")?.text
  if (element === null) return { alert, form: undefined }

  const inputs = element.querySelectorAll("input")
  const fields = new URLSearchParams(
    inputs.map((input) => [input.getAttribute("name") ?? "", input.getAttribute("value") ?? ""])
  )
  const names = new Set([...inputs, ...element.querySelectorAll("button")].map((one) => one.getAttribute("name") ?? ""))
  return { alert, form: { action: new URL(element.getAttribute("action") ?? "", url), fields, names } }
}

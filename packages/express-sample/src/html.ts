/**
 * HTML in which whatever is filled in is escaped, unless it is HTML itself.
 */

/** Text that may stand in a page as it is. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Filling = string | Html | ReadonlyArray<Html> | undefined

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "\"": "&quot;",
  "'": "&#39;"
}

const fill = (filling: Filling): string => {
  if (filling === undefined) return ""
  if (typeof filling === "string") return filling.replace(/[&<>"']/g, (character) => escapes[character] ?? "")
  return filling instanceof Html ? filling.text : filling.map(({ text }) => text).join("")
}

export const html = (texts: TemplateStringsArray, ...fillings: ReadonlyArray<Filling>): Html =>
  new Html(texts.map((text, index) => text + fill(fillings[index])).join(""))

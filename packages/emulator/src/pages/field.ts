/**
 * A labelled input.
 */
import { type Html, html } from "./Html.js"

/** @category models */
export interface Field {
  readonly label: string
  readonly name: string
  readonly type?: "text" | "password"
  readonly autocomplete: string
  readonly value?: string
  readonly hint?: string
  /** Holds a code, letter by letter. */
  readonly isCode?: boolean
  readonly inputMode?: "text" | "numeric" | "email"
  /** Where the caret stands when the page opens. */
  readonly isFirst: boolean
  /** The page's alert is about it. */
  readonly isWrong: boolean
}

/** @category constructors */
export const field = (
  { autocomplete, hint, inputMode = "text", isCode = false, isFirst, isWrong, label, name, type = "text", value = "" }:
    Field
): Html => {
  const hintId = `${name}-hint`
  const describedBy = [...(isWrong ? ["alert"] : []), ...(hint === undefined ? [] : [hintId])].join(" ")
  return html`<div class="field">
<label for="${name}">${label}</label>
${hint === undefined ? undefined : html`<p class="hint" id="${hintId}">${hint}</p>`}
<input id="${name}" name="${name}" type="${type}" inputmode="${inputMode}" autocomplete="${autocomplete}" value="${value}"${
    isCode ? html` class="code"` : undefined
  }${describedBy === "" ? undefined : html` aria-describedby="${describedBy}"`}${
    isWrong ? html` aria-invalid="true"` : undefined
  } autocapitalize="none" spellcheck="false" required${isFirst ? html` autofocus` : undefined}>
</div>`
}

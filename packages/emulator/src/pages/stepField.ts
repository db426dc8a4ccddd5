import type { Step } from "../state/SignIn.js"
import { type Html, html } from "./Html.js"

/** Says which step a form answers, so that the form of a page gone back to is not taken for another one's. */
export const stepField = ({ _tag }: Pick<Step, "_tag">): Html => html`<input type="hidden" name="step" value="${_tag}">`

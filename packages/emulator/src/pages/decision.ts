import type { Step } from "../state/SignIn.js"
import { type Html, html } from "./Html.js"
import { stepField } from "./stepField.js"

/** Yes or no, neither of them chosen beforehand. */
export const decision = (yes: string, step: Pick<Step, "_tag">): Html =>
  html`<form method="post">
${stepField(step)}
<div class="choice">
<button class="main" type="submit" name="decision" value="accept">${yes}</button>
<button type="submit" name="decision" value="deny">Cancel</button>
</div>
</form>`

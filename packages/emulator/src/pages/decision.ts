import { type Html, html } from "./Html.js"

/** Yes or no, neither of them chosen beforehand. */
export const decision = (yes: string): Html =>
  html`<form method="post">
<div class="choice">
<button class="main" type="submit" name="decision" value="accept">${yes}</button>
<button type="submit" name="decision" value="deny">Cancel</button>
</div>
</form>`

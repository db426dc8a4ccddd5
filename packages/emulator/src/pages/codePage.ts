import { field } from "./field.js"
import { type Html, html } from "./Html.js"
import { card } from "./layout.js"
import { whom } from "./person.js"
import { stepField } from "./stepField.js"
import type { View } from "./View.js"

/** Asks for the second factor, and says what it is. */
export const codePage = ({ alert, step }: View<"EnterCode">): Html =>
  card({
    title: "Enter your code",
    lead: whom(step.person),
    alert,
    body: html`<form method="post">
${stepField(step)}
${
      field({
        label: "Code",
        name: "code",
        hint: "Six digits, as an app on your phone would show them.",
        autocomplete: "one-time-code",
        inputMode: "numeric",
        isCode: true,
        isFirst: true,
        isWrong: alert !== undefined
      })
    }
<button class="main" type="submit">Verify</button>
</form>
<details class="aid">
<summary>Which code</summary>
<p>The emulator sends none. The code is <code>${step.person.mfaCode}</code> each time.</p>
</details>`
  })

import { html, type Html } from "./Html.js"
import { alertBox, layout } from "./layout.js"

/** Asks for the code that a device shows. */
export const devicePage = ({ alert }: { readonly alert?: string }): Html =>
  layout(
    "Enter the code",
    html`<p>Your device shows a code of nine letters and digits.</p>
${alertBox(alert)}
<form method="post" action="/device">
<label>Code <input name="user_code" autocomplete="off" autocapitalize="characters" spellcheck="false" required autofocus></label>
<button type="submit">Next</button>
</form>`
  )

import { field } from "./field.js"
import { type Html, html } from "./Html.js"
import { card } from "./layout.js"

/** Asks for the code that a device shows. */
export const devicePage = ({ alert }: { readonly alert?: string }): Html =>
  card({
    title: "Enter the code",
    lead: html`<p>to sign in on another device</p>`,
    alert,
    body: html`<form method="post" action="/device">
${
      field({
        label: "Code",
        name: "user_code",
        hint: "Nine letters and digits, as the device shows them. Blanks, dashes and letter case do not matter.",
        autocomplete: "off",
        isCode: true,
        isFirst: true,
        isWrong: alert !== undefined
      })
    }
<button class="main" type="submit">Next</button>
</form>`
  })

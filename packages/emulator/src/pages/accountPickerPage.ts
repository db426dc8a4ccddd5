import { otherAccount } from "../state/SignIn.js"
import { type Html, html } from "./Html.js"
import { card } from "./layout.js"
import { nameplate } from "./person.js"
import { stepField } from "./stepField.js"
import type { View } from "./View.js"

/** Asks who of those signed in shall go on. */
export const accountPickerPage = ({ alert, app, step }: View<"PickAccount">): Html =>
  card({
    title: "Pick an account",
    lead: html`<p>to continue to <strong>${app.name}</strong></p>`,
    alert,
    body: html`<form method="post">
${stepField(step)}
<ul class="accounts">${
      step.people.map((person, index) =>
        html`
<li><button class="account" type="submit" name="account" value="${person.username}"${
          index === 0 ? html` autofocus` : undefined
        }>${nameplate(person)}</button></li>`
      )
    }
<li><button class="account" type="submit" name="account" value="${otherAccount}"><span class="initials" aria-hidden="true">+</span><span>Use another account</span></button></li>
</ul>
</form>`
  })

import { field } from "./field.js"
import { type Html, html } from "./Html.js"
import { card } from "./layout.js"
import { whom } from "./person.js"
import { stepField } from "./stepField.js"
import type { View } from "./View.js"

/** Asks for a password in place of the old one. */
export const newPasswordPage = ({ alert, step }: View<"ChangePassword">): Html => {
  const isWrong = alert !== undefined
  return card({
    title: "Choose a new password",
    lead: whom(step.person),
    alert,
    body: html`<form method="post">
${stepField(step)}
<input type="text" autocomplete="username" value="${step.person.username}" readonly hidden>
${
      field({
        label: "New password",
        name: "new_password",
        type: "password",
        hint: "At least eight characters, and another one than before.",
        autocomplete: "new-password",
        isFirst: true,
        isWrong
      })
    }
${
      field({
        label: "New password, once more",
        name: "confirm_password",
        type: "password",
        autocomplete: "new-password",
        isFirst: false,
        isWrong
      })
    }
<button class="main" type="submit">Change password</button>
</form>`
  })
}

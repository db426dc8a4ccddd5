import type * as Directory from "../directory/Directory.js"
import type { Scopes } from "../protocol/Scopes.js"
import { otherAccount, type Step } from "../state/SignIn.js"
import { html, type Html } from "./Html.js"
import { alertBox, layout } from "./layout.js"

/** What a page of a sign-in shows. */
export interface View {
  readonly step: Exclude<Step, { readonly _tag: "Done" | "Refuse" }>
  readonly app: Directory.App
  readonly authority: Directory.Authority
  /** Who could sign in here, to be named to who tries things out. */
  readonly people: ReadonlyArray<Directory.Person>
  readonly scopes: Scopes
  readonly alert: string | undefined
}

/** The page of a sign-in's next step. Its form is posted to the page's own address. */
export const stepPage = (view: View): Html => {
  const { step } = view
  switch (step._tag) {
    case "PickAccount":
      return pickAccount(view, step.people)
    case "EnterPassword":
      return enterPassword(view, step.username)
    case "EnterCode":
      return enterCode(view, step.person)
    case "ChangePassword":
      return changePassword(view, step.person)
    case "Consent":
      return consent(view, step.person)
    case "ConfirmDevice":
      return confirmDevice(view, step.person)
  }
}

const pickAccount = ({ alert, app }: View, people: ReadonlyArray<Directory.Person>): Html =>
  layout(
    "Pick an account",
    html`<p>to continue to <strong>${app.name}</strong></p>
${alertBox(alert)}
<form method="post">
${people.map(({ name, username }) => html`<button name="account" value="${username}">${name} ${username}</button>`)}
<button name="account" value="${otherAccount}">Use another account</button>
</form>`
  )

const enterPassword = ({ alert, app, people }: View, username: string): Html =>
  layout(
    "Sign in",
    html`<p>to continue to <strong>${app.name}</strong></p>
${alertBox(alert)}
<form method="post">
<label>Username <input name="username" autocomplete="username" required value="${username}"></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button type="submit">Sign in</button>
</form>
<details><summary>Who can sign in here</summary>
<ul>${people.map((person) => html`<li>${person.username}: ${person.password}</li>`)}</ul>
</details>`
  )

const enterCode = ({ alert }: View, person: Directory.Person): Html =>
  layout(
    "Enter your code",
    html`<p>${person.username}</p>
${alertBox(alert)}
<form method="post">
<label>Code <input name="code" inputmode="numeric" autocomplete="one-time-code" required></label>
<button type="submit">Verify</button>
</form>
<details><summary>Which code</summary>${person.mfaCode}</details>`
  )

const changePassword = ({ alert }: View, person: Directory.Person): Html =>
  layout(
    "Choose a new password",
    html`<p>${person.username}</p>
${alertBox(alert)}
<form method="post">
<label>New password <input name="new_password" type="password" autocomplete="new-password" required></label>
<label>Once more <input name="confirm_password" type="password" autocomplete="new-password" required></label>
<button type="submit">Change password</button>
</form>`
  )

const consent = ({ app, scopes }: View, person: Directory.Person): Html =>
  layout(
    "Permissions requested",
    html`<p><strong>${app.name}</strong> asks ${person.username} for:</p>
<ul>${scopes.permissions.map(({ description, name }) => html`<li>${description ?? name}</li>`)}</ul>
<form method="post">
<button name="decision" value="accept">Accept</button>
<button name="decision" value="deny">Cancel</button>
</form>`
  )

const confirmDevice = ({ app }: View, person: Directory.Person): Html =>
  layout(
    "Is this your device?",
    html`<p>A device signs ${person.username} in to <strong>${app.name}</strong>. Go on only if the code came from a device of yours.</p>
<form method="post">
<button name="decision" value="accept">Continue</button>
<button name="decision" value="deny">Cancel</button>
</form>`
  )

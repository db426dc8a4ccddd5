import * as Directory from "../directory/Directory.js"
import { field } from "./field.js"
import { type Html, html } from "./Html.js"
import { card } from "./layout.js"
import { credentials, notes } from "./person.js"
import { stepField } from "./stepField.js"
import type { View } from "./View.js"

/** Asks for username and password, and names whom the emulator knows here. */
export const signInPage = ({ alert, app, authority, people, step }: View<"EnterPassword">): Html => {
  const { username } = step
  const isKnown = people.some((person) => person.username.toLowerCase() === username.trim().toLowerCase())
  const isWrong = alert !== undefined
  const startsAtUsername = username === "" || (isWrong && !isKnown)
  return card({
    title: "Sign in",
    lead: html`<p>to continue to <strong>${app.name}</strong></p>`,
    alert,
    body: html`<form method="post">
${stepField(step)}
${
      field({
        label: "Username",
        name: "username",
        autocomplete: "username",
        inputMode: "email",
        value: username,
        isFirst: startsAtUsername,
        isWrong: isWrong && startsAtUsername
      })
    }
${
      field({
        label: "Password",
        name: "password",
        type: "password",
        autocomplete: "current-password",
        isFirst: !startsAtUsername,
        isWrong: isWrong && isKnown
      })
    }
<button class="main" type="submit">Sign in</button>
</form>
<details class="aid">
<summary>Who can sign in here</summary>
${credentials(people, (person) => [...notes(person), ...notesHere(app, authority, person)])}
</details>`
  })
}

const notesHere = (
  app: Directory.App,
  authority: Directory.Authority,
  person: Directory.Person
): ReadonlyArray<string> => {
  const membership = Directory.membership(authority, person)
  if (membership === undefined) return []
  return [
    ...(membership.tenant.id === person.home.id ? [] : [`guest from ${person.home.name}`]),
    ...(Directory.admits(app, membership.tenant) ? [] : ["not admitted to this application"])
  ]
}

/**
 * How people are shown.
 */
import type * as Directory from "../directory/Directory.js"
import { type Html, html } from "./Html.js"

const initial = (word: string): string => String.fromCodePoint(word.codePointAt(0) ?? 0)

const initials = (name: string): string => {
  const words = name.split(/\s+/).filter((word) => word !== "")
  return [...words.slice(0, 1), ...words.slice(1).slice(-1)].map(initial).join("").toUpperCase()
}

/**
 * Name and sign-in name, side by side with the initials.
 *
 * @category constructors
 */
export const nameplate = ({ name, username }: Directory.Person): Html =>
  html`<span class="initials" aria-hidden="true">${
    initials(name)
  }</span><span>${name} <small>${username}</small></span>`

/**
 * The person that a page is about.
 *
 * @category constructors
 */
export const whom = (person: Directory.Person): Html => html`<p class="account">${nameplate(person)}</p>`

/**
 * What signing in will bring, wherever it is tried.
 *
 * @category getters
 */
export const notes = ({ blocked, mfa, mustChangePassword }: Directory.Person): ReadonlyArray<string> => [
  ...(mfa ? ["asks for a second factor"] : []),
  ...(mustChangePassword ? ["must choose a new password"] : []),
  ...(blocked ? ["blocked"] : [])
]

/**
 * Who can sign in, with what.
 *
 * @category constructors
 */
export const credentials = (
  people: ReadonlyArray<Directory.Person>,
  notesOn: (person: Directory.Person) => ReadonlyArray<string>
): Html =>
  html`<ul class="people">${
    people.map((person) => {
      const list = notesOn(person)
      return html`
<li>
<p><strong>${person.name}</strong></p>
<p><span class="muted">Username</span> <code>${person.username}</code></p>
<p><span class="muted">Password</span> <code>${person.password}</code></p>
${
        list.length === 0
          ? undefined
          : html`<p class="notes">${list.map((note) => html`<span class="note">${note}</span> `)}</p>`
      }
</li>`
    })
  }
</ul>`

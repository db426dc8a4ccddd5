import type * as Directory from "../directory/Directory.js"
import { html, type Html } from "./Html.js"
import { layout } from "./layout.js"

/** What the emulator is, and whom and what it knows. */
export const homePage = (directory: Directory.Directory, origin: string): Html =>
  layout(
    "Grantwork emulator",
    html`<h2>Tenants</h2>
<ul>${directory.tenants.map(({ domains, id, name }) => html`<li>${name} (${domains[0]}): ${origin}/${id}</li>`)}</ul>
<h2>People</h2>
<ul>${directory.people.map(({ name, password, username }) => html`<li>${name}: ${username}, ${password}</li>`)}</ul>
<h2>Applications</h2>
<ul>${directory.scenario.apps.map(({ id, name }) => html`<li>${name}: ${id}</li>`)}</ul>
<p><a href="/_emulator/requests">Requests</a></p>`
  )

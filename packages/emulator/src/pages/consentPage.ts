import { decision } from "./decision.js"
import { type Html, html } from "./Html.js"
import { card } from "./layout.js"
import { whom } from "./person.js"
import type { View } from "./View.js"

/** What the scopes of OpenID Connect mean to a person. */
const meanings: Readonly<Record<string, string>> = {
  openid: "Know that it is you",
  profile: "See your name and username",
  email: "See your email address",
  offline_access: "Keep access while you are away"
}

/** Asks whether the application may have what it asks for. */
export const consentPage = (
  { alert, app, scopes, step }: View<"Consent">
): Html =>
  card({
    title: "Permissions requested",
    lead: html`<p><strong>${app.name}</strong>, of ${app.home.name}</p>`,
    alert,
    body: html`${whom(step.person)}
<h2 id="asked">This application would like to</h2>
<ul class="permissions" aria-labelledby="asked">
${scopes.openId.map((name) => permission(meanings[name] ?? name, name))}
${step.permissions.map(({ description, name }) => permission(description ?? name, `${scopes.resource.name}: ${name}`))}
</ul>
<p class="hint">Accept only if you trust it. You are asked once.</p>
${decision("Accept", step)}`
  })

const permission = (meaning: string, name: string): Html =>
  html`<li>${meaning} <code>${name}</code></li>
`

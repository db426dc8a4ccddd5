import { decision } from "./decision.js"
import { type Html, html } from "./Html.js"
import { card } from "./layout.js"
import { whom } from "./person.js"
import type { View } from "./View.js"

/**
 * Asks whether the device is the person's own.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-5.4
 */
export const deviceConfirmationPage = ({ alert, app, step }: View<"ConfirmDevice">): Html =>
  card({
    title: "Is this your device?",
    lead: html`<p>A device wants to sign you in to <strong>${app.name}</strong></p>`,
    alert,
    body: html`${whom(step.person)}
<p>Go on only if the code came from a device of yours. If somebody sent it to you, cancel: they would be signed in as you.</p>
${decision("Continue", step)}`
  })

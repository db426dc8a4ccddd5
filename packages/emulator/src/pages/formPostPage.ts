import { Html, html } from "./Html.js"
import { card } from "./layout.js"

/** What sends the form by itself where there is JavaScript; the button does where there is none. */
const submitScript = "document.forms[0].submit()"

/** Lets the content security policy pass that script and no other. */
export const submitScriptHash = "sha256-ePniVEkSivX/c7XWBGafqh8tSpiRrKiqYeqbG7N1TOE="

/**
 * Brings an authorization response to the application by POST.
 *
 * @see {@link https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html}
 */
export const formPostPage = (action: string, parameters: URLSearchParams): Html =>
  card({
    title: "Back to the application",
    lead: html`<p>at <strong>${hostOf(action)}</strong></p>`,
    body: html`<p>You are sent there at once. If not, continue by hand.</p>
<form method="post" action="${action}">
${[...parameters].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<button class="main" type="submit" autofocus>Continue</button>
</form>
<script>${new Html(submitScript)}</script>`
  })

/** A scheme of an application's own may come without a host. */
const hostOf = (uri: string): string => (URL.canParse(uri) && new URL(uri).host) || uri

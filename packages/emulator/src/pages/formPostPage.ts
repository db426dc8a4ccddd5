import { html, Html } from "./Html.js"
import { layout } from "./layout.js"

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
  layout(
    "Back to the application",
    html`<form method="post" action="${action}">
${[...parameters].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<button type="submit">Continue</button>
</form>
<script>${new Html(submitScript)}</script>`
  )

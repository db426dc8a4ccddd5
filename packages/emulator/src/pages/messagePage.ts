import { type Html, html } from "./Html.js"
import { card } from "./layout.js"

/** A page that leads no further. */
export const messagePage = ({ text, title }: { readonly title: string; readonly text: string }): Html =>
  card({ title, body: html`<p>${text}</p>` })

/** A refusal that no application may be told of. */
export const errorPage = (
  { code, correlationId, error, text, traceId }: {
    readonly code: number
    readonly error: string
    readonly text: string
    readonly correlationId: string
    readonly traceId: string
  }
): Html =>
  card({
    title: "This did not work",
    alert: `AADSTS${code}: ${text}`,
    body: html`<dl class="facts">
<dt>Error</dt><dd><code>${error}</code></dd>
<dt>Correlation id</dt><dd><code>${correlationId}</code></dd>
<dt>Trace id</dt><dd><code>${traceId}</code></dd>
</dl>
<p class="links"><a href="/_emulator/requests#${correlationId}">See what was sent, in the request log</a></p>`
  })

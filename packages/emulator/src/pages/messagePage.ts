import { html, type Html } from "./Html.js"
import { layout } from "./layout.js"

/** A page that leads no further. */
export const messagePage = ({ text, title }: { readonly title: string; readonly text: string }): Html =>
  layout(title, html`<p>${text}</p>`)

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
  layout(
    "This did not work",
    html`<p role="alert">AADSTS${code}: ${text}</p>
<dl>
<dt>Error</dt><dd>${error}</dd>
<dt>Correlation id</dt><dd>${correlationId}</dd>
<dt>Trace id</dt><dd>${traceId}</dd>
</dl>`
  )

import type { Fields, RecordedRequest } from "../state/RequestLog.js"
import { html, type Html } from "./Html.js"
import { layout } from "./layout.js"

const list = (fields: Fields): Html =>
  html`<dl>${fields.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`

/** The requests so far, newest first. */
export const requestLogPage = (requests: ReadonlyArray<RecordedRequest>): Html =>
  layout(
    "Requests",
    html`${[...requests].reverse().map((request) =>
      html`<article>
<h2>${request.method} ${request.path} ${request.status ?? "dropped"}</h2>
<p>${new Date(request.at).toISOString()} ${request.correlationId}</p>
${list(request.query)}${list(request.form)}${list(request.answer)}
</article>`
    )}`
  )

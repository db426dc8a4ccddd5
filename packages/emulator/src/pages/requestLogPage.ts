import { entraError, isCode } from "../protocol/EntraError.js"
import type { Fields, RecordedRequest } from "../state/RequestLog.js"
import { type Html, html } from "./Html.js"
import { sheet } from "./layout.js"

/** The requests so far, newest first. */
export const requestLogPage = (requests: ReadonlyArray<RecordedRequest>): Html => {
  const newestOf = new Map(requests.map((request) => [request.correlationId, request]))
  return sheet({
    title: "Requests",
    header: html`<p class="muted">${
      requests.length === 0
        ? "None yet. Each request that a client or a browser sends will be listed here."
        : `The last ${requests.length}, newest first. Times are UTC, and ••• stands for what may be secret.`
    }</p>
<div class="links">
<a href="/_emulator/requests">Load again</a>
<a href="/">What the emulator knows</a>
<label><input type="checkbox" id="only-refusals" autocomplete="off"> Only refusals</label>
</div>`,
    body: requests.length === 0 ? html`` : html`<ol class="log" reversed>
${requests.toReversed().map((request) => entry(request, newestOf.get(request.correlationId) === request))}
</ol>`
  })
}

const entry = (request: RecordedRequest, isNewestOfItsId: boolean): Html => {
  const { answer, at, correlationId, faults, form, grantType, method, origin, path, query, refusal, status } = request
  const time = new Date(at).toISOString()
  const error = answer.find(([name]) => name === "error")?.[1]
  const isRefusal = status === undefined || status >= 400 || refusal !== undefined || error !== undefined
  const words = [
    ...(grantType === undefined ? [] : [shortGrantType(grantType)]),
    ...(error === undefined ? [] : [error]),
    ...(refusal === undefined ? [] : [`AADSTS${refusal}`]),
    ...faults.map((kind) => `fault: ${kind}`)
  ]
  return html`<li${isRefusal ? html` class="refusal"` : undefined}><details>
<summary><span class="status ${statusClass(status)}">${
    status ?? "dropped"
  }</span> <span class="method">${method}</span> <code class="path">${path}</code> <span class="word">${
    words.join(" · ")
  }</span> <time datetime="${time}">${time.slice(11, 23)}</time></summary>
<div class="decoded">
<dl class="facts">
<dt>Address</dt><dd><code>${origin}${path}</code></dd>
<dt>Time</dt><dd><code>${time}</code></dd>
<dt>Correlation id</dt><dd><code${
    isNewestOfItsId ? html` id="${correlationId}"` : undefined
  }>${correlationId}</code></dd>
${refusal === undefined ? undefined : html`<dt>Refused</dt><dd>${meaning(refusal)}</dd>`}
${faults.length === 0 ? undefined : html`<dt>Faults</dt><dd>${faults.join(", ")}</dd>`}
</dl>
${table("Query", query)}${table("Form", form)}${
    status === undefined
      ? html`<p class="muted">The connection was dropped without an answer.</p>`
      : table("Answer", answer)
  }
</div>
</details></li>
`
}

const table = (caption: string, fields: Fields): Html =>
  fields.length === 0 ? html`` : html`<table>
<caption>${caption}</caption>
<tbody>${
    fields.map(([name, value]) =>
      html`<tr><th scope="row"><code>${name}</code></th><td><code>${value}</code></td></tr>`
    )
  }</tbody>
</table>`

const meaning = (refusal: number): string =>
  `AADSTS${refusal}${isCode(refusal) ? `: ${entraError(refusal).description}` : ""}`

/** Without the prefix of those that are URNs. */
const shortGrantType = (grantType: string): string => grantType.slice(grantType.lastIndexOf(":") + 1).slice(0, 40)

const statusClass = (status: number | undefined): "good" | "moved" | "refused" | "failed" => {
  if (status === undefined || status >= 500) return "failed"
  if (status >= 400) return "refused"
  return status >= 300 ? "moved" : "good"
}

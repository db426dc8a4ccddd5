/**
 * What all pages share.
 */
import { Html, html } from "./Html.js"
import { style } from "./style.js"

/**
 * What it calls itself.
 *
 * @category constants
 */
export const name = "Grantwork emulator"

/** A ticket, ticked. */
const mark =
  html`<svg viewBox="0 0 28 28" aria-hidden="true"><path fill="currentColor" stroke="none" d="M5 5h18a2 2 0 0 1 2 2v4a3 3 0 0 0 0 6v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4a3 3 0 0 0 0-6V7a2 2 0 0 1 2-2z"/><path d="m9.5 14.2 3.2 3.2 5.8-6.6" fill="none" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/></svg>`

/** The same, carried along, so that no browser asks for an icon. */
const icon = new Html(
  `data:image/svg+xml,${
    encodeURIComponent(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28"><path fill="#0d5b4c" d="M5 5h18a2 2 0 0 1 2 2v4a3 3 0 0 0 0 6v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4a3 3 0 0 0 0-6V7a2 2 0 0 1 2-2z"/></svg>`
    )
  }`
)

const document = (title: string, main: Html): Html =>
  html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="${icon}">
<style>${style}</style>
</head>
<body>
<header class="top">
<span class="brand">${mark} Grantwork</span>
<p>Emulator: for development and tests only</p>
</header>
${main}
</body>
</html>
`

/**
 * A page on which one thing is to be done.
 *
 * @category constructors
 */
export const card = (
  { alert, body, lead, title }: {
    readonly title: string
    /** What it is for. */
    readonly lead?: Html
    /** What was wrong with the last answer. */
    readonly alert?: string | undefined
    readonly body: Html
  }
): Html =>
  document(
    `${alert === undefined ? "" : "Error: "}${title} · ${name}`,
    html`<main class="card">
<div class="stub">
<h1>${title}</h1>
${lead}
</div>
<div class="body">
${alert === undefined ? undefined : html`<p role="alert" id="alert">${alert}</p>`}
${body}
</div>
</main>`
  )

/**
 * A page to look things up on.
 *
 * @category constructors
 */
export const sheet = (
  { body, header, title }: { readonly title: string; readonly header: Html; readonly body: Html }
): Html =>
  document(
    title === name ? name : `${title} · ${name}`,
    html`<main class="sheet">
<header>
<h1>${title}</h1>
${header}
</header>
${body}
</main>`
  )

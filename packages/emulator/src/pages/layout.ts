/**
 * What all pages share.
 */
import { html, Html } from "./Html.js"

const style = new Html(`
body { font: 1rem/1.5 system-ui, sans-serif; margin: 4rem auto; max-width: 24rem; padding: 0 1rem }
label, input { box-sizing: border-box; display: block; width: 100% }
input, button { font: inherit; margin: .25rem 0 1rem; padding: .5rem }
[role=alert] { color: #a00 }
`)

/** @category constructors */
export const layout = (title: string, body: Html): Html =>
  html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
<footer>Grantwork emulator: for development and tests, not for production.</footer>
</body>
</html>
`

/** @category constructors */
export const alertBox = (alert: string | undefined): Html =>
  alert === undefined ? html`` : html`<p role="alert">${alert}</p>`

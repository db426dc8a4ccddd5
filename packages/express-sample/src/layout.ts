/**
 * What all pages share.
 */
import { createHash } from "node:crypto"
import { Html, html } from "./html.js"

const style = `
:root {
  color-scheme: light dark;
  --page: #f4f5f8; --card: #fff; --text: #1d2129; --muted: #596172; --line: #dde0e8;
  --accent: #2f4fc4; --on-accent: #fff; --good: #e4f4e9; --bad: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14161b; --card: #1d2027; --text: #e8eaf0; --muted: #a3abbb; --line: #353a46;
    --accent: #9db2ff; --on-accent: #10142a; --good: #173323; --bad: #ffb4ab;
  }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif }
header, main, footer { margin: 0 auto; max-width: 46rem; padding: 0 1rem }
header { display: flex; gap: .5rem 1rem; align-items: center; justify-content: space-between; padding-block: 1rem }
header a { color: inherit; font-weight: 600; text-decoration: none }
footer { color: var(--muted); font-size: .875rem; padding-block: .5rem 2rem }
section { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; margin-bottom: 1rem; padding: 1.25rem }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem }
h2 { font-size: 1.0625rem; margin: 0 0 .5rem }
p { margin: 0 0 1rem }
p:last-child { margin-bottom: 0 }
.muted { color: var(--muted) }
.problem { box-shadow: inset 0 .25rem var(--bad); padding-top: 1.5rem }
[role=status] { background: var(--good); border-radius: .5rem; padding: .5rem .75rem }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.25rem }
header .actions { margin: 0 }
.button { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; color: inherit; cursor: pointer;
  display: inline-block; font: inherit; font-weight: 600; min-height: 2.75rem; padding: .5rem 1rem; text-decoration: none }
.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent) }
:focus-visible { outline: .1875rem solid var(--accent); outline-offset: .125rem }
table { border-collapse: collapse; width: 100% }
caption { color: var(--muted); padding-bottom: .5rem; text-align: left }
th, td { border-top: 1px solid var(--line); overflow-wrap: anywhere; padding: .4rem 0; text-align: left; vertical-align: top }
th { font-weight: 600; padding-right: 1rem; width: 13rem }
code, td { font-family: ui-monospace, monospace; font-size: .875rem }
@media (max-width: 34rem) {
  th, td { display: block; width: auto }
  th { padding-bottom: 0 }
  td { border: 0; padding-top: 0 }
}
`

/** The style as a content security policy names it. */
export const styleHash = `sha256-${createHash("sha256").update(style).digest("base64")}`

const icon =
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><circle cx='8' cy='8' r='7' fill='%232f4fc4'/></svg>"

/** A whole page; `navigation` stands beside the app's name. */
export const layout = (title: string, body: Html, navigation: Html = html``): string =>
  html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - Express sample</title>
<link rel="icon" href="${icon}">
<style>${new Html(style)}</style>
</head>
<body>
<header><a href="/">Express sample</a>${navigation}</header>
<main>
${body}
</main>
<footer>A sample of @grantwork/promise, for loopback only.</footer>
</body>
</html>
`.text

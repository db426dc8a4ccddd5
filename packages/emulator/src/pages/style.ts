/**
 * How all pages look, in light and in dark.
 */
import { Html } from "./Html.js"

/** @category constants */
export const style = new Html(`
:root {
  color-scheme: light dark;
  --paper: #f2f0e9; --card: #fffefb; --ink: #1b2430; --muted: #565d67; --line: #d6d1c3; --edge: #7d7768;
  --accent: #0d5b4c; --accent-strong: #083f35; --on-accent: #fff; --wash: #e9efe9; --focus: #b4560a;
  --good: #0d5b4c; --good-wash: #e1f0e9; --moved: #1f4f8f; --moved-wash: #e4edf8;
  --refused: #7f4500; --refused-wash: #fbeeda; --failed: #9b1c13; --failed-wash: #fcecea;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12171a; --card: #1b2226; --ink: #ebe8e1; --muted: #a8afb4; --line: #364046; --edge: #7f8b92;
    --accent: #74d1b6; --accent-strong: #9be3cd; --on-accent: #06231c; --wash: #233035; --focus: #f5a95b;
    --good: #82d8bd; --good-wash: #16332b; --moved: #9fc6f6; --moved-wash: #182b42;
    --refused: #f3c07a; --refused-wash: #3a2b13; --failed: #ffb5aa; --failed-wash: #431e1a;
  }
}
*, ::before, ::after { box-sizing: border-box }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100% }
body {
  background: var(--paper); color: var(--ink); margin: 0; overflow-wrap: anywhere;
  font: 1rem/1.5 -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
h1, h2, h3, p, ul, ol, dl, dd, pre { margin: 0 }
ul, ol { list-style: none; padding: 0 }
h1 { font-size: 1.625rem; letter-spacing: -.015em; line-height: 1.25 }
h2 { font-size: 1.125rem; line-height: 1.3 }
h3 { font-size: 1rem }
a { color: var(--accent); text-underline-offset: .15em }
code, pre, time { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: .875em }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px }
.muted { color: var(--muted) }

.top { align-items: center; display: flex; flex-wrap: wrap; gap: .25rem .75rem; justify-content: space-between;
  margin: 0 auto; max-width: 62rem; padding: .75rem 1rem }
.top p { color: var(--muted); font-size: .875rem }
.brand { align-items: center; display: inline-flex; font-weight: 650; gap: .5rem }
.brand svg { color: var(--accent); height: 1.75rem; width: 1.75rem }
.brand path { stroke: var(--paper) }

/* A card is a ticket: what it is for on the stub, what to do below the perforation. */
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; margin: 1rem auto 2rem;
  max-width: 26rem; width: calc(100% - 2rem) }
@media (min-height: 40rem) and (min-width: 30rem) { .card { margin-top: 3rem } }
.stub { border-bottom: 2px dashed var(--line); display: grid; gap: .375rem; padding: 1.5rem 1.5rem 1.25rem; position: relative }
.stub::before, .stub::after { background: var(--paper); border: 1px solid var(--line); border-radius: 50%;
  border-color: var(--line) var(--line) transparent transparent; bottom: -.6875rem; content: ""; height: 1.25rem;
  position: absolute; width: 1.25rem }
.stub::before { left: -.6875rem; transform: rotate(45deg) }
.stub::after { right: -.6875rem; transform: rotate(-135deg) }
.body, .body form { display: grid; gap: 1.125rem }
.body { padding: 1.5rem }

[role=alert] { background: var(--failed-wash); border-left: 4px solid var(--failed); border-radius: .25rem;
  color: var(--failed); padding: .625rem .75rem }
.field { display: grid; gap: .375rem }
label { font-weight: 600 }
.hint { color: var(--muted); font-size: .875rem }
input:not([type=checkbox]) { background: var(--card); border: 1px solid var(--edge); border-radius: .375rem; color: inherit;
  font: inherit; min-height: 2.75rem; padding: .5rem .75rem; width: 100% }
input[aria-invalid] { border-color: var(--failed); border-width: 2px }
input.code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: 1.25rem;
  letter-spacing: .15em; text-transform: uppercase }
button { background: var(--card); border: 1px solid var(--edge); border-radius: .375rem; color: inherit; cursor: pointer;
  font: inherit; font-weight: 600; min-height: 2.75rem; padding: .5rem 1rem }
button:hover { background: var(--wash) }
button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent) }
button.main:hover { background: var(--accent-strong); border-color: var(--accent-strong) }
.choice { display: flex; flex-wrap: wrap; gap: .75rem }
.choice button { flex: 1 1 8rem }

.account { align-items: center; display: grid; gap: 0 .75rem; grid-template-columns: auto 1fr; text-align: left; width: 100% }
button.account { padding: .625rem .75rem }
.account small { color: var(--muted); display: block; font-size: .875rem; font-weight: 400 }
.initials { align-items: center; background: var(--wash); border-radius: 50%; color: var(--accent); display: inline-flex;
  font-size: .875rem; font-weight: 650; height: 2.5rem; justify-content: center; width: 2.5rem }
.accounts { display: grid; gap: .625rem }
.permissions { border-block: 1px solid var(--line); display: grid; gap: .375rem; padding: .75rem 0 }
.permissions li { align-items: baseline; display: flex; flex-wrap: wrap; gap: 0 1rem; justify-content: space-between }
.permissions code { color: var(--muted); font-size: .8125rem }
@media (max-width: 29.99rem) { .permissions code { flex-basis: 100% } }

summary { align-items: center; border-radius: .25rem; cursor: pointer; display: flex; gap: .5rem; list-style: none;
  min-height: 2.75rem }
summary::-webkit-details-marker { display: none }
summary::before { border: solid var(--muted); border-width: 0 2px 2px 0; content: ""; flex: none; height: .5rem;
  margin: 0 .25rem; transform: rotate(-45deg); width: .5rem }
[open] > summary::before { transform: rotate(45deg) }
.aid { border-top: 1px solid var(--line); margin: .25rem -1.5rem -1.5rem; padding: .25rem 1.5rem }
.aid > :last-child:not(summary) { padding-bottom: 1rem }
.aid > summary { color: var(--muted); font-size: .9375rem }

.facts { align-items: baseline; display: grid; gap: .125rem 1rem }
.facts dt { color: var(--muted); font-size: .875rem }
.facts dd + dt { margin-top: .5rem }
@media (min-width: 40rem) {
  .sheet .facts { grid-template-columns: 11rem minmax(0, 1fr) }
  .sheet th { width: 12rem }
  .sheet .facts dd + dt { margin-top: 0 }
}
.people { display: grid; gap: .75rem }
.people code { white-space: pre-wrap }
.notes { display: flex; flex-wrap: wrap; gap: .25rem; margin-top: .125rem }
.note { background: var(--wash); border-radius: 1rem; color: var(--muted); font-size: .8125rem; padding: .0625rem .5rem }

.sheet { display: grid; gap: 1.5rem; grid-template-columns: minmax(0, 1fr); margin: 1rem auto 3rem; max-width: 62rem; padding: 0 1rem }
.sheet > header { display: grid; gap: .5rem }
.links { display: flex; flex-wrap: wrap; gap: 0 1.25rem }
.links a, .links label { align-items: center; display: inline-flex; gap: .5rem; min-height: 2.75rem }
.links label { font-weight: 400 }
.links input { accent-color: var(--accent); height: 1.25rem; width: 1.25rem }
.panel { align-content: start; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; display: grid;
  gap: .875rem; grid-template-columns: minmax(0, 1fr); padding: 1.25rem }
@media (min-width: 50rem) {
  .pair { display: grid; gap: 1.5rem; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) }
}
@media (max-width: 49.99rem) { .pair > * + * { margin-top: 1.5rem } }
.copy { background: var(--paper); border: 1px solid var(--line); border-radius: .375rem; padding: .75rem 1rem;
  -webkit-user-select: all; user-select: all; white-space: pre-wrap }

.log { background: var(--card); border: 1px solid var(--line); border-radius: .75rem }
.log > li { content-visibility: auto; contain-intrinsic-size: auto 2.75rem }
.log > li + li { border-top: 1px solid var(--line) }
.log summary { display: grid; gap: .125rem .75rem; grid-template-columns: auto 4rem 3.25rem minmax(0, 1fr) auto auto;
  padding: .25rem .75rem }
.log summary:focus-visible { outline-offset: -3px }
.log time, .log .method { color: var(--muted); font-size: .8125rem }
.log .method { font-weight: 650 }
.log time { grid-column: 6 }
.log .status { grid-column: 2; grid-row: 1 }
.log .word { font-size: .8125rem; text-align: right }
.log .path { font-size: .875rem; max-height: 4.5em; overflow: hidden }
@media (max-width: 49.99rem) {
  .log summary { grid-template-columns: auto auto 1fr auto }
  .log time { grid-column: 4; grid-row: 1 }
  .log .path { grid-column: 2 / -1; grid-row: 2 }
  .log .word { grid-column: 2 / -1; grid-row: 3; text-align: left }
}
.status { border-radius: .25rem; font-size: .8125rem; font-weight: 650; padding: .0625rem .375rem; text-align: center }
.good { background: var(--good-wash); color: var(--good) }
.moved { background: var(--moved-wash); color: var(--moved) }
.refused { background: var(--refused-wash); color: var(--refused) }
.failed { background: var(--failed-wash); color: var(--failed) }
.decoded { display: grid; gap: 1rem; padding: .5rem 1rem 1.25rem 2.25rem }
.sheet:has(#only-refusals:checked) .log > li:not(.refusal) { display: none }
table { border-collapse: collapse; font-size: .875rem; width: 100% }
caption { color: var(--muted); font-weight: 600; padding-bottom: .25rem; text-align: left }
th, td { border-top: 1px solid var(--line); padding: .25rem .75rem .25rem 0; text-align: left; vertical-align: top }
th { font-weight: 400; width: 40% }

@media (prefers-reduced-motion: no-preference) {
  button, summary::before { transition: background-color .12s, border-color .12s, transform .12s }
}
`)

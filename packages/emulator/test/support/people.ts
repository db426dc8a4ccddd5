import type { Person } from "../../src/Browser.js"

/** People of the default scenario. */
export const jane: Person = { username: "jane@contoso.example", password: "correct horse" }
export const sam: Person = { username: "sam@contoso.example", password: "battery staple" }
export const mia: Person = { username: "mia@contoso.example", password: "two of a kind" }

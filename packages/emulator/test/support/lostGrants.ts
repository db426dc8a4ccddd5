import type * as Effect from "effect/Effect"
import type * as Emulator from "../../src/Emulator.js"
import { jane } from "./people.js"

type Row = readonly [what: string, happen: (emulator: Emulator.Service) => Effect.Effect<void, unknown>, number: number]

/** What happens to Jane between her consent and the redemption, and how the redemption is refused then. */
export const lostGrants: ReadonlyArray<Row> = [
  ["blocked", ({ changeUser }) => changeUser(jane.username, { blocked: true }), 50057],
  ["to change the password", ({ changeUser }) => changeUser(jane.username, { mustChangePassword: true }), 50055],
  ["to prove a second factor", ({ changeUser }) => changeUser(jane.username, { mfa: true }), 50076],
  ["signed out everywhere", ({ revokeSessions }) => revokeSessions(jane.username), 50173],
  ["given another password", ({ changeUser }) => changeUser(jane.username, { password: "another one" }), 50173]
]

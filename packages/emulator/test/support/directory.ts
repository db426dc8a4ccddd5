import * as Either from "effect/Either"
import type * as Directory from "../../src/directory/Directory.js"
import { defaultScenario } from "../../src/scenario/defaultScenario.js"
import type * as Scenario from "../../src/scenario/Scenario.js"
import * as Control from "../../src/state/Control.js"

/** The directory of the default scenario, but for these parts. */
export const directoryOf = (changes: Partial<Scenario.Input> = {}): Directory.Directory =>
  Either.getOrThrow(Control.readScenario({ ...defaultScenario, ...changes }))

/** What has to be in it. */
export const found = <A>(value: A | undefined): A => {
  if (value === undefined) throw new TypeError("There is no such thing.")
  return value
}

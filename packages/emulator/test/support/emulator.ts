import * as Emulator from "../../src/Emulator.js"
import { defaultScenario } from "../../src/scenario/defaultScenario.js"
import type * as Scenario from "../../src/scenario/Scenario.js"

/** The default scenario, but for these parts. */
export const emulator = (changes: Partial<Scenario.Input> = {}, seed?: string) =>
  Emulator.layerHttpClient({ scenario: { ...defaultScenario, ...changes }, seed })

/** The default scenario with changes to one application. */
export const withApp = (id: string, changes: Partial<Scenario.AppInput>, more: Partial<Scenario.Input> = {}) =>
  emulator({ ...more, apps: (defaultScenario.apps ?? []).map((app) => app.id === id ? { ...app, ...changes } : app) })

/**
 * An Entra-like identity provider for development and tests.
 */

/** A browser for tests. */
export * as Browser from "./Browser.js"

/** The emulator in process. */
export * as Emulator from "./Emulator.js"

/** What goes wrong, for which requests. */
export * as Fault from "./scenario/Fault.js"

/** Who and what an emulator knows. */
export * as Scenario from "./scenario/Scenario.js"

/** What is wrong with a scenario. */
export { InvalidScenario } from "./scenario/InvalidScenario.js"

/** Whom and what an emulator knows unless told otherwise. */
export * as DefaultScenario from "./scenario/defaultScenario.js"

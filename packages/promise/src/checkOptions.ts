/**
 * Options may come from a file or the environment: what core takes on trust of them is checked here.
 */
import { InvalidConfiguration } from "./AuthError/Call.js"
import type { PublicClientOptions } from "./Options.js"

const expected: ReadonlyArray<readonly [keyof PublicClientOptions, (value: unknown) => boolean, string]> = [
  ["authority", (value) => typeof value === "string", "a string"],
  ["issuer", (value) => typeof value === "string", "a string"],
  [
    "knownAuthorities",
    (value) => Array.isArray(value) && value.every((host) => typeof host === "string"),
    "an array of strings"
  ],
  ["clockSkew", (value) => typeof value === "number" && value >= 0, "a number of milliseconds, 0 or more"],
  ["requestTimeout", (value) => typeof value === "number" && value > 0, "a number of milliseconds, more than 0"],
  ["idTokenSigningAlgorithms", Array.isArray, "an array of strings"],
  ["allowInsecureLoopback", (value) => typeof value === "boolean", "true or false"],
  ["fetch", (value) => typeof value === "function", "a function"]
]

/** The options as they are; throws `InvalidConfiguration` where one is of the wrong kind. */
export const checkOptions = (options: PublicClientOptions): PublicClientOptions => {
  if (typeof options !== "object" || options === null) {
    throw new InvalidConfiguration({ option: "options", message: "An application takes one object of options." })
  }
  for (const [option, isRight, kind] of expected) {
    if (options[option] !== undefined && !isRight(options[option])) {
      throw new InvalidConfiguration({ option, message: `${option} has to be ${kind}.` })
    }
  }
  return options
}

/**
 * Options may come from a file or the environment: what core takes on trust of them is checked here.
 */
import { InvalidConfiguration } from "./AuthError/Call.js"
import type { Credential } from "./Credential.js"
import type { PublicClientOptions } from "./Options.js"

const expected: ReadonlyArray<readonly [keyof PublicClientOptions, (value: unknown) => boolean, string]> = [
  ["authority", (value) => typeof value === "string", "a string"],
  ["issuer", (value) => typeof value === "string", "a string"],
  [
    "knownAuthorities",
    (value) => Array.isArray(value) && value.every((host) => typeof host === "string"),
    "an array of strings"
  ],
  [
    "instanceDiscovery",
    (value) => typeof value === "boolean" || typeof value === "string",
    "true, false, or the https address of a service that knows Microsoft's hosts"
  ],
  ["metadata", (value) => typeof value === "object" && value !== null, "an object, as an openid-configuration has it"],
  [
    "allowedTenants",
    (value) => typeof value === "function" || Array.isArray(value),
    "an array of tenant ids, or a function of one"
  ],
  ["clientCapabilities", Array.isArray, "an array of strings"],
  ["proactiveRefresh", (value) => typeof value === "string", "background, wait or off"],
  ["extendedLifetime", (value) => typeof value === "boolean", "true or false"],
  ["retry", (value) => typeof value === "boolean", "true or false"],
  ["repeatRefusals", (value) => typeof value === "number" && value >= 0, "a number of seconds, 0 or more"],
  ["telemetry", (value) => typeof value === "boolean", "true or false"],
  ["applicationName", (value) => typeof value === "string", "a string"],
  ["applicationVersion", (value) => typeof value === "string", "a string"],
  ["clockSkew", (value) => typeof value === "number" && value >= 0, "a number of seconds, 0 or more"],
  ["requestTimeout", (value) => typeof value === "number" && value > 0, "a number of seconds, more than 0"],
  ["maximumResponseSize", (value) => typeof value === "number", "a number of bytes"],
  ["idTokenSigningAlgorithms", Array.isArray, "an array of strings"],
  ["allowInsecureLoopback", (value) => typeof value === "boolean", "true or false"],
  ["tokenCache", (value) => typeof value === "object" && value !== null, "an object with memory, file or redis"],
  ["fetch", (value) => typeof value === "function", "a function"]
]

const ofCredential: ReadonlyArray<string> = [
  "clientSecret",
  "clientAuthenticationMethod",
  "clientCertificate",
  "clientSigner",
  "clientAssertion",
  "reuseClientAssertion",
  "clientClaims"
] satisfies ReadonlyArray<keyof Credential>

const known: ReadonlyArray<string> = [
  "clientId",
  "dispatcher",
  ...expected.map(([option]) => option)
]

/** The options as they are; throws `InvalidConfiguration` where one is unknown or of the wrong kind. */
export const checkOptions = (options: PublicClientOptions, isConfidential: boolean): PublicClientOptions => {
  if (typeof options !== "object" || options === null) {
    throw new InvalidConfiguration({ option: "options", message: "An application takes one object of options." })
  }
  for (const option of Object.keys(options)) {
    if (!isConfidential && ofCredential.includes(option)) {
      throw new InvalidConfiguration({ option, message: `${option} is for a ConfidentialClientApplication.` })
    }
    if (!known.includes(option) && !ofCredential.includes(option)) {
      throw new InvalidConfiguration({
        option,
        message: `${option} is no option. The options are ${
          [...known, ...(isConfidential ? ofCredential : [])].join(", ")
        }.`
      })
    }
  }
  for (const [option, isRight, kind] of expected) {
    if (options[option] !== undefined && !isRight(options[option])) {
      throw new InvalidConfiguration({ option, message: `${option} has to be ${kind}.` })
    }
  }
  return options
}

#!/usr/bin/env node
/**
 * `grantwork-emulator`: the emulator as a command.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { randomUUID } from "node:crypto"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { dirname, resolve } from "node:path"
import { parseArgs } from "node:util"
import * as ScenarioFile from "./directory/ScenarioFile.js"
import * as EmulatorServer from "./EmulatorServer.js"
import * as Origin from "./http/Origin.js"
import { defaultScenario } from "./scenario/defaultScenario.js"
import { type Input, Scenario } from "./scenario/Scenario.js"

const usage = `Usage: grantwork-emulator [options]

  --port <number>      port to listen at; 8443 by default, 0 for any free one
  --host <address>     address to listen at; loopback by default
  --scenario <file>    tenants, users, applications, policies and faults, in JSON
  --ca-out <file>      where to write the certificate that clients have to trust
  --seed <text>        the same seed and the same requests bring the same tokens
  --help               shows this text`

/** What is wrong, told without a stack. */
class Complaint extends Data.TaggedError("Complaint")<{ readonly message: string }> {}

const reasonOf = (error: unknown): string => error instanceof Error ? error.message : String(error)

const attempt = <A>(what: string, run: () => A | Promise<A>) =>
  Effect.tryPromise({
    try: async () => run(),
    catch: (error) => new Complaint({ message: `${what}${reasonOf(error)}` })
  })

const readArguments = attempt("", () =>
  parseArgs({
    options: {
      port: { type: "string", default: "8443" },
      host: { type: "string", default: "127.0.0.1" },
      scenario: { type: "string" },
      "ca-out": { type: "string" },
      seed: { type: "string" },
      help: { type: "boolean", default: false }
    }
  }).values).pipe(Effect.mapError(({ message }) => new Complaint({ message: `${message}\n\n${usage}` })))

const readPort = (text: string) =>
  /^\d{1,5}$/.test(text) && Number(text) <= 65_535
    ? Effect.succeed(Number(text))
    : Effect.fail(new Complaint({ message: `--port has to be a number from 0 to 65535, not ${text}.` }))

const readHost = (text: string) => {
  const host = text.replace(/^\[(.*)\]$/, "$1")
  return Origin.make(host, 0) === undefined
    ? Effect.fail(new Complaint({ message: "--host has to be an address or a name of this machine." }))
    : Effect.succeed(host)
}

const readScenario = (file: string | undefined) =>
  file === undefined ? Effect.succeed(defaultScenario) : Effect.gen(function*() {
    const text = yield* attempt("The scenario cannot be read: ", () => readFile(file, "utf8"))
    const scenario = yield* ScenarioFile.parse(text, file)
    return Schema.encodeSync(Scenario)(scenario)
  })

const banner = (
  origin: string,
  { apps = [], tenants, users = [] }: Input,
  { caFile, host }: { readonly caFile: string | undefined; readonly host: string }
): string => {
  const list = (lines: ReadonlyArray<string>) => lines.join("\n            ")
  return `Grantwork emulator, for development and tests. Not for production: its signing keys are published.
${Origin.isLoopback(host) ? "" : `\nWARNING: it listens at ${host}. Whoever reaches it can sign in as anybody.\n`}
  pages     ${origin}
  requests  ${origin}/_emulator/requests
  tenants   ${list(tenants.map(({ domains: [domain] }) => `${origin}/${domain}`))}
  people    ${list(users.map(({ password, username }) => `${username}, password "${password}"`))}
  clients   ${list(apps.map(({ id, name }) => `${id}, ${name}`))}
${caFile === undefined ? "" : `\nLet Node trust it, anew after each start:\n\n  export NODE_EXTRA_CA_CERTS=${caFile}\n`}
Stop it with Ctrl+C.`
}

const program = Effect.gen(function*() {
  const { "ca-out": caOut, help, port, scenario: scenarioFile, seed = randomUUID(), ...flags } = yield* readArguments
  if (help) return yield* Console.log(usage)
  const host = yield* readHost(flags.host)
  const scenario = yield* readScenario(scenarioFile)
  const caFile = caOut === undefined ? undefined : resolve(caOut)
  const announced = Layer.effectDiscard(Effect.gen(function*() {
    const { caCertificate, origin } = yield* EmulatorServer.EmulatorServer
    if (caFile !== undefined) {
      yield* attempt("--ca-out cannot be written: ", async () => {
        await mkdir(dirname(caFile), { recursive: true })
        await writeFile(caFile, caCertificate)
      })
    }
    yield* Console.log(banner(origin, scenario, { caFile, host }))
  }))
  return yield* Layer.launch(
    Layer.provide(announced, EmulatorServer.layer({ host, port: yield* readPort(port), scenario, seed }))
  ).pipe(
    Effect.catchTag(
      "ServeError",
      ({ cause }) =>
        Effect.fail(
          new Complaint({ message: `Port ${port} cannot be used: ${reasonOf(cause)}. Pass another: --port 8444` })
        )
    )
  )
})

NodeRuntime.runMain(
  Effect.catchAll(
    program,
    ({ message }) => Effect.zipRight(Console.error(message), Effect.sync(() => void (process.exitCode = 2)))
  ),
  { disableErrorReporting: false }
)

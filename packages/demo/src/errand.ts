import * as Schema from "effect/Schema"
import { spawn } from "node:child_process"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import type { Cache, Registration } from "./Setting.js"

/** What a process of its own is sent for: a token of somebody who has signed in elsewhere. */
export interface Errand {
  readonly registration: Registration
  readonly caCertificate: string
  readonly cache: Cache
  readonly username: string
  readonly scope: string
}

const Source = Schema.Literal("cache", "identity-provider")
const decodeSource = Schema.decodeUnknownSync(Source)

/** Runs a program in a process of its own, and tells where it got the token from. */
export const send = async (program: URL, errand: Errand): Promise<typeof Source.Type> => {
  const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(program)], {
    stdio: ["pipe", "pipe", "inherit"]
  })
  child.stdin.end(JSON.stringify(errand))
  return decodeSource((await text(child.stdout)).trim())
}

const decodeErrand = Schema.decodeUnknownSync(
  Schema.parseJson(Schema.Struct({
    registration: Schema.Struct({
      clientId: Schema.String,
      authority: Schema.optionalWith(Schema.String, { exact: true }),
      knownAuthorities: Schema.optionalWith(Schema.Array(Schema.String), { exact: true }),
      issuer: Schema.optionalWith(Schema.String, { exact: true }),
      clientCapabilities: Schema.optionalWith(Schema.Array(Schema.String), { exact: true })
    }),
    caCertificate: Schema.String,
    cache: Schema.Union(
      Schema.Struct({ kind: Schema.Literal("memory") }),
      Schema.Struct({ kind: Schema.Literal("file"), path: Schema.String }),
      Schema.Struct({ kind: Schema.Literal("redis"), url: Schema.String })
    ),
    username: Schema.String,
    scope: Schema.String
  }))
)

/** What this process is sent for. */
export const receive = async (): Promise<Errand> => decodeErrand(await text(process.stdin))

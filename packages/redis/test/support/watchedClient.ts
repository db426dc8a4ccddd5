import * as Effect from "effect/Effect"
import type { Client } from "../../src/index.js"
import * as Scripts from "../../src/Scripts.js"

export type CommandName = keyof Client.Commands | keyof typeof Scripts

export interface Watched {
  readonly client: Client.Client
  /** What was asked of the client, scripts by their own names. */
  readonly sent: ReadonlyArray<CommandName>
}

const scriptNames = new Map<unknown, CommandName>([
  [Scripts.replace, "replace"],
  [Scripts.remove, "remove"],
  [Scripts.enlist, "enlist"],
  [Scripts.extend, "extend"],
  [Scripts.release, "release"]
])

/** Runs something before each command goes on to the client. */
export const watched = (
  client: Client.Client,
  before: (command: CommandName) => Effect.Effect<unknown> = () => Effect.void
): Watched => {
  const sent: Array<CommandName> = []
  const pass = <Arguments extends ReadonlyArray<unknown>, A>(
    name: CommandName,
    command: (...words: Arguments) => Promise<A>
  ) =>
  async (...words: Arguments): Promise<A> => {
    const known = name === "eval" ? scriptNames.get(words[0]) ?? name : name
    sent.push(known)
    await Effect.runPromise(before(known))
    return command(...words)
  }
  return {
    sent,
    client: {
      ...client.duplicate && { duplicate: () => client.duplicate?.() ?? never() },
      withCommandOptions: (options) => {
        const commands = client.withCommandOptions(options)
        return {
          get: pass("get", (key) => commands.get(key)),
          set: pass("set", (key, value, options) => commands.set(key, value, options)),
          eval: pass("eval", (script, options) => commands.eval(script, options)),
          zRangeByScore: pass("zRangeByScore", (key, min, max) => commands.zRangeByScore(key, min, max)),
          zRem: pass("zRem", (key, member) => commands.zRem(key, member))
        }
      }
    }
  }
}

const never = () => {
  throw new Error("This client cannot be duplicated.")
}

import type { Client } from "../../src/index.js"
import * as Scripts from "../../src/Scripts.js"
import { type CommandName, watched } from "./watchedClient.js"

/**
 * - `well`: does what it is asked
 * - `silent`: does nothing and says nothing
 * - `mute`: does what it is asked to write, and says nothing of it
 * - `contended`: another server is always faster
 */
export type Mood = "well" | "silent" | "mute" | "contended" | { readonly rejects: string }

export interface ScriptedRedis {
  readonly client: Client.Client
  readonly sent: ReadonlyArray<CommandName>
  /** What the client is told of commands. */
  readonly options: ReadonlyArray<unknown>
  readonly mood: (mood: Mood) => void
}

/** A Redis in memory that holds one partition, and has moods. */
export const scriptedRedis = (initial: Mood): ScriptedRedis => {
  let mood = initial
  let held: string | null = null
  const options: Array<unknown> = []

  const answer = (doIt: () => unknown, isWrite = false): Promise<unknown> => {
    if (typeof mood === "object") return Promise.reject(new Error(mood.rejects))
    if (mood === "silent") return new Promise(() => {})
    const reply = doIt()
    return mood === "mute" && isWrite ? new Promise(() => {}) : Promise.resolve(reply)
  }

  const run = (script: string, [version = "", value = ""]: ReadonlyArray<string>): number => {
    if (script !== Scripts.replace && script !== Scripts.remove) return 1
    if (mood === "contended" || version !== (held ?? "").slice(0, 22)) return 0
    held = value
    return 1
  }

  const commands: Client.Commands = {
    get: () => answer(() => held),
    set: () => answer(() => "OK", true),
    eval: (script, { arguments: words }) => answer(() => run(script, words), script === Scripts.replace),
    zRangeByScore: () => answer(() => []),
    zRem: () => answer(() => 1)
  }
  const { client, sent } = watched({
    withCommandOptions: (given) => {
      options.push(given)
      return commands
    }
  })
  return {
    client,
    sent,
    options,
    mood: (next) => {
      mood = next
    }
  }
}

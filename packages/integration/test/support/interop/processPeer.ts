import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import type { Application, Peer } from "./Peer.js"

/** What the process failed with. */
class Raised extends Error {
  override readonly name = "Raised"
}

interface Answer {
  readonly result?: unknown
  readonly raised?: string
}

/** A library in a process of its own: a line of JSON for each call, and one for what came of it. */
export const processPeer = (command: string, parameters: ReadonlyArray<string>): Peer => {
  const child = spawn(command, parameters, { stdio: ["pipe", "pipe", "inherit"] })
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  let count = 0

  const ask = async (call: Readonly<Record<string, unknown>>): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(call)}\n`)
    const { done, value } = await answers.next()
    if (done === true) throw new Error(`${command} has ended.`)
    const answer: Answer = JSON.parse(value)
    if (answer.raised !== undefined) throw new Raised(answer.raised)
    return answer.result
  }

  const askText = async (call: Readonly<Record<string, unknown>>): Promise<string> => {
    const result = await ask(call)
    if (typeof result !== "string") throw new Error(`${command} answered ${JSON.stringify(result)}.`)
    return result
  }

  return {
    start: async (registration) => {
      const app = `application ${count++}`
      await ask({ do: "start", app, ...registration })
      return {
        signIn: ({ password, username }, scopes) => askText({ do: "signIn", app, username, password, scopes }),
        accounts: async () => {
          const listed = await ask({ do: "accounts", app })
          return Array.isArray(listed) ? listed.map(String) : []
        },
        silent: (username, scopes, refresh) =>
          askText({ do: "silent", app, username, scopes, refresh: refresh === "refresh" }),
        remove: async (username) => {
          await ask({ do: "remove", app, username })
        },
        ownToken: (scopes) => askText({ do: "ownToken", app, scopes })
      } satisfies Application
    },
    close: async () => {
      const ended = once(child, "close")
      child.stdin.end()
      await ended
    }
  }
}

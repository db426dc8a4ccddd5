import { fork } from "node:child_process"
import { once } from "node:events"

/**
 * Starts the token server, and gives where it is, how many token requests it has had, and how to stop it. It has signed
 * the ID tokens of so many accounts before it answers.
 */
export const startTokenServer = async (accounts: number) => {
  const server = fork(new URL("./tokenServer.ts", import.meta.url), [String(accounts)])
  const port = await new Promise<number>((resolve) => server.once("message", (message) => resolve(Number(message))))
  const origin = `http://127.0.0.1:${port}`
  return {
    origin,
    tokenRequests: async () => {
      const response = await fetch(`${origin}/count`)
      return Number(await response.text())
    },
    close: async () => {
      const exited = once(server, "exit")
      server.disconnect()
      await exited
    }
  }
}

import type { Tokens } from "./chapters.js"
import { send } from "./errand.js"
import type { Cache, MicrosoftSetting, Setting } from "./Setting.js"

/** What came of it when two processes asked for one token at the same time. */
export interface Shared {
  readonly sources: ReadonlyArray<Tokens["source"]>
  readonly refreshes: number
}

/** Sends two processes for a token that nobody has yet. */
export const askTwice = async (
  program: URL,
  { caCertificate, kim: { username }, registration }: Setting,
  { otherScope: scope, refreshes }: MicrosoftSetting,
  cache: Cache
): Promise<Shared> => {
  const before = await refreshes()
  const errand = { registration, caCertificate, cache, username, scope }
  const sources = await Promise.all([send(program, errand), send(program, errand)])
  return { sources, refreshes: await refreshes() - before }
}

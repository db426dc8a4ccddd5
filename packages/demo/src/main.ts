import { parseArgs } from "node:util"
import { tellInEffect } from "./effect/tellStory.js"
import { startMicrosoftEmulator } from "./emulator.js"
import { heading } from "./narrate.js"
import { startOidcProvider } from "./oidcProvider.js"
import { tellInPromises } from "./promise/tellStory.js"
import type { Setting } from "./Setting.js"

const usage = `Usage: npm run demo [-- --server emulator|oidc-provider] [--only effect|promise]`

type Telling = (setting: Setting) => Promise<void>

const tellings: ReadonlyArray<{ readonly name: string; readonly title: string; readonly tell: Telling }> = [
  { name: "effect", title: "Told in Effect", tell: tellInEffect },
  { name: "promise", title: "Told in promises", tell: tellInPromises }
]

const servers: ReadonlyMap<string, () => Promise<Setting>> = new Map([
  ["emulator", startMicrosoftEmulator],
  ["oidc-provider", startOidcProvider]
])

const choose = () => {
  try {
    const { only, server } = parseArgs({
      options: { only: { type: "string" }, server: { type: "string", default: "emulator" } }
    }).values
    return { start: servers.get(server), told: tellings.filter(({ name }) => only === undefined || name === only) }
  } catch {
    return { start: undefined, told: [] }
  }
}

const main = async (): Promise<number> => {
  const { start, told } = choose()
  if (start === undefined || told.length === 0) {
    console.error(usage)
    return 2
  }
  let failures = 0
  for (const { tell, title } of told) {
    // Each telling begins with a provider that knows nothing of the one before.
    await using setting = await start()
    console.log(heading(`${title}, at ${setting.address}`))
    try {
      await tell(setting)
    } catch (error) {
      failures++
      console.error(`\nFAILED: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return failures === 0 ? 0 : 1
}

process.exitCode = await main()

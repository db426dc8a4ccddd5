import { parseArgs } from "node:util"
import { tellInEffect } from "./effect.js"
import { heading } from "./narrate.js"
import { tellInPromises } from "./promise.js"
import { type Setting, startServer } from "./server.js"

const usage = `Usage: npm run demo [-- --only effect|promise]`

type Telling = (setting: Setting) => Promise<void>

const tellings: ReadonlyArray<{ readonly name: string; readonly title: string; readonly tell: Telling }> = [
  { name: "effect", title: "Told in Effect", tell: tellInEffect },
  { name: "promise", title: "Told in promises", tell: tellInPromises }
]

const chosen = () => {
  try {
    const { only } = parseArgs({ options: { only: { type: "string" } } }).values
    return tellings.filter(({ name }) => only === undefined || name === only)
  } catch {
    return []
  }
}

const main = async (): Promise<number> => {
  const told = chosen()
  if (told.length === 0) {
    console.error(usage)
    return 2
  }
  await using setting = await startServer()
  let failures = 0
  for (const { tell, title } of told) {
    console.log(heading(`${title}, at ${setting.issuer}`))
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

import { parseArgs } from "node:util"
import { caches } from "./caches.js"
import { tellInEffect } from "./effect/tellStory.js"
import { startMicrosoftEmulator } from "./emulator.js"
import { heading } from "./narrate.js"
import { startOidcProvider } from "./oidcProvider.js"
import { tellInPromises } from "./promise/tellStory.js"
import type { Cache, Setting } from "./Setting.js"

const usage =
  `Usage: npm run demo [-- --server emulator|oidc-provider] [--cache memory|file|redis] [--only effect|promise]`

type Telling = (setting: Setting, cache: Cache) => Promise<void>

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
    const { cache, only, server } = parseArgs({
      options: {
        cache: { type: "string", default: "memory" },
        only: { type: "string" },
        server: { type: "string", default: "emulator" }
      }
    }).values
    return {
      open: caches.get(cache),
      start: servers.get(server),
      told: tellings.filter(({ name }) => only === undefined || name === only)
    }
  } catch {
    return { open: undefined, start: undefined, told: [] }
  }
}

const placeOf = (cache: Cache): string => {
  switch (cache.kind) {
    case "memory":
      return "memory"
    case "file":
      return cache.path
    case "redis":
      return new URL(cache.url).host
  }
}

const main = async (): Promise<number> => {
  const { open, start, told } = choose()
  if (open === undefined || start === undefined || told.length === 0) {
    console.error(usage)
    return 2
  }
  let failures = 0
  for (const { tell, title } of told) {
    // Each telling begins with a provider that knows nothing of the one before.
    await using setting = await start()
    await using place = await open()
    console.log(heading(`${title}, at ${setting.address}, tokens in ${placeOf(place.cache)}`))
    try {
      await tell(setting, place.cache)
    } catch (error) {
      failures++
      console.error(`\nFAILED: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return failures === 0 ? 0 : 1
}

process.exitCode = await main()

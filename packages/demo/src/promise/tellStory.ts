import { PublicClientApplication } from "@grantwork/promise"
import { Agent } from "undici"
import { sharedChapter } from "../chapters.js"
import type { Cache, Setting } from "../Setting.js"
import { askTwice } from "../sharedStory.js"
import { tellMainStory } from "./mainStory.js"
import { tellMicrosoftStory } from "./microsoftStory.js"
import { shared } from "./tellChapter.js"
import { openTokenCache } from "./tokenCache.js"

/** The story in promises: grants are methods, and no Effect is in sight. */
export const tellInPromises = async (setting: Setting, cache: Cache): Promise<void> => {
  const { caCertificate, microsoft, registration } = setting
  const dispatcher = new Agent({ connect: { ca: caCertificate } })
  const { close, tokenCache } = await openTokenCache(cache)
  const app = new PublicClientApplication({ ...registration, dispatcher, tokenCache })
  const askingApp = new PublicClientApplication({
    ...registration,
    ...microsoft?.askingRegistration,
    dispatcher,
    tokenCache
  })
  try {
    await tellMainStory(app, setting)
    if (microsoft !== undefined) {
      await tellMicrosoftStory({ app, askingApp, dispatcher }, setting, microsoft)
      if (cache.kind !== "memory") {
        const errand = new URL("./errand.ts", import.meta.url)
        await shared(sharedChapter(setting), () => askTwice(errand, setting, microsoft, cache))
      }
    }
  } finally {
    await Promise.all([app.dispose(), askingApp.dispose()])
    close()
    await dispatcher.close()
  }
}

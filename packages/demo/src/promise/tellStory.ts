import { ConfidentialClientApplication, PublicClientApplication } from "@grantwork/promise"
import { Agent } from "undici"
import { sharedChapter } from "../chapters.js"
import type { Cache, MicrosoftSetting, Registration, Setting } from "../Setting.js"
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
  const open: Array<PublicClientApplication | ConfidentialClientApplication> = []
  const application = (registration: Registration) => {
    const app = new PublicClientApplication({ ...registration, dispatcher, tokenCache })
    open.push(app)
    return app
  }
  const daemonOf = ({ daemon, daemonCertificate: clientCertificate }: MicrosoftSetting) => {
    const app = new ConfidentialClientApplication({ ...daemon, clientCertificate, dispatcher, tokenCache })
    open.push(app)
    return app
  }
  try {
    const app = application(registration)
    await tellMainStory(app, setting)
    if (microsoft !== undefined) {
      const { askingRegistration, family: [member, sibling] } = microsoft
      const cast = {
        app,
        askingApp: application(askingRegistration),
        family: [application(member), application(sibling)] as const,
        daemon: daemonOf(microsoft),
        dispatcher
      }
      await tellMicrosoftStory(cast, setting, microsoft)
      if (cache.kind !== "memory") {
        const errand = new URL("./errand.ts", import.meta.url)
        await shared(sharedChapter(setting), () => askTwice(errand, setting, microsoft, cache))
      }
    }
  } finally {
    await Promise.all(open.map((app) => app.dispose()))
    close()
    await dispatcher.close()
  }
}

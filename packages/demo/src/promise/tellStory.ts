import { PublicClientApplication } from "@grantwork/promise"
import { Agent } from "undici"
import type { Setting } from "../Setting.js"
import { tellMainStory } from "./mainStory.js"
import { tellMicrosoftStory } from "./microsoftStory.js"

/** The story in promises: grants are methods, and no Effect is in sight. */
export const tellInPromises = async (setting: Setting): Promise<void> => {
  const { caCertificate, microsoft, registration } = setting
  const dispatcher = new Agent({ connect: { ca: caCertificate } })
  const app = new PublicClientApplication({ ...registration, dispatcher })
  const askingApp = new PublicClientApplication({ ...registration, ...microsoft?.askingRegistration, dispatcher })
  try {
    await tellMainStory(app, setting)
    if (microsoft !== undefined) await tellMicrosoftStory({ app, askingApp, dispatcher }, setting, microsoft)
  } finally {
    await Promise.all([app.dispose(), askingApp.dispose()])
    await dispatcher.close()
  }
}

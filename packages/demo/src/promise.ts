import { PublicClientApplication } from "@grantwork/promise"
import { Agent } from "undici"
import { chapters } from "./chapters.js"
import type { Setting } from "./server.js"
import { granted, listed, refused } from "./tellInPromises.js"

const scopes = ["read"]

const story = async (app: PublicClientApplication, setting: Setting): Promise<void> => {
  const { browse, jane, kimsRefreshToken, redirectUri, sam } = setting

  const account = await granted(chapters.browser, async () => {
    const flow = await app.initiateAuthCodeFlow({ scopes, redirectUri, prompt: "consent" })
    const authResponse = await browse(flow.authorizationUrl, jane)
    return app.acquireTokenByAuthCodeFlow({ flow, authResponse })
  })
  await granted(chapters.cached, () => app.acquireTokenSilentWithError({ scopes, account }))
  await granted(chapters.refreshed, () => app.acquireTokenSilentWithError({ scopes, account, forceRefresh: true }))
  await granted(chapters.rotated, () => app.acquireTokenSilentWithError({ scopes, account, forceRefresh: true }))

  const { password, username } = sam
  await granted(chapters.password, () => app.acquireTokenByUsernamePassword({ username, password, scopes }))

  const refreshToken = await kimsRefreshToken()
  await granted(chapters.imported, () => app.acquireTokenByRefreshToken({ refreshToken, scopes }))

  await listed(chapters.accounts, () => app.getAccounts())

  await refused(
    chapters.wrongPassword,
    () => app.acquireTokenByUsernamePassword({ username, password: "wrong", scopes })
  )

  await refused(chapters.deniedConsent, async () => {
    const flow = await app.initiateAuthCodeFlow({ scopes, redirectUri, prompt: "consent" })
    const authResponse = await browse(flow.authorizationUrl, jane, "deny")
    return app.acquireTokenByAuthCodeFlow({ flow, authResponse })
  })

  await refused(chapters.tamperedState, async () => {
    const flow = await app.initiateAuthCodeFlow({ scopes, redirectUri, prompt: "consent" })
    const authResponse = await browse(flow.authorizationUrl, jane)
    authResponse.set("state", "tampered")
    return app.acquireTokenByAuthCodeFlow({ flow, authResponse })
  })

  await listed(chapters.removed, async () => {
    await app.removeAccount({ account })
    return app.getAccounts()
  })
  await refused(chapters.silentNoMore, () => app.acquireTokenSilentWithError({ scopes, account }))
}

/** The story in promises: grants are methods, and no Effect is in sight. */
export const tellInPromises = async (setting: Setting): Promise<void> => {
  const { caCertificate, clientId, issuer } = setting
  const dispatcher = new Agent({ connect: { ca: caCertificate } })
  const app = new PublicClientApplication({ clientId, issuer, dispatcher })
  try {
    await story(app, setting)
  } finally {
    await app.dispose()
    await dispatcher.close()
  }
}

import type { PublicClientApplication } from "@grantwork/promise"
import { chapters } from "../chapters.js"
import type { Setting } from "../Setting.js"
import { granted, listed, refused } from "./tellChapter.js"

/** What every provider can do. */
export const tellMainStory = async (app: PublicClientApplication, setting: Setting): Promise<void> => {
  const { browse, jane, kimsRefreshToken, redirectUri, sam } = setting
  const chapter = chapters(setting)
  const scopes = [setting.scope]

  const account = await granted(chapter.browser, async () => {
    const flow = await app.initiateAuthCodeFlow({ scopes, redirectUri, prompt: "consent" })
    const authResponse = await browse(flow.authorizationUrl, jane)
    return app.acquireTokenByAuthCodeFlow({ flow, authResponse })
  })
  await granted(chapter.cached, () => app.acquireTokenSilentWithError({ scopes, account }))
  await granted(chapter.refreshed, () => app.acquireTokenSilentWithError({ scopes, account, forceRefresh: true }))
  await granted(chapter.rotated, () => app.acquireTokenSilentWithError({ scopes, account, forceRefresh: true }))

  const { password, username } = sam
  await granted(chapter.password, () => app.acquireTokenByUsernamePassword({ username, password, scopes }))

  const refreshToken = await kimsRefreshToken()
  await granted(chapter.imported, () => app.acquireTokenByRefreshToken({ refreshToken, scopes }))

  await listed(chapter.accounts, () => app.getAccounts())

  await refused(
    chapter.wrongPassword,
    () => app.acquireTokenByUsernamePassword({ username, password: "not his password", scopes })
  )

  await refused(chapter.deniedConsent, async () => {
    const flow = await app.initiateAuthCodeFlow({ scopes, redirectUri, prompt: "consent" })
    const authResponse = await browse(flow.authorizationUrl, jane, "deny")
    return app.acquireTokenByAuthCodeFlow({ flow, authResponse })
  })

  await refused(chapter.tamperedState, async () => {
    const flow = await app.initiateAuthCodeFlow({ scopes, redirectUri, prompt: "consent" })
    const authResponse = await browse(flow.authorizationUrl, jane)
    authResponse.set("state", "tampered")
    return app.acquireTokenByAuthCodeFlow({ flow, authResponse })
  })

  await listed(chapter.removed, async () => {
    await app.removeAccount({ account })
    return app.getAccounts()
  })
  await refused(chapter.silentNoMore, () => app.acquireTokenSilentWithError({ scopes, account }))
}

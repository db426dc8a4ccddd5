import { type Account, InteractionRequired, type PublicClientApplication } from "@grantwork/promise"
import { type Dispatcher, fetch } from "undici"
import { microsoftChapters } from "../chapters.js"
import { claimsChallenge } from "../claimsChallenge.js"
import type { MicrosoftSetting, Person, Setting } from "../Setting.js"
import { answered, granted, listed, refused } from "./tellChapter.js"

const meetsChallenges = JSON.stringify({ access_token: { xms_cc: { values: ["cp1"] } } })

/** The applications of the story, and the way to the API. */
export interface Cast {
  readonly app: PublicClientApplication
  /** Asks people for consent. */
  readonly askingApp: PublicClientApplication
  readonly dispatcher: Dispatcher
}

/** What Microsoft's platform does besides. */
export const tellMicrosoftStory = async (
  { app, askingApp, dispatcher }: Cast,
  setting: Setting,
  microsoft: MicrosoftSetting
): Promise<void> => {
  const { browse, jane, redirectUri, sam } = setting
  const { demandNewerToken, mia, otherTenant, profileAddress } = microsoft
  const chapter = microsoftChapters(setting, microsoft)
  const scopes = [setting.scope]

  const interactively = async (client: PublicClientApplication, person: Person, claims?: string) => {
    const { username: loginHint } = person
    const flow = await client.initiateAuthCodeFlow({ scopes, redirectUri, loginHint, claims })
    const authResponse = await browse(flow.authorizationUrl, person)
    return client.acquireTokenByAuthCodeFlow({ flow, authResponse })
  }
  const byPassword = (client: PublicClientApplication, { password, username }: Person) =>
    client.acquireTokenByUsernamePassword({ username, password, scopes })
  const profile = async (account: Account) => {
    const { accessToken } = await app.acquireTokenSilentWithError({ scopes, account })
    const { headers, status } = await fetch(profileAddress, {
      dispatcher,
      headers: { authorization: `Bearer ${accessToken}` }
    })
    return { status, claims: claimsChallenge(headers.get("www-authenticate")) }
  }

  await refused(chapter.consentMissing, () => byPassword(askingApp, sam))
  await granted(chapter.consentGiven, () => interactively(askingApp, sam))

  const demand = await refused(chapter.mfaDemanded, () => byPassword(app, mia))
  const secondFactor = demand instanceof InteractionRequired ? demand.claims : undefined
  await granted(chapter.mfaMet, () => interactively(app, mia, secondFactor))

  const account = await granted(chapter.capable, () => interactively(app, jane, meetsChallenges))
  await answered(chapter.profile, () => profile(account))
  await demandNewerToken(jane)
  const claims = await answered(chapter.challenge, () => profile(account))
  await granted(chapter.challengeMet, () => app.acquireTokenSilentWithError({ scopes, account, claims }))
  await answered(chapter.profileAgain, () => profile(account))

  const [guest] = await app.getAccounts({ username: sam.username })
  await granted(
    chapter.guest,
    () => app.acquireTokenSilentWithError({ scopes, account: guest, authority: otherTenant })
  )
  await listed(chapter.bothTenants, () => app.getAccounts())
}

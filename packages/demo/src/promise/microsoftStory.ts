import {
  type Account,
  claimsChallenge,
  type ConfidentialClientApplication,
  InteractionRequired,
  type PublicClientApplication
} from "@grantwork/promise"
import { type Dispatcher, fetch } from "undici"
import { microsoftChapters } from "../chapters.js"
import type { MicrosoftSetting, Person, Setting } from "../Setting.js"
import { answered, granted, issued, listed, refused } from "./tellChapter.js"

/** The applications of the story, and the way to the API. */
export interface Cast {
  readonly app: PublicClientApplication
  /** Asks people for consent. */
  readonly askingApp: PublicClientApplication
  /** Share refresh tokens. */
  readonly family: readonly [PublicClientApplication, PublicClientApplication]
  readonly daemon: ConfidentialClientApplication
  readonly dispatcher: Dispatcher
}

/** What Microsoft's platform does besides. */
export const tellMicrosoftStory = async (
  { app, askingApp, daemon, dispatcher, family }: Cast,
  setting: Setting,
  microsoft: MicrosoftSetting
): Promise<void> => {
  const { browse, jane, redirectUri, sam } = setting
  const { daemonScope, demandNewerToken, mia, otherTenant, profileAddress } = microsoft
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
  const get = async (account: Account, claims?: string) => {
    const { accessToken } = await app.acquireTokenSilentWithError({ scopes, account, claims })
    return fetch(profileAddress, { dispatcher, headers: { authorization: `Bearer ${accessToken}` } })
  }
  const prove = async (account: Account) => {
    const authScheme = { method: "GET", url: profileAddress } as const
    const { accessToken } = await app.acquireTokenSilentWithError({ scopes, account, authScheme })
    return fetch(profileAddress, { dispatcher, headers: { authorization: `PoP ${accessToken}` } })
  }
  const profile = async (account: Account) => {
    const first = await get(account)
    const claims = claimsChallenge(first.headers.get("www-authenticate"))
    const { status } = claims === undefined ? first : await get(account, claims)
    return { status }
  }

  await refused(chapter.consentMissing, () => byPassword(askingApp, sam))
  await granted(chapter.consentGiven, () => interactively(askingApp, sam))

  const demand = await refused(chapter.mfaDemanded, () => byPassword(app, mia))
  const secondFactor = demand instanceof InteractionRequired ? demand.claims : undefined
  await granted(chapter.mfaMet, () => interactively(app, mia, secondFactor))

  const account = await granted(chapter.signedInAgain, () => interactively(app, jane))
  await answered(chapter.profile, () => profile(account))
  await demandNewerToken(jane)
  await answered(chapter.challengeMet, () => profile(account))
  await answered(chapter.proven, () => prove(account))

  const [member, sibling] = family
  const relative = await granted(chapter.family, () => interactively(member, jane))
  // Applications in one process have a memory each, unless they share a file or Redis.
  await sibling.importTokenCache({ json: await member.exportTokenCache() })
  await granted(chapter.sibling, () => sibling.acquireTokenSilentWithError({ scopes, account: relative }))

  const inItsOwnName = () => daemon.acquireTokenByClientCredential({ scopes: [daemonScope] })
  await issued(chapter.daemon, inItsOwnName)
  await issued(chapter.daemonAgain, inItsOwnName)

  const [guest] = await app.getAccounts({ username: sam.username })
  await granted(
    chapter.guest,
    () => app.acquireTokenSilentWithError({ scopes, account: guest, authority: otherTenant })
  )
  await listed(chapter.bothTenants, () => app.getAccounts())
}

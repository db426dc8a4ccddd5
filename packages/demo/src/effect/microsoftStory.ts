import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import {
  type Account,
  Accounts,
  type AuthError,
  AuthorizationCode,
  type ClientApplication,
  Silent,
  UsernamePassword
} from "@grantwork/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { microsoftChapters } from "../chapters.js"
import { claimsChallenge } from "../claimsChallenge.js"
import type { MicrosoftSetting, Person, Setting } from "../Setting.js"
import { answered, granted, listed, refused } from "./tellChapter.js"

type Application = Layer.Layer<
  ClientApplication.ClientApplication,
  AuthError.InvalidConfiguration | AuthError.InvalidAuthority
>

const meetsChallenges = JSON.stringify({ access_token: { xms_cc: { values: ["cp1"] } } })

/** What Microsoft's platform does besides. */
export const tellMicrosoftStory = (setting: Setting, microsoft: MicrosoftSetting, askingApplication: Application) =>
  Effect.gen(function*() {
    const { browse, jane, redirectUri, sam } = setting
    const { demandNewerToken, mia, otherTenant, profileAddress } = microsoft
    const chapter = microsoftChapters(setting, microsoft)
    const scopes = [setting.scope]

    const interactively = ({ person, ...request }: { readonly person: Person; readonly claims?: string }) =>
      Effect.gen(function*() {
        const { username: loginHint } = person
        const flow = yield* AuthorizationCode.initiate({ scopes, redirectUri, loginHint, ...request })
        const response = yield* Effect.promise(() => browse(flow.authorizationUrl, person))
        return yield* AuthorizationCode.complete({ flow, response })
      })
    const byPassword = ({ password, username }: Person) =>
      UsernamePassword.acquire({ username, password: Redacted.make(password), scopes })
    const profile = (account: Account.Account) =>
      Effect.gen(function*() {
        const { accessToken } = yield* Silent.acquire({ scopes, account })
        const { headers, status } = yield* HttpClientRequest.get(profileAddress).pipe(
          HttpClientRequest.bearerToken(accessToken),
          HttpClient.execute,
          Effect.orDie
        )
        return { status, claims: claimsChallenge(headers["www-authenticate"]) }
      }).pipe(Effect.scoped)

    yield* Effect.gen(function*() {
      yield* refused(chapter.consentMissing, byPassword(sam))
      yield* granted(chapter.consentGiven, interactively({ person: sam }))
    }).pipe(Effect.provide(Layer.orDie(askingApplication)))

    const { claims: secondFactor = "" } = yield* refused(chapter.mfaDemanded, byPassword(mia))
    yield* granted(chapter.mfaMet, interactively({ person: mia, claims: secondFactor }))

    const account = yield* granted(chapter.capable, interactively({ person: jane, claims: meetsChallenges }))
    yield* answered(chapter.profile, profile(account))
    yield* Effect.promise(() => demandNewerToken(jane))
    const claims = yield* answered(chapter.challenge, profile(account))
    yield* granted(chapter.challengeMet, Silent.acquire({ scopes, account, claims }))
    yield* answered(chapter.profileAgain, profile(account))

    const [guest] = yield* Accounts.list({ username: sam.username })
    yield* granted(chapter.guest, Silent.acquire({ scopes, account: guest, authority: otherTenant }))
    yield* listed(chapter.bothTenants, Accounts.list())
  })

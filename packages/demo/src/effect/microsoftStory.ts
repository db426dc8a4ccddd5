import * as HttpClient from "@effect/platform/HttpClient"
import {
  type Account,
  Accounts,
  AuthorizationCode,
  ClientCredentials,
  ProtectedResource,
  Silent,
  UsernamePassword
} from "@grantwork/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { microsoftChapters } from "../chapters.js"
import type { MicrosoftSetting, Person, Setting } from "../Setting.js"
import { application } from "./stack.js"
import { answered, granted, issued, listed, refused } from "./tellChapter.js"

/** What Microsoft's platform does besides. */
export const tellMicrosoftStory = (setting: Setting, microsoft: MicrosoftSetting) =>
  Effect.gen(function*() {
    const { browse, jane, redirectUri, sam } = setting
    const { daemon, daemonCertificate, daemonScope, demandNewerToken, family, mia, otherTenant, profileAddress } =
      microsoft
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
    const as = (...client: Parameters<typeof application>) => Effect.provide(Layer.orDie(application(...client)))
    const profile = (account: Account.Account, token: "bearer" | "bound" = "bearer") =>
      Effect.gen(function*() {
        const api = ProtectedResource.authorize({
          origin: new URL(profileAddress).origin,
          acquire: (claims, authScheme) =>
            Silent.acquire({ scopes, account, claims, ...token === "bound" && { authScheme } })
        })(yield* HttpClient.HttpClient)
        const { status } = yield* api.get(profileAddress)
        return { status }
      }).pipe(Effect.scoped, Effect.catchTags({ RequestError: Effect.die, ResponseError: Effect.die }))

    yield* Effect.gen(function*() {
      yield* refused(chapter.consentMissing, byPassword(sam))
      yield* granted(chapter.consentGiven, interactively({ person: sam }))
    }).pipe(as(microsoft.askingRegistration))

    const { claims: secondFactor = "" } = yield* refused(chapter.mfaDemanded, byPassword(mia))
    yield* granted(chapter.mfaMet, interactively({ person: mia, claims: secondFactor }))

    const account = yield* granted(chapter.signedInAgain, interactively({ person: jane }))
    yield* answered(chapter.profile, profile(account))
    yield* Effect.promise(() => demandNewerToken(jane))
    yield* answered(chapter.challengeMet, profile(account))
    yield* answered(chapter.proven, profile(account, "bound"))

    const [member, sibling] = family
    const relative = yield* granted(chapter.family, interactively({ person: jane }).pipe(as(member)))
    yield* granted(chapter.sibling, Silent.acquire({ scopes, account: relative }).pipe(as(sibling)))

    const inItsOwnName = ClientCredentials.acquire({ scopes: [daemonScope] })
    yield* Effect.gen(function*() {
      yield* issued(chapter.daemon, inItsOwnName)
      yield* issued(chapter.daemonAgain, inItsOwnName)
    }).pipe(as(daemon, daemonCertificate))

    const [guest] = yield* Accounts.list({ username: sam.username })
    yield* granted(chapter.guest, Silent.acquire({ scopes, account: guest, authority: otherTenant }))
    yield* listed(chapter.bothTenants, Accounts.list())
  })

import { Accounts, AuthorizationCode, RefreshToken, Silent, UsernamePassword } from "@grantwork/core"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { chapters } from "../chapters.js"
import type { Setting } from "../Setting.js"
import { granted, listed, refused } from "./tellChapter.js"

/** What every provider can do. */
export const tellMainStory = (setting: Setting) =>
  Effect.gen(function*() {
    const { browse, jane, kimsRefreshToken, redirectUri, sam } = setting
    const chapter = chapters(setting)
    const scopes = [setting.scope]

    const account = yield* granted(
      chapter.browser,
      Effect.gen(function*() {
        const flow = yield* AuthorizationCode.initiate({ scopes, redirectUri, prompt: "consent" })
        const response = yield* Effect.promise(() => browse(flow.authorizationUrl, jane))
        return yield* AuthorizationCode.complete({ flow, response })
      })
    )
    yield* granted(chapter.cached, Silent.acquire({ scopes, account }))
    yield* granted(chapter.refreshed, Silent.acquire({ scopes, account, forceRefresh: true }))
    yield* granted(chapter.rotated, Silent.acquire({ scopes, account, forceRefresh: true }))

    const { username } = sam
    const password = Redacted.make(sam.password)
    yield* granted(chapter.password, UsernamePassword.acquire({ username, password, scopes }))

    const refreshToken = Redacted.make(yield* Effect.promise(kimsRefreshToken))
    yield* granted(chapter.imported, RefreshToken.acquire({ refreshToken, scopes }))

    yield* listed(chapter.accounts, Accounts.list())

    const wrongPassword = Redacted.make("not his password")
    yield* refused(chapter.wrongPassword, UsernamePassword.acquire({ username, password: wrongPassword, scopes }))

    yield* refused(
      chapter.deniedConsent,
      Effect.gen(function*() {
        const flow = yield* AuthorizationCode.initiate({ scopes, redirectUri, prompt: "consent" })
        const response = yield* Effect.promise(() => browse(flow.authorizationUrl, jane, "deny"))
        return yield* AuthorizationCode.complete({ flow, response })
      })
    )

    yield* refused(
      chapter.tamperedState,
      Effect.gen(function*() {
        const flow = yield* AuthorizationCode.initiate({ scopes, redirectUri, prompt: "consent" })
        const response = yield* Effect.promise(() => browse(flow.authorizationUrl, jane))
        response.set("state", "tampered")
        return yield* AuthorizationCode.complete({ flow, response })
      })
    )

    yield* listed(chapter.removed, Effect.zipRight(Accounts.remove(account), Accounts.list()))
    yield* refused(chapter.silentNoMore, Silent.acquire({ scopes, account }))
  })

/**
 * When refresh tokens expire, where the provider says so. It is known to this process alone: other programs that write a
 * cache would leave it beside a newer token.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { RefreshTokenRecord } from "../cache/CacheRecord.js"
import * as Partition from "../cache/Partition.js"
import { ClientApplication } from "../services/ClientApplication.js"
import type { VerifiedTokens } from "./VerifiedTokens.js"

/**
 * Remembers until when the refresh token is good.
 *
 * @category programs
 */
export const note = (
  key: Partition.Key,
  { refreshToken, refreshTokenExpiresAt }: VerifiedTokens
): Effect.Effect<void, never, ClientApplication> =>
  Option.match(Option.all({ secret: refreshToken, expiresAt: refreshTokenExpiresAt }), {
    onNone: () => Effect.void,
    onSome: (held) =>
      Effect.flatMap(
        ClientApplication,
        ({ clientId, refreshTokenExpiries }) => refreshTokenExpiries.remembered.set(nameOf(key, clientId), held)
      )
  })

const fiveMinutes = 5 * 60 * 1000

/**
 * Whether the refresh token is known to be good for five minutes no more.
 *
 * @category programs
 */
export const isOver = (
  key: Partition.Key,
  { clientId, secret }: RefreshTokenRecord
): Effect.Effect<boolean, never, ClientApplication> =>
  Effect.gen(function*() {
    const { refreshTokenExpiries } = yield* ClientApplication
    const known = yield* refreshTokenExpiries.remembered.getOptionComplete(nameOf(key, clientId))
    const now = yield* Clock.currentTimeMillis
    return Option.exists(
      known,
      (held) => Redacted.value(held.secret) === Redacted.value(secret) && held.expiresAt.epochMillis - now < fiveMinutes
    )
  })

const nameOf = (key: Partition.Key, clientId: string): string => JSON.stringify([Partition.keyText(key), clientId])

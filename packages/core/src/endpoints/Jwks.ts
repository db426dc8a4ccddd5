/**
 * The keys a provider signs with.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#RotateSigKeys
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type AuthError, MalformedResponse } from "../AuthError.js"
import * as Json from "../protocol/Json.js"
import * as JsonWebKeySet from "../protocol/JsonWebKeySet.js"
import * as Cell from "../services/Cell.js"
import { ClientApplication, type FetchedKeys } from "../services/ClientApplication.js"
import * as Exchange from "./Exchange.js"
import * as Outage from "./Outage.js"
import * as Retry from "./Retry.js"

const coolDown = Duration.minutes(1)

/**
 * The keys at an address, remembered for an hour.
 *
 * @category programs
 */
export const keys = (
  jwksUri: string
): Effect.Effect<JsonWebKeySet.JsonWebKeySet, AuthError, ClientApplication | HttpClient.HttpClient> =>
  Effect.map(fetched(jwksUri), ({ keySet }) => keySet)

/**
 * The keys once more, for a token whose key is unknown; within a minute of the last time, those of that time.
 *
 * @category programs
 */
export const keysAfterRotation = (
  jwksUri: string
): Effect.Effect<JsonWebKeySet.JsonWebKeySet, AuthError, ClientApplication | HttpClient.HttpClient> =>
  Effect.gen(function*() {
    const application = yield* ClientApplication
    const known = yield* fetched(jwksUri)
    const now = yield* Clock.currentTimeMillis
    const isCoolingDown = Option.exists(
      known.renewedAt,
      (renewedAt) => now >= renewedAt && now - renewedAt < Duration.toMillis(coolDown)
    )
    if (isCoolingDown) {
      return known.keySet
    }
    const renewal = Effect.map(fetchKeys(jwksUri), (keySet) => ({ keySet, renewedAt: Option.some(now) }))
    const renewed = yield* Cell.renew(application.keys, jwksUri, renewal).pipe(
      Effect.tapError(() => application.keys.remembered.set(jwksUri, { ...known, renewedAt: Option.some(now) }))
    )
    return renewed.keySet
  })

const fetched = (jwksUri: string): Effect.Effect<FetchedKeys, AuthError, ClientApplication | HttpClient.HttpClient> =>
  Effect.flatMap(ClientApplication, (application) =>
    Cell.get(
      application.keys,
      jwksUri,
      Effect.map(fetchKeys(jwksUri), (keySet) => ({ keySet, renewedAt: Option.none() }))
    ))

const fetchKeys = (
  jwksUri: string
): Effect.Effect<JsonWebKeySet.JsonWebKeySet, AuthError, ClientApplication | HttpClient.HttpClient> =>
  Effect.gen(function*() {
    const answer = yield* Effect.flatMap(
      Retry.once(Exchange.send(HttpClientRequest.get(jwksUri, { acceptJson: true })), "nothing"),
      Outage.refuse
    )
    const keySet = answer.status === 200
      ? Option.flatMap(Json.parse(answer.body), JsonWebKeySet.decode)
      : Option.none()
    if (Option.isNone(keySet)) {
      return yield* new MalformedResponse({
        reason: answer.status === 200 ? "not_json" : "status",
        endpoint: answer.endpoint,
        status: answer.status,
        message: `${answer.endpoint} answered HTTP ${answer.status} without a key set. Try again later.`
      })
    }
    return keySet.value
  }).pipe(Effect.withSpan("Grantwork.Jwks", { captureStackTrace: false }))

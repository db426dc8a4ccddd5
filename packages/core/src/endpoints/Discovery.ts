/**
 * The provider's metadata.
 *
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type AuthError, InvalidAuthority } from "../AuthError.js"
import * as Authority from "../domain/Authority.js"
import * as ErrorResponse from "../protocol/ErrorResponse.js"
import * as Json from "../protocol/Json.js"
import * as ProviderMetadata from "../protocol/ProviderMetadata.js"
import * as Cell from "../services/Cell.js"
import { ClientApplication } from "../services/ClientApplication.js"
import * as Exchange from "./Exchange.js"
import * as Outage from "./Outage.js"

/**
 * Metadata that speaks for the authority, remembered for a day.
 *
 * @category programs
 */
export const metadata = (
  authority: Authority.Authority
): Effect.Effect<ProviderMetadata.ProviderMetadata, AuthError, ClientApplication | HttpClient.HttpClient> =>
  Effect.flatMap(
    ClientApplication,
    (application) => Cell.get(application.metadata, Authority.metadataUrl(authority), fetchMetadata(authority))
  )

const fetchMetadata = (authority: Authority.Authority) =>
  Effect.gen(function*() {
    const { trustPolicy } = yield* ClientApplication
    const url = Authority.metadataUrl(authority)
    const answer = yield* Effect.flatMap(
      Exchange.send(HttpClientRequest.get(url, { acceptJson: true })),
      Outage.refuse
    )
    const body = Json.parse(answer.body)
    if (answer.status !== 200 || Option.isNone(body)) {
      return yield* new InvalidAuthority({
        ...Option.getOrUndefined(wordsOf(body)),
        reason: "not_found",
        authority: Authority.provider(authority),
        endpoint: url,
        status: answer.status,
        message: `${url} answered HTTP ${answer.status} without metadata. Check the authority or the tenant for a typo.`
      })
    }
    return yield* ProviderMetadata.decode(body.value, authority, trustPolicy)
  }).pipe(Effect.withSpan("Grantwork.Discovery", { captureStackTrace: false }))

const wordsOf = (body: Option.Option<unknown>) =>
  Option.map(Option.flatMap(body, ErrorResponse.decode), (response) => ErrorResponse.hideSecrets(response, []))

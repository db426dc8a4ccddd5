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
import * as InstanceDiscovery from "./InstanceDiscovery.js"
import * as Outage from "./Outage.js"
import * as Retry from "./Retry.js"

/**
 * Metadata that speaks for the authority: what the application was given, what is known of every tenant in Microsoft's clouds,
 * else what the authority publishes, remembered for a day.
 *
 * @category programs
 */
export const metadata = (
  authority: Authority.Authority
): Effect.Effect<ProviderMetadata.ProviderMetadata, AuthError, ClientApplication | HttpClient.HttpClient> =>
  Effect.flatMap(ClientApplication, (application) => {
    const url = Authority.metadataUrl(authority)
    const given = url === Authority.metadataUrl(application.authority) ? application.knownMetadata : Option.none()
    const known = Option.orElse(given, () => ProviderMetadata.ofKnownCloud(authority))
    return Option.isSome(known) && !needsVouching(authority)
      ? Effect.succeed(known.value)
      : Cell.get(application.metadata, url, vouchedFor(authority, known))
  })

const needsVouching = (authority: Authority.Authority): authority is Authority.Entra =>
  authority._tag === "Entra" && authority.needsVouching

const vouchedFor = (authority: Authority.Authority, known: Option.Option<ProviderMetadata.ProviderMetadata>) =>
  Effect.gen(function*() {
    const { instanceDiscovery } = yield* ClientApplication
    const trusted = needsVouching(authority)
      ? yield* InstanceDiscovery.vouchFor(authority, instanceDiscovery)
      : authority
    return Option.isSome(known) ? known.value : yield* published(trusted)
  }).pipe(Effect.withSpan("Grantwork.Discovery", { captureStackTrace: false }))

const published = (authority: Authority.Authority) =>
  Effect.gen(function*() {
    const { trustPolicy } = yield* ClientApplication
    const url = Authority.metadataUrl(authority)
    const answer = yield* Effect.flatMap(
      Retry.once(Exchange.send(HttpClientRequest.get(url, { acceptJson: true })), "nothing"),
      Outage.refuse
    )
    const body = Json.parse(answer.body)
    if (answer.status !== 200 || Option.isNone(body)) {
      return yield* new InvalidAuthority({
        ...ErrorResponse.words(body),
        reason: "not_found",
        authority: Authority.provider(authority),
        endpoint: url,
        status: answer.status,
        message: `${url} answered HTTP ${answer.status} without metadata. Check the authority or the tenant for a typo.`
      })
    }
    return yield* ProviderMetadata.decode(body.value, authority, trustPolicy)
  })

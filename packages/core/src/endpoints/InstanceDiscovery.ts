/**
 * Microsoft's service that knows which hosts are Microsoft's.
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { type AuthError, InvalidAuthority, MalformedResponse } from "../AuthError.js"
import type * as Authority from "../domain/Authority.js"
import * as ErrorResponse from "../protocol/ErrorResponse.js"
import * as Json from "../protocol/Json.js"
import type { ClientApplication } from "../services/ClientApplication.js"
import * as Exchange from "./Exchange.js"
import * as Outage from "./Outage.js"
import * as Retry from "./Retry.js"

const Instances = Schema.Struct({
  metadata: Schema.Array(Schema.Struct({ aliases: Schema.Array(Schema.String) }))
})
const decode = Schema.decodeUnknownOption(Instances)

/**
 * The authority with the hosts that are one with its own. Fails with `InvalidAuthority` where the service does not know it, and
 * with `MalformedResponse` where the answer says neither.
 *
 * @category programs
 */
export const vouchFor = (
  authority: Authority.Entra,
  service: string
): Effect.Effect<Authority.Entra, AuthError, ClientApplication | HttpClient.HttpClient> =>
  Effect.gen(function*() {
    const { host, origin, tenant } = authority
    const request = HttpClientRequest.get(service, {
      acceptJson: true,
      urlParams: { "api-version": "1.1", authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/authorize` }
    })
    const { body, endpoint, status } = yield* Effect.flatMap(
      Retry.once(Exchange.send(request), "nothing"),
      Outage.refuse
    )
    const json = Json.parse(body)
    const words = ErrorResponse.words(json)
    const instances = status === 200 ? Option.flatMap(json, decode) : Option.none()
    if (Option.isNone(instances) && words?.error !== "invalid_instance") {
      return yield* new MalformedResponse({
        ...words,
        reason: status !== 200 ? "status" : Option.isNone(json) ? "not_json" : "wrong_type",
        endpoint,
        status,
        message:
          `${endpoint} answered HTTP ${status} without saying which hosts are Microsoft's. Try again later, or list`
          + ` ${host} in knownAuthorities if you trust it.`
      })
    }
    const aliases = Option.flatMapNullable(instances, ({ metadata }) =>
      metadata.map((instance) =>
        instance.aliases.map((alias) => alias.toLowerCase())
      ).find((hosts) => hosts.includes(host)))
    if (Option.isNone(aliases)) {
      return yield* new InvalidAuthority({
        ...words,
        reason: "unknown_host",
        authority: host,
        endpoint,
        status,
        message: `${host} is not a host of Microsoft's, as ${endpoint} says. Correct the authority, or list the host in`
          + " knownAuthorities if you trust it."
      })
    }
    return { ...authority, aliases: aliases.value }
  }).pipe(Effect.withSpan("Grantwork.InstanceDiscovery", { captureStackTrace: false }))

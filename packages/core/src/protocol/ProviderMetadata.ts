/**
 * What a provider publishes about itself.
 *
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
 */
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { InvalidAuthority } from "../AuthError.js"
import * as Authority from "../domain/Authority.js"
import * as SecureUrl from "../domain/SecureUrl.js"
import * as IssuePath from "./IssuePath.js"

const absent = { as: "Option", nullable: true } as const

/** @category models */
export class ProviderMetadata extends Schema.Class<ProviderMetadata>("@grantwork/core/ProviderMetadata")({
  /** Exact issuer, or Microsoft's template with `{tenantid}` in it. */
  issuer: Schema.NonEmptyString,
  tokenEndpoint: Schema.NonEmptyString.pipe(Schema.propertySignature, Schema.fromKey("token_endpoint")),
  authorizationEndpoint: Schema.optionalWith(Schema.NonEmptyString, absent).pipe(
    Schema.fromKey("authorization_endpoint")
  ),
  jwksUri: Schema.optionalWith(Schema.NonEmptyString, absent).pipe(Schema.fromKey("jwks_uri")),
  tokenEndpointAuthMethods: Schema.optionalWith(Schema.Array(Schema.String), absent).pipe(
    Schema.fromKey("token_endpoint_auth_methods_supported")
  ),
  sendsIssuer: Schema.optionalWith(Schema.Boolean, { default: () => false, nullable: true }).pipe(
    Schema.fromKey("authorization_response_iss_parameter_supported")
  )
}) {}

const decodeUnknown = Schema.decodeUnknownEither(ProviderMetadata)

/**
 * Decodes metadata and checks that it speaks for this authority: the issuer is the one asked for, each endpoint may
 * carry credentials, and none leaves the authority's cloud.
 *
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation
 * @category constructors
 */
export const decode = (
  body: unknown,
  authority: Authority.Authority,
  policy: SecureUrl.Policy
): Either.Either<ProviderMetadata, InvalidAuthority> =>
  Either.gen(function*() {
    const metadata = yield* Either.mapLeft(decodeUnknown(body), (issue) => {
      const field = IssuePath.first(issue).join(".")
      return refuse(authority, "metadata", `The metadata has no usable ${field || "members"}. Check the authority.`)
    })
    if (!speaksFor(metadata.issuer, authority)) {
      return yield* Either.left(refuse(
        authority,
        "issuer_mismatch",
        `The metadata names ${metadata.issuer.slice(0, 200)} as issuer, which is not the one asked for.`
          + " Pass the issuer exactly as the provider writes it."
      ))
    }
    const endpoints: ReadonlyArray<readonly [string, Option.Option<string>]> = [
      ["token_endpoint", Option.some(metadata.tokenEndpoint)],
      ["authorization_endpoint", metadata.authorizationEndpoint],
      ["jwks_uri", metadata.jwksUri]
    ]
    for (const [name, endpoint] of endpoints) {
      if (Option.isSome(endpoint) && !isTrusted(endpoint.value, authority, policy)) {
        return yield* Either.left(refuse(
          authority,
          "metadata",
          `The metadata's ${name} is not an https address of this provider. Nothing was sent to it.`
        ))
      }
    }
    return metadata
  })

const refuse = (authority: Authority.Authority, reason: InvalidAuthority["reason"], message: string) =>
  new InvalidAuthority({
    reason,
    authority: Authority.provider(authority),
    endpoint: Authority.metadataUrl(authority),
    message
  })

const isTrusted = (endpoint: string, authority: Authority.Authority, policy: SecureUrl.Policy): boolean =>
  Either.match(SecureUrl.parse(endpoint, policy), {
    onLeft: () => false,
    onRight: (url) => authority._tag === "OpenIdConnect" || authority.aliases.includes(url.host)
  })

const tenantTemplate = "{tenantid}"

const microsoftIssuer = /^https?:\/\/([^/]+)\/([^/]+)\/v2\.0$/

/**
 * The one tenant at Microsoft that the metadata is for, none where it is for several.
 *
 * @category getters
 */
export const tenantId = (metadata: ProviderMetadata): Option.Option<string> =>
  Option.filter(Option.fromNullable(microsoftIssuer.exec(metadata.issuer)?.[2]), Authority.isTenantId)

const speaksFor = (issuer: string, authority: Authority.Authority): boolean => {
  if (authority._tag === "OpenIdConnect") {
    return issuer === authority.issuer
  }
  const [, host = "", tenant = ""] = microsoftIssuer.exec(issuer) ?? []
  return authority.aliases.includes(host)
    && issuer.startsWith(new URL(authority.origin).protocol)
    && (tenant === tenantTemplate || (Authority.isTenantId(tenant) && Authority.acceptsTenant(authority, tenant)))
}

/**
 * Whether an ID token of this tenant at Microsoft has to name this issuer.
 *
 * @category predicates
 */
export const isIssuerOf = (metadata: ProviderMetadata, tenantId: string, issuer: string): boolean =>
  issuer === metadata.issuer.replace(tenantTemplate, tenantId) && issuer.includes(`/${tenantId}/`)

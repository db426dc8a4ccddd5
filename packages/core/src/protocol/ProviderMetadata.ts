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
import type { TrustPolicy } from "../domain/AuthorityUrl.js"
import * as Cloud from "../domain/Cloud.js"
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
  policy: TrustPolicy
): Either.Either<ProviderMetadata, InvalidAuthority> =>
  Either.gen(function*() {
    const metadata = yield* Either.mapLeft(decodeUnknown(body), (issue) => {
      const field = IssuePath.first(issue).join(".")
      return refuse(authority, "metadata", `The metadata has no usable ${field || "members"}. Check the authority.`)
    })
    if (!speaksFor(metadata.issuer, authority, policy)) {
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
    onRight: ({ host }) => Authority.trustsHost(authority, host)
  })

const tenantTemplate = "{tenantid}"

const microsoftIssuer = /^(https?:)\/\/([^/]+)\/([^/]+)\/v2\.0$/

/**
 * The one tenant at Microsoft that the metadata is for, none where it is for several.
 *
 * @category getters
 */
export const tenantId = (metadata: ProviderMetadata): Option.Option<string> =>
  Option.filter(Option.fromNullable(microsoftIssuer.exec(metadata.issuer)?.[3]), Authority.isTenantId)

const speaksFor = (issuer: string, authority: Authority.Authority, policy: TrustPolicy): boolean => {
  if (authority._tag === "OpenIdConnect") {
    return issuer === authority.issuer
  }
  if (authority._tag === "Entra") {
    return speaksForTenant(issuer, authority, policy)
  }
  if (!URL.canParse(issuer)) {
    return false
  }
  const { host, origin, pathname, protocol } = new URL(issuer)
  return origin === authority.origin || (protocol === "https:" && (
    (authority._tag === "Ciam" && isCiamIssuer(host, pathname, (name) => namesCiam(authority, name)))
    || (authority._tag === "B2c" && b2cHost.test(host))
  ))
}

/** A host that is none of Microsoft's may stand before a tenant of theirs, as a custom domain does. */
const speaksForTenant = (issuer: string, authority: Authority.Entra, policy: TrustPolicy): boolean => {
  const isCustomDomain = Cloud.at(authority.host) === undefined
  const [, protocol, host = "", tenant = ""] = microsoftIssuer.exec(issuer) ?? []
  if (ciamHost.test(host)) {
    return isCustomDomain && protocol === "https:"
      && isCiamIssuer(host, `/${tenant}`, (name) => ciamNames(authority.tenant).includes(name))
  }
  const isMicrosofts = isCustomDomain && protocol === "https:" && Cloud.isMicrosofts(host)
  const isVouchedFor = protocol === new URL(authority.origin).protocol
    && (Cloud.includes(authority.aliases, host) || (isCustomDomain && policy.knownAuthorities.includes(host)))
  return (isMicrosofts || isVouchedFor)
    && (tenant === tenantTemplate || (Authority.isTenantId(tenant) && Authority.acceptsTenant(authority, tenant)))
}

const b2cHost = /^[a-z0-9-]+\.b2clogin\.(?:com|cn|us|de)$/
const ciamHost = /^([a-z0-9-]+)\.ciamlogin\.com$/

/** A tenant's issuer is at a host of its own, which its path may name again. */
const isCiamIssuer = (host: string, path: string, isTenant: (name: string) => boolean): boolean => {
  const [, name = ""] = ciamHost.exec(host) ?? []
  const named = path.replace(/\/$/, "").replace(/(?<=.)\/v2\.0$/, "")
  return isTenant(name) && ["", `/${name}`, `/${name}.onmicrosoft.com`].includes(named)
}

const ciamNames = (tenant: string): ReadonlyArray<string> => [tenant, tenant.replace(/\.onmicrosoft\.com$/, "")]

/** Where the authority names its tenant by a domain, its id is for the tenant itself to tell. */
const namesCiam = ({ host, tenant }: Authority.Ciam, name: string): boolean =>
  Authority.isTenantId(name)
    ? !Authority.isTenantId(tenant) || name === tenant
    : [...ciamNames(tenant), ciamHost.exec(host)?.[1]].includes(name)

/**
 * Whether an ID token of this tenant at Microsoft has to name this issuer.
 *
 * @category predicates
 */
export const isIssuerOf = (metadata: ProviderMetadata, tenant: string, issuer: string): boolean =>
  issuer === metadata.issuer.replace(tenantTemplate, () => tenant)
  && Option.getOrElse(tenantId(metadata), () => tenant) === tenant

/**
 * What is the same for every tenant of a cloud, so that it need not be asked; none where the authority names the tenant by a
 * domain, whose id has to be learnt.
 *
 * @category constructors
 */
export const ofKnownCloud = (authority: Authority.Authority): Option.Option<ProviderMetadata> => {
  if (
    authority._tag !== "Entra" || !Cloud.hasKnownEndpoints(authority.host)
    || !(Authority.isTenantId(authority.tenant) || Authority.isPlaceholder(authority.tenant))
  ) {
    return Option.none()
  }
  const { origin, tenant } = authority
  const issuingTenant = tenant === "consumers" ? Cloud.consumersTenantId : tenant
  return Option.some(
    new ProviderMetadata({
      issuer: `${origin}/${Authority.isPlaceholder(issuingTenant) ? tenantTemplate : issuingTenant}/v2.0`,
      tokenEndpoint: `${origin}/${tenant}/oauth2/v2.0/token`,
      authorizationEndpoint: Option.some(`${origin}/${tenant}/oauth2/v2.0/authorize`),
      jwksUri: Option.some(`${origin}/${tenant}/discovery/v2.0/keys`),
      tokenEndpointAuthMethods: Option.some(["client_secret_post", "private_key_jwt", "client_secret_basic"]),
      sendsIssuer: false
    })
  )
}

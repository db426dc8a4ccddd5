/**
 * Who signs people in, as callers name it, and what they vouch for.
 */
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import { InvalidAuthority, InvalidConfiguration } from "../AuthError.js"
import * as Authority from "../domain/Authority.js"
import * as AuthorityUrl from "../domain/AuthorityUrl.js"
import { type Checked, refuse } from "../domain/Configuration.js"
import * as SecureUrl from "../domain/SecureUrl.js"
import * as ProviderMetadata from "../protocol/ProviderMetadata.js"

/** @category models */
export interface Options {
  /** `https://{host}/{tenant}` at Microsoft; `https://login.microsoftonline.com/common` unless there is an issuer. */
  readonly authority?: string | undefined
  /** Exact issuer of any other OpenID Connect provider; instead of an authority. */
  readonly issuer?: string | undefined
  /** Hosts outside Microsoft's clouds that `authority` may name, with their port where it is not 443. */
  readonly knownAuthorities?: ReadonlyArray<string> | undefined
  /**
   * Whether Microsoft is asked about a host that is neither in its known clouds nor in `knownAuthorities`: at its own service
   * (`true`), at another's address, or not at all, so that the host is refused (`false`, the default).
   */
  readonly instanceDiscovery?: boolean | string | undefined
  /** The authority's metadata, as its openid-configuration has it, so that it need not be asked. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  /** Tenant ids that may sign in at an authority for several, or a check of one; every one it serves by default. */
  readonly allowedTenants?: ReadonlyArray<string> | ((tenantId: string) => boolean) | undefined
  /** Lets an authority on loopback speak http. For development only. */
  readonly allowInsecureLoopback?: boolean | undefined
}

/** @category models */
export interface Trusted {
  readonly authority: Authority.Authority
  /** Address of the service that knows Microsoft's hosts, for those that nobody else vouches for. */
  readonly instanceDiscovery: string
  /** What the caller knows of the own authority. */
  readonly knownMetadata: Option.Option<ProviderMetadata.ProviderMetadata>
  readonly allowsTenant: (tenantId: string) => boolean
  readonly trustPolicy: AuthorityUrl.TrustPolicy
}

/**
 * The authority, and how far it is trusted.
 *
 * @category constructors
 */
export const read = (options: Options): Either.Either<Trusted, InvalidConfiguration | InvalidAuthority> =>
  Either.gen(function*() {
    const instanceDiscovery = yield* serviceOf(options)
    const trustPolicy: AuthorityUrl.TrustPolicy = {
      knownAuthorities: yield* hosts(options.knownAuthorities ?? []),
      allowInsecureLoopback: options.allowInsecureLoopback === true,
      asksMicrosoft: options.instanceDiscovery !== undefined && options.instanceDiscovery !== false
    }
    const authority = yield* authorityOf(options, trustPolicy)
    return {
      authority,
      instanceDiscovery,
      knownMetadata: yield* knownMetadata(options, authority, trustPolicy),
      allowsTenant: yield* tenantPolicy(options, authority),
      trustPolicy
    }
  })

const defaultAuthority = "https://login.microsoftonline.com/common"

const authorityOf = (
  { authority, issuer }: Options,
  policy: AuthorityUrl.TrustPolicy
): Either.Either<Authority.Authority, InvalidConfiguration | InvalidAuthority> => {
  if (issuer === undefined) {
    return AuthorityUrl.microsoft(authority ?? defaultAuthority, policy)
  }
  return authority === undefined
    ? AuthorityUrl.openIdConnect(issuer, policy)
    : refuse("issuer", "Pass either authority, for Microsoft, or issuer, for another provider, not both.")
}

const microsoftsService = "https://login.microsoftonline.com/common/discovery/instance"

const serviceOf = ({ allowInsecureLoopback, instanceDiscovery = false }: Options): Checked<string> =>
  typeof instanceDiscovery === "boolean" ? Either.right(microsoftsService) : Either.mapBoth(
    SecureUrl.parse(instanceDiscovery, { allowInsecureLoopback: allowInsecureLoopback === true }),
    {
      onLeft: () =>
        new InvalidConfiguration({
          option: "instanceDiscovery",
          message: "instanceDiscovery has to be true, false, or the https address of a service that knows Microsoft's"
            + " hosts."
        }),
      onRight: ({ href }) => href
    }
  )

const isHosts = (known: unknown): known is ReadonlyArray<string> =>
  Array.isArray(known) && known.every((host) => typeof host === "string" && /^[a-z0-9.[\]:-]+$/i.test(host))

const hosts = (known: ReadonlyArray<string>): Checked<ReadonlyArray<string>> =>
  isHosts(known)
    ? Either.right(known.map((host) => host.toLowerCase()))
    : refuse("knownAuthorities", "knownAuthorities has to be a list of hosts, such as \"login.example:8443\".")

const knownMetadata = (
  { metadata }: Options,
  authority: Authority.Authority,
  policy: AuthorityUrl.TrustPolicy
): Either.Either<Option.Option<ProviderMetadata.ProviderMetadata>, InvalidAuthority> =>
  metadata === undefined ? Either.right(Option.none()) : Either.mapBoth(
    ProviderMetadata.decode(metadata, authority, policy),
    {
      onLeft: ({ authority, message, reason }) => new InvalidAuthority({ authority, message, reason }),
      onRight: Option.some
    }
  )

const isTenantIds = (allowed: unknown): allowed is ReadonlyArray<string> =>
  Array.isArray(allowed) && allowed.length > 0
  && allowed.every((tenant) => Predicate.isString(tenant) && Authority.isTenantId(tenant))

const tenantPolicy = (
  { allowedTenants }: Options,
  authority: Authority.Authority
): Checked<Trusted["allowsTenant"]> => {
  if (allowedTenants === undefined) {
    return Either.right(() => true)
  }
  if (authority._tag !== "Entra") {
    return refuse("allowedTenants", "allowedTenants is for an authority with tenants: https://{host}/{tenant}.")
  }
  if (Predicate.isFunction(allowedTenants)) {
    // Where no compiler stops them, functions answer with promises, which are no yes.
    const answer: (tenantId: string) => unknown = allowedTenants
    return Either.right((tenantId) => Authority.isTenantId(tenantId) && answer(tenantId.toLowerCase()) === true)
  }
  if (!isTenantIds(allowedTenants)) {
    return refuse("allowedTenants", "allowedTenants has to be a list of tenant ids, or a function of one.")
  }
  const tenants = new Set(allowedTenants.map((tenant) => tenant.toLowerCase()))
  return Either.right((tenantId) => tenants.has(tenantId.toLowerCase()))
}

/**
 * Authorities: who signs people in. Either one of Microsoft's kinds of service, or any OpenID Connect issuer.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/msal-client-application-configuration#authority
 */
import type { Account } from "./Account.js"
import * as Cloud from "./Cloud.js"

/**
 * A tenant in one of Microsoft's clouds, or at a host the application vouches for.
 *
 * @category models
 */
export interface Entra {
  readonly _tag: "Entra"
  readonly host: string
  readonly origin: string
  /** Tenant id, verified domain, `common`, `organizations` or `consumers`. */
  readonly tenant: string
  /** Every host of the cloud. */
  readonly aliases: ReadonlyArray<string>
  /** Whether Microsoft has to be asked if the host is one of its own. */
  readonly needsVouching: boolean
}

/**
 * A user flow of Azure AD B2C.
 *
 * @see https://learn.microsoft.com/azure/active-directory-b2c/openid-connect
 * @category models
 */
export interface B2c {
  readonly _tag: "B2c"
  readonly host: string
  readonly origin: string
  readonly tenant: string
  readonly policy: string
}

/**
 * An external tenant of Entra External ID.
 *
 * @see https://learn.microsoft.com/entra/external-id/customers/concept-authentication-methods-customers
 * @category models
 */
export interface Ciam {
  readonly _tag: "Ciam"
  readonly host: string
  readonly origin: string
  readonly tenant: string
}

/**
 * An Active Directory Federation Services server.
 *
 * @see https://learn.microsoft.com/windows-server/identity/ad-fs/overview/ad-fs-openid-connect-oauth-concepts
 * @category models
 */
export interface Adfs {
  readonly _tag: "Adfs"
  readonly host: string
  readonly origin: string
}

/**
 * A tenant of a datacenter security token service.
 *
 * @category models
 */
export interface Dsts {
  readonly _tag: "Dsts"
  readonly host: string
  readonly origin: string
  readonly tenant: string
}

/**
 * Any OpenID Connect provider, named by its exact issuer.
 *
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html
 * @category models
 */
export interface OpenIdConnect {
  readonly _tag: "OpenIdConnect"
  readonly issuer: string
}

/** @category models */
export type Microsoft = Entra | B2c | Ciam | Adfs | Dsts

/** @category models */
export type Authority = Microsoft | OpenIdConnect

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const placeholders = new Set(["common", "organizations", "consumers"])

const wellKnown = "/.well-known/openid-configuration"

/**
 * Whether a text is a tenant id rather than a name.
 *
 * @category predicates
 */
export const isTenantId = (text: string): boolean => guid.test(text)

/**
 * Where the authority publishes its metadata.
 *
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationRequest
 * @category getters
 */
export const metadataUrl = (authority: Authority): string => {
  switch (authority._tag) {
    case "Entra":
    case "Ciam":
      return `${authority.origin}/${authority.tenant}/v2.0${wellKnown}`
    case "B2c":
      return `${authority.origin}/${authority.tenant}/${authority.policy}/v2.0${wellKnown}`
    case "Adfs":
      return `${authority.origin}/adfs${wellKnown}`
    case "Dsts":
      return `${environment(authority)}${wellKnown}`
    case "OpenIdConnect":
      return `${authority.issuer.replace(/\/$/, "")}${wellKnown}`
  }
}

/**
 * What the authority's accounts are kept under: Microsoft's cloud, another host, or the issuer.
 *
 * @category getters
 */
export const provider = (authority: Authority): string => providerOf(environment(authority))

/**
 * The same from what an account or a token names as its environment.
 *
 * @category getters
 */
export const providerOf = (environment: string): string => Cloud.at(environment)?.hosts[0] ?? environment

/**
 * What its accounts name as their environment. A dSTS host serves tenants whose subjects may be the same.
 *
 * @category getters
 */
export const environment = (authority: Authority): string => {
  switch (authority._tag) {
    case "OpenIdConnect":
      return authority.issuer
    case "Dsts":
      return `${authority.origin}/dstsv2/${authority.tenant}`
    default:
      return authority.host
  }
}

/**
 * Whether credentials for this authority may go to a host: an OpenID Connect provider's metadata may name any.
 *
 * @category predicates
 */
export const trustsHost = (authority: Authority, host: string): boolean => {
  switch (authority._tag) {
    case "OpenIdConnect":
      return true
    case "Entra":
      return Cloud.includes(authority.aliases, host)
    case "Ciam":
      return host === authority.host || Cloud.includes(Cloud.publicCloud.hosts, host)
    default:
      return host === authority.host
  }
}

/**
 * Whether an account is kept by this authority's provider.
 *
 * @category predicates
 */
export const knows = (authority: Authority, account: Account): boolean =>
  provider(authority) === providerOf(account.environment)

/**
 * Who keeps its accounts.
 *
 * @category getters
 */
export const accountType = (authority: Authority): Account["authorityType"] => {
  switch (authority._tag) {
    case "OpenIdConnect":
    case "Dsts":
      return "Generic"
    case "Adfs":
      return "ADFS"
    default:
      return "MSSTS"
  }
}

/**
 * Whether it speaks Microsoft's dialect: `client_info` tells whose account it is, and requests have an identifier.
 *
 * @category predicates
 */
export const sendsClientInfo = (authority: Authority): boolean =>
  authority._tag === "Entra" || authority._tag === "B2c" || authority._tag === "Ciam"

/**
 * The authority to ask for an account's tokens: a guest's tenant is named, where the application's authority names none.
 *
 * @category getters
 */
export const forAccount = (authority: Authority, account: Account): Authority =>
  authority._tag === "Entra" && placeholders.has(authority.tenant) && isGuest(account)
    && acceptsTenant(authority, account.tenantId)
    ? { ...authority, tenant: account.tenantId.toLowerCase() }
    : authority

const isGuest = ({ homeAccountId, tenantId }: Account): boolean => {
  const homeTenantId = homeAccountId.slice(homeAccountId.lastIndexOf(".") + 1)
  return isTenantId(tenantId) && isTenantId(homeTenantId) && tenantId.toLowerCase() !== homeTenantId.toLowerCase()
}

/**
 * Whether a token of some tenant serves a request at this authority. A token remembers the tenant it was asked of,
 * since a domain names a tenant without telling its id; and the user flow, since another one may ask less of a person.
 *
 * @category predicates
 */
export const servesTenant = (
  authority: Authority,
  account: Account,
  token: { readonly tenantId: string; readonly requestedTenant: string }
): boolean => {
  if (authority._tag !== "Entra") {
    return authority._tag !== "B2c" || token.requestedTenant === requestedTenant(authority)
  }
  if (placeholders.has(authority.tenant)) {
    return token.tenantId === account.tenantId && acceptsTenant(authority, token.tenantId)
  }
  return token.tenantId === authority.tenant || token.requestedTenant === authority.tenant
}

/**
 * Whether a client can be asked for in its own name there: `common`, `organizations` and `consumers` name no tenant.
 *
 * @category predicates
 */
export const namesOneTenant = (authority: Authority): boolean =>
  authority._tag !== "Entra" || !placeholders.has(authority.tenant)

/**
 * The tenant a request names, and its user flow where there are some; empty where the provider has none.
 *
 * @category getters
 */
export const requestedTenant = (authority: Authority): string => {
  switch (authority._tag) {
    case "OpenIdConnect":
    case "Adfs":
      return ""
    case "B2c":
      return `${authority.tenant}/${authority.policy}`
    default:
      return authority.tenant
  }
}

/**
 * Whether a tenant's name stands for several.
 *
 * @category predicates
 */
export const isPlaceholder = (tenant: string): boolean => placeholders.has(tenant)

/**
 * Whether a tenant id may answer at this authority.
 *
 * @category predicates
 */
export const acceptsTenant = (authority: Authority, tenantId: string): boolean => {
  if (authority._tag !== "Entra") {
    return true
  }
  const isConsumers = tenantId.toLowerCase() === Cloud.consumersTenantId
  switch (authority.tenant) {
    case "common":
      return true
    case "organizations":
      return !isConsumers
    case "consumers":
      return isConsumers
    default:
      return !isTenantId(authority.tenant) || authority.tenant === tenantId.toLowerCase()
  }
}

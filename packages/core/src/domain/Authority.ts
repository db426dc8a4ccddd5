/**
 * Authorities: who signs people in. Either a tenant at Microsoft's identity platform, or an OpenID Connect issuer.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/msal-client-application-configuration#authority
 */
import * as Either from "effect/Either"
import { InvalidAuthority } from "../AuthError.js"
import type { Account } from "./Account.js"
import * as SecureUrl from "./SecureUrl.js"

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
  /** First host of the cloud's alias set. */
  readonly cloud: string
  /** Every host of the cloud. */
  readonly aliases: ReadonlyArray<string>
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
export type Authority = Entra | OpenIdConnect

/**
 * What decides whether an authority can be trusted.
 *
 * @category models
 */
export interface TrustPolicy extends SecureUrl.Policy {
  /** Hosts, with their port where it is not 443, that the application vouches for. */
  readonly knownAuthorities: ReadonlyArray<string>
}

/**
 * Tenant of personal Microsoft accounts.
 *
 * @category constants
 */
export const consumersTenantId = "9188040d-6c67-4c5b-b112-36a304b66dad"

const clouds: ReadonlyArray<ReadonlyArray<string>> = [
  ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
  ["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
  ["login.microsoftonline.de"],
  ["login.microsoftonline.us", "login.usgovcloudapi.net"],
  ["login-us.microsoftonline.com"],
  ["login.sovcloud-identity.fr"],
  ["login.sovcloud-identity.de"],
  ["login.sovcloud-identity.sg"],
  ["login.windows-ppe.net", "sts.windows-ppe.net", "login.microsoft-ppe.com"]
]

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const tenantName = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/
const placeholders = new Set(["common", "organizations", "consumers"])

/**
 * Whether a text is a tenant id rather than a name.
 *
 * @category predicates
 */
export const isTenantId = (text: string): boolean => guid.test(text)

/**
 * Reads `https://{host}/{tenant}`; an unknown host fails closed.
 *
 * @category constructors
 */
export const entra = (authority: string, policy: TrustPolicy): Either.Either<Entra, InvalidAuthority> =>
  Either.gen(function*() {
    const url = yield* parseUrl("authority", authority, policy)
    const aliases = clouds.find((hosts) => hosts.includes(url.host))
      ?? (policy.knownAuthorities.includes(url.host) ? [url.host] : undefined)
    if (aliases === undefined) {
      return yield* refuse(
        "unknown_host",
        authority,
        `${url.host} is not a host of Microsoft's clouds. Correct it, list it in knownAuthorities if you trust it,`
          + " or pass it as issuer if it is another OpenID Connect provider."
      )
    }
    const tenant = (url.pathname.split("/").find((segment) => segment !== "") ?? "").toLowerCase()
    if (!tenantName.test(tenant)) {
      return yield* refuse(
        "malformed",
        authority,
        "authority has to end in a tenant: a tenant id, a domain, common, organizations or consumers."
      )
    }
    return { _tag: "Entra", host: url.host, origin: url.origin, tenant, cloud: aliases[0] ?? url.host, aliases }
  })

/**
 * Takes the exact issuer of an OpenID Connect provider.
 *
 * @category constructors
 */
export const openIdConnect = (
  issuer: string,
  policy: SecureUrl.Policy
): Either.Either<OpenIdConnect, InvalidAuthority> =>
  Either.flatMap(parseUrl("issuer", issuer, policy), () => {
    if (issuer.includes("?")) {
      return refuse("malformed", issuer, "issuer has to have no query.")
    }
    return issuer.endsWith(wellKnown)
      ? refuse("malformed", issuer, `issuer is what comes before ${wellKnown}.`)
      : Either.right({ _tag: "OpenIdConnect", issuer } as const)
  })

const wellKnown = "/.well-known/openid-configuration"

const parseUrl = (
  option: "authority" | "issuer",
  text: string,
  policy: SecureUrl.Policy
): Either.Either<URL, InvalidAuthority> =>
  Either.orElse(SecureUrl.parse(text, policy), (reason) =>
    refuse(
      reason,
      text,
      reason === "insecure"
        ? `${option} has to be https: tokens travel no other way; http is for loopback, with allowInsecureLoopback.`
        : `${option} has to be an absolute https address such as ${examples[option]}, without braces, user,`
          + " password or fragment."
    ))

const examples = {
  authority: "https://login.microsoftonline.com/organizations",
  issuer: "https://login.example.com"
}

const refuse = (reason: InvalidAuthority["reason"], authority: string, message: string) =>
  Either.left(new InvalidAuthority({ reason, authority: withoutUserInfo(authority), message }))

const withoutUserInfo = (text: unknown): string => typeof text === "string" ? text.slice(text.lastIndexOf("@") + 1) : ""

/**
 * Where the authority publishes its metadata.
 *
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationRequest
 * @category getters
 */
export const metadataUrl = (authority: Authority): string =>
  authority._tag === "Entra"
    ? `${authority.origin}/${authority.tenant}/v2.0${wellKnown}`
    : `${authority.issuer.replace(/\/$/, "")}${wellKnown}`

/**
 * What the authority's accounts are kept under: Microsoft's cloud, or the issuer.
 *
 * @category getters
 */
export const provider = (authority: Authority): string =>
  authority._tag === "Entra" ? authority.cloud : authority.issuer

/**
 * The same from what an account or a token names as its environment.
 *
 * @category getters
 */
export const providerOf = (environment: string): string =>
  clouds.find((hosts) => hosts.includes(environment))?.[0] ?? environment

/**
 * What its accounts name as their environment.
 *
 * @category getters
 */
export const environment = (authority: Authority): string =>
  authority._tag === "Entra" ? authority.host : authority.issuer

/**
 * Whether an account is kept by this authority's provider.
 *
 * @category predicates
 */
export const knows = (authority: Authority, account: Account): boolean =>
  authority._tag === "Entra"
    ? authority.aliases.includes(account.environment)
    : authority.issuer === account.environment

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
 * since a domain names a tenant without telling its id.
 *
 * @category predicates
 */
export const servesTenant = (
  authority: Authority,
  account: Account,
  token: { readonly tenantId: string; readonly requestedTenant: string }
): boolean => {
  if (authority._tag === "OpenIdConnect") {
    return true
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
  authority._tag === "OpenIdConnect" || !placeholders.has(authority.tenant)

/**
 * The tenant a request names; empty where the provider has none.
 *
 * @category getters
 */
export const requestedTenant = (authority: Authority): string => authority._tag === "Entra" ? authority.tenant : ""

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
export const acceptsTenant = (authority: Entra, tenantId: string): boolean => {
  const isConsumers = tenantId.toLowerCase() === consumersTenantId
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

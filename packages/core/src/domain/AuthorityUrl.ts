/**
 * Reads authorities from the addresses that name them.
 */
import * as Either from "effect/Either"
import { InvalidAuthority } from "../AuthError.js"
import type * as Authority from "./Authority.js"
import * as Cloud from "./Cloud.js"
import * as SecureUrl from "./SecureUrl.js"

/**
 * What decides whether an authority can be trusted.
 *
 * @category models
 */
export interface TrustPolicy extends SecureUrl.Policy {
  /** Hosts, with their port where it is not 443, that the application vouches for. */
  readonly knownAuthorities: ReadonlyArray<string>
  /** Whether Microsoft is asked about a host that nobody vouches for. */
  readonly asksMicrosoft?: boolean
}

const wellKnown = "/.well-known/openid-configuration"
const tenantName = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/
const policyName = /^[a-z0-9][a-z0-9_.-]*$/
const b2cHost = /^[a-z0-9-]+\.b2clogin\.(?:com|cn|us|de)$/
const ciamHost = /^([a-z0-9-]+)\.ciamlogin\.com$/

/**
 * Reads `https://{host}/{tenant}`, and by its host or path one of Microsoft's other kinds of authority. An unknown host fails
 * closed.
 *
 * @category constructors
 */
export const microsoft = (
  authority: string,
  policy: TrustPolicy
): Either.Either<Authority.Microsoft, InvalidAuthority> =>
  Either.flatMap(parseUrl("authority", authority, policy), (
    { host, origin, pathname }
  ): Either.Either<Authority.Microsoft, InvalidAuthority> => {
    const place = { host, origin }
    const segments = pathname.toLowerCase().split("/").filter((segment) => segment !== "")
    const isMicrosofts = Cloud.at(host) !== undefined
    const isVouchedFor = isMicrosofts || policy.knownAuthorities.includes(host)
    if (ciamHost.test(host)) {
      return ciam(place, segments, authority)
    }
    if (b2cHost.test(host)) {
      return b2c(place, segments, authority)
    }
    if (isUserFlow(segments)) {
      return isVouchedFor ? b2c(place, segments, authority) : unknownHost(host, authority)
    }
    if (segments[0] === "adfs" && !isMicrosofts) {
      return isVouchedFor ? Either.right({ _tag: "Adfs", ...place }) : unknownHost(host, authority)
    }
    if (segments[0] === "dstsv2" && !isMicrosofts) {
      return isVouchedFor ? dsts(place, segments, authority) : unknownHost(host, authority)
    }
    return isVouchedFor || policy.asksMicrosoft === true
      ? entra(place, segments, authority, !isVouchedFor)
      : unknownHost(host, authority)
  })

interface Place {
  readonly host: string
  readonly origin: string
}

type Segments = ReadonlyArray<string>

const entra = (place: Place, [tenant = ""]: Segments, authority: string, needsVouching: boolean) =>
  tenantName.test(tenant)
    ? Either.right(
      {
        _tag: "Entra",
        ...place,
        tenant,
        aliases: Cloud.at(place.host)?.hosts ?? [place.host],
        needsVouching
      } as const
    )
    : refuse(
      "malformed",
      authority,
      "authority has to end in a tenant: a tenant id, a domain, common, organizations or consumers."
    )

/** Before its tenant a user flow may have `tfp`, as in tokens' issuers. */
const withoutPrefix = (segments: Segments): Segments => segments[0] === "tfp" ? segments.slice(1) : segments

const isUserFlow = (segments: Segments): boolean => {
  const [, policy, ...others] = withoutPrefix(segments)
  return policy?.startsWith("b2c_") === true && others.length === 0
}

const b2c = (place: Place, segments: Segments, authority: string) => {
  const [tenant = "", policy = ""] = withoutPrefix(segments)
  return tenantName.test(tenant) && policyName.test(policy)
    ? Either.right({ _tag: "B2c", ...place, tenant, policy } as const)
    : refuse(
      "malformed",
      authority,
      "authority has to end in a tenant and a user flow: contoso.onmicrosoft.com/b2c_1_sign_in."
    )
}

const ciam = (place: Place, [path]: Segments, authority: string) => {
  const tenant = path ?? `${place.host.replace(/\..*$/, "")}.onmicrosoft.com`
  return tenantName.test(tenant)
    ? Either.right({ _tag: "Ciam", ...place, tenant } as const)
    : refuse("malformed", authority, "authority has to end in a tenant, or in its host.")
}

const dsts = (place: Place, [, tenant = ""]: Segments, authority: string) =>
  tenantName.test(tenant)
    ? Either.right({ _tag: "Dsts", ...place, tenant } as const)
    : refuse("malformed", authority, "authority has to end in dstsv2 and a tenant.")

const unknownHost = (host: string, authority: string) =>
  refuse(
    "unknown_host",
    authority,
    `${host} is not a host of Microsoft's clouds. Correct it, list it in knownAuthorities if you trust it,`
      + " or pass it as issuer if it is another OpenID Connect provider."
  )

/**
 * Takes the exact issuer of an OpenID Connect provider.
 *
 * @category constructors
 */
export const openIdConnect = (
  issuer: string,
  policy: SecureUrl.Policy
): Either.Either<Authority.OpenIdConnect, InvalidAuthority> =>
  Either.flatMap(parseUrl("issuer", issuer, policy), () => {
    if (issuer.includes("?")) {
      return refuse("malformed", issuer, "issuer has to have no query.")
    }
    return issuer.endsWith(wellKnown)
      ? refuse("malformed", issuer, `issuer is what comes before ${wellKnown}.`)
      : Either.right({ _tag: "OpenIdConnect", issuer } as const)
  })

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

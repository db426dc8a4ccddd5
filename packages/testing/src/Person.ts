/**
 * Who signs in.
 */
import * as Authority from "@grantwork/core/Authority"

/** @category models */
export interface Person {
  /** `oid` at Microsoft, and the first half of the home account id. */
  readonly objectId: string
  /** `tid` at Microsoft, and the second half of the home account id. */
  readonly tenantId: string
  /** `sub`. */
  readonly subject: string
  readonly username: string
  readonly name: string
}

/**
 * Who signs in unless a test says otherwise.
 *
 * @category constants
 */
export const ada: Person = {
  objectId: "a1a1a1a1-0000-4000-8000-00000000ada0",
  tenantId: "7e7e7e7e-0000-4000-8000-000000000001",
  subject: "ada-subject",
  username: "ada@example.com",
  name: "Ada Lovelace"
}

/**
 * Somebody else.
 *
 * @category constants
 */
export const grace: Person = {
  objectId: "b2b2b2b2-0000-4000-8000-00000067ace0",
  tenantId: "7e7e7e7e-0000-4000-8000-000000000001",
  subject: "grace-subject",
  username: "grace@example.com",
  name: "Grace Hopper"
}

/**
 * The person's stable identifier at a provider.
 *
 * @category getters
 */
export const homeAccountId = (person: Person, authority: Authority.Authority): string =>
  Authority.sendsClientInfo(authority) ? `${person.objectId}.${person.tenantId}` : person.subject

/**
 * The person's tenant at a provider; empty where it has none.
 *
 * @category getters
 */
export const tenantId = (person: Person, authority: Authority.Authority): string => {
  if (Authority.sendsClientInfo(authority)) {
    return person.tenantId
  }
  return authority._tag === "Adfs" ? "adfs" : ""
}

/**
 * Who issues the person's ID tokens.
 *
 * @category getters
 */
export const issuer = ({ tenantId }: Person, authority: Authority.Authority): string => {
  switch (authority._tag) {
    case "Entra":
      return `${authority.origin}/${tenantId}/v2.0`
    case "B2c":
      return `${authority.origin}/${tenantId}/v2.0/`
    case "Ciam":
      return `https://${tenantId}.ciamlogin.com/${tenantId}/v2.0`
    case "Adfs":
      return `${authority.origin}/adfs`
    case "Dsts":
      return Authority.environment(authority)
    case "OpenIdConnect":
      return authority.issuer
  }
}

/**
 * What an ID token of the provider says of the person, times apart.
 *
 * @category getters
 */
export const claims = (
  person: Person,
  authority: Authority.Authority
): { readonly iss: string; readonly sub: string; readonly [claim: string]: unknown } => ({
  iss: issuer(person, authority),
  sub: person.subject,
  ...(Authority.sendsClientInfo(authority) && { tid: person.tenantId, oid: person.objectId, ver: "2.0" }),
  preferred_username: person.username,
  name: person.name
})

/**
 * A scenario's tenants, users and applications, ready to be looked up.
 */
import * as Array from "effect/Array"
import * as Either from "effect/Either"
import type * as Scenario from "../scenario/Scenario.js"
import { deriveGuid } from "./deriveGuid.js"
import * as Graph from "./Graph.js"

/** @category models */
export interface Person extends Scenario.User {
  /** Object id in the home tenant. */
  readonly id: string
  readonly home: Scenario.Tenant
  readonly guestOf: ReadonlyArray<Scenario.Tenant>
}

/**
 * A person in one tenant. A guest has another object id there.
 *
 * @category models
 */
export interface Membership {
  readonly person: Person
  readonly tenant: Scenario.Tenant
  readonly objectId: string
}

/** @category models */
export interface App extends Scenario.App {
  readonly home: Scenario.Tenant
}

/** @category models */
export interface Directory {
  readonly scenario: Scenario.Scenario
  readonly tenants: ReadonlyArray<Scenario.Tenant>
  readonly people: ReadonlyArray<Person>
  readonly apps: ReadonlyArray<App>
}

/**
 * What contradicts itself in a scenario, and where.
 *
 * @category models
 */
export interface Contradiction {
  readonly path: ReadonlyArray<string | number>
  readonly message: string
}

/**
 * Whom an address of the form `/{tenant}/…` speaks for: one tenant, or several.
 *
 * @category models
 */
export interface Authority {
  /** As the provider's own addresses name it: a tenant id, `common`, `organizations` or `consumers`. */
  readonly segment: string
  readonly tenant: Scenario.Tenant | undefined
}

const isNamed = (name: string) => (tenant: Scenario.Tenant): boolean =>
  tenant.id === name.toLowerCase() || tenant.domains.includes(name.toLowerCase())

const domainOf = (username: string): string => username.slice(username.lastIndexOf("@") + 1)

/** @category constructors */
export const make = (scenario: Scenario.Scenario): Either.Either<Directory, Array.NonEmptyArray<Contradiction>> => {
  const { apps, tenants, users } = scenario
  const contradictions: Array<Contradiction> = []
  const contradict = (message: string, ...path: ReadonlyArray<string | number>) =>
    contradictions.push({ path, message })
  const find = (name: string, ...path: ReadonlyArray<string | number>): Scenario.Tenant => {
    const tenant = byName.get(name.toLowerCase())
    if (tenant === undefined) contradict(`names the tenant ${JSON.stringify(name)}, which the scenario lacks`, ...path)
    return tenant ?? tenants[0]
  }
  const byName = new Map(
    tenants.toReversed().flatMap((tenant) => [tenant.id, ...tenant.domains].map((name) => [name, tenant] as const))
  )
  const refuseRepeats = (list: string, field: string, names: ReadonlyArray<string>) => {
    const seen = new Set<string>()
    names.forEach((name, index) => {
      if (seen.has(name)) contradict(`repeats ${JSON.stringify(name)}`, list, index, field)
      seen.add(name)
    })
  }

  /** One owner may name a thing twice; two may not share it. */
  const refuseSharing = (
    list: string,
    field: string,
    owners: ReadonlyArray<ReadonlyArray<string>>,
    elsewhere: ReadonlyArray<string> = []
  ) => {
    const taken = new Map(elsewhere.map((name) => [name, -1]))
    owners.forEach((names, index) => {
      names.forEach((name, at) => {
        const owner = taken.get(name) ?? index
        if (owner !== index) contradict(`repeats ${JSON.stringify(name)}`, list, index, field, at)
        taken.set(name, owner)
      })
    })
  }

  refuseRepeats("tenants", "id", tenants.map(({ id }) => id))
  refuseSharing("tenants", "domains", tenants.map(({ domains }) => domains))
  refuseRepeats("users", "username", users.map(({ username }) => username.toLowerCase()))
  refuseRepeats("apps", "id", apps.map(({ id }) => id))
  apps.forEach(({ id }, index) => {
    if (id === Graph.app.id) contradict(`is the id of ${Graph.app.name}`, "apps", index, "id")
  })
  refuseSharing("apps", "identifierUris", apps.map(({ identifierUris }) => identifierUris), Graph.app.identifierUris)

  const people = users.map((user, index): Person => ({
    ...user,
    id: user.id ?? deriveGuid(user.username.toLowerCase()),
    home: user.tenant === undefined
      ? find(domainOf(user.username), "users", index, "username")
      : find(user.tenant, "users", index, "tenant"),
    guestOf: user.guestIn.map((name, at) => find(name, "users", index, "guestIn", at))
  }))
  // Of two users of one name, the name is told only.
  if (contradictions.length === 0) refuseRepeats("users", "id", people.map(({ id }) => id))
  const registered = apps.map((app, index): App => ({
    ...app,
    home: app.tenant === undefined ? tenants[0] : find(app.tenant, "apps", index, "tenant")
  }))
  return Array.isNonEmptyArray(contradictions)
    ? Either.left(contradictions)
    : Either.right({ scenario, tenants, people, apps: [...registered, { ...Graph.app, home: tenants[0] }] })
}

const placeholders = new Set(["common", "organizations", "consumers"])

/**
 * Reads the tenant of an address: an id, a domain, `common`, `organizations` or `consumers`.
 *
 * @category getters
 */
export const authority = (directory: Directory, segment: string): Authority | undefined => {
  const name = segment.toLowerCase()
  if (placeholders.has(name)) {
    return {
      segment: name,
      tenant: name === "consumers" ? directory.tenants.find(({ personal }) => personal) : undefined
    }
  }
  const tenant = directory.tenants.find(isNamed(name))
  return tenant && { segment: tenant.id, tenant }
}

/** @category getters */
export const personByName = (directory: Directory, username: string): Person | undefined =>
  directory.people.find((person) => person.username.toLowerCase() === username.trim().toLowerCase())

/** @category getters */
export const personById = (directory: Directory, id: string): Person | undefined =>
  directory.people.find((person) => person.id === id)

/** @category getters */
export const appById = (directory: Directory, id: string): App | undefined =>
  directory.apps.find((app) => app.id === id.toLowerCase())

/**
 * The person in the tenant that the authority names, else at home; none where the authority does not admit them.
 *
 * @category getters
 */
export const membership = (authority: Authority, person: Person): Membership | undefined => {
  if (authority.segment === "common" || (authority.segment === "organizations" && !person.home.personal)) {
    return { person, tenant: person.home, objectId: person.id }
  }
  const { tenant } = authority
  if (tenant === undefined) return undefined
  if (person.home.id === tenant.id) return { person, tenant, objectId: person.id }
  return person.guestOf.some(({ id }) => id === tenant.id)
    ? { person, tenant, objectId: deriveGuid(`${person.id} in ${tenant.id}`) }
    : undefined
}

/**
 * Whom the tenant knows by this object id.
 *
 * @category getters
 */
export const member = (directory: Directory, tenantId: string, objectId: string): Membership | undefined => {
  const tenant = directory.tenants.find(({ id }) => id === tenantId)
  return tenant && directory.people
    .flatMap((person) => membership({ segment: tenant.id, tenant }, person) ?? [])
    .find((one) => one.objectId === objectId)
}

/**
 * Whether the application lets users of the tenant sign in.
 *
 * @category predicates
 */
export const admits = (app: App, tenant: Scenario.Tenant): boolean => {
  switch (app.audience) {
    case "tenant":
      return tenant.id === app.home.id
    case "organizations":
      return !tenant.personal
    case "everyone":
      return true
  }
}

/** @category predicates */
export const isConfidential = ({ certificates, secrets }: App): boolean => secrets.length + certificates.length > 0

/**
 * The application that a scope's resource part names.
 *
 * @category getters
 */
export const resource = (directory: Directory, identifier: string): App | undefined =>
  directory.apps.find(({ id, identifierUris }) =>
    identifier.toLowerCase() === id || identifier.toLowerCase() === `api://${id}` || identifierUris.includes(identifier)
  )

/** Scheme and host of loopback, port and the rest. */
const loopback = /^(http:\/\/(?:localhost|127\.0\.0\.1|\[::1\]))(?::\d{1,5})?(?:\/|(?=\?|$))(.*)$/

/**
 * Whether the redirect URI is registered: to the letter, or with another port on loopback.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8252#section-7.3
 * @category predicates
 */
export const isRegistered = ({ redirectUris }: Pick<App, "redirectUris">, redirectUri: string): boolean =>
  redirectUris.includes(redirectUri)
  || (URL.canParse(redirectUri) && loopback.test(redirectUri)
    && redirectUris.some((one) => withoutPort(one) === withoutPort(redirectUri)))

const withoutPort = (uri: string): string => uri.replace(loopback, "$1/$2")

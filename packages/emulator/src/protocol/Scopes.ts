/**
 * What a `scope` parameter asks for: OpenID Connect's own scopes, and permissions of one resource.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/scopes-oidc
 */
import * as Either from "effect/Either"
import * as Directory from "../directory/Directory.js"
import * as Graph from "../directory/Graph.js"
import type { Permission } from "../scenario/Scenario.js"
import { type EntraError, entraError } from "./EntraError.js"

/** @category models */
export interface Scopes {
  /** Those of `openid`, `profile`, `email` and `offline_access` that were asked for. */
  readonly openId: ReadonlyArray<string>
  readonly resource: Directory.App
  readonly permissions: ReadonlyArray<Permission>
  /** The permission scopes as the answer writes them, which is as they were asked for. */
  readonly granted: ReadonlyArray<string>
}

const openIdScopes = new Set(["openid", "profile", "email", "offline_access"])

const words = (scope: string): ReadonlyArray<string> => [...new Set(scope.split(" ").filter((word) => word !== ""))]

/** Resource part and permission of one scope; a bare permission is Graph's. */
const split = (scope: string): readonly [identifier: string, permission: string, prefix: string] => {
  const slash = scope.lastIndexOf("/")
  return slash === -1
    ? [Graph.identifierUri, scope, ""]
    : [scope.slice(0, slash), scope.slice(slash + 1), scope.slice(0, slash + 1)]
}

/**
 * Scopes asked for in a person's name.
 *
 * @category constructors
 */
export const parse = (
  scope: string,
  client: Directory.App,
  directory: Directory.Directory
): Either.Either<Scopes, EntraError> =>
  Either.gen(function*() {
    const openId = words(scope).filter((word) => openIdScopes.has(word))
    const others = words(scope).filter((word) => !openIdScopes.has(word))
    if (openId.length + others.length === 0) {
      return yield* Either.left(entraError(900144, { field: "scope" }))
    }
    const parts = others.map((word) =>
      word.toLowerCase() === client.id ? [client.id, ".default", `${client.id}/`] as const : split(word)
    )
    const [identifier = Graph.identifierUri] = parts.map(([one]) => one)
    const resource = yield* find(identifier, directory)
    if (parts.some(([one]) => Directory.resource(directory, one) !== resource)) {
      return yield* Either.left(entraError(28000, { scope: others.join(" ") }))
    }
    const permissions: Array<Permission> = []
    const granted: Array<string> = []
    for (const [, name, prefix] of parts) {
      const meant = name === ".default"
        ? resource.permissions.filter(({ adminOnly }) => !adminOnly)
        : resource.permissions.filter((permission) => permission.name.toLowerCase() === name.toLowerCase())
      if (name !== ".default" && meant.length === 0) {
        return yield* Either.left(entraError(650053, { resource: resource.name, scope: name }))
      }
      permissions.push(...meant.filter((permission) => !permissions.includes(permission)))
      granted.push(
        ...(name === ".default" ? [...meant.map((one) => one.name), name] : [name]).map((one) => `${prefix}${one}`)
      )
    }
    return { openId, resource, permissions, granted: [...new Set(granted)] }
  })

/**
 * The same scopes, with the permissions as the directory has them by now.
 *
 * @category combinators
 */
export const current = (scopes: Scopes, directory: Directory.Directory): Scopes => {
  const resource = Directory.appById(directory, scopes.resource.id) ?? scopes.resource
  const permissions = scopes.permissions.flatMap(({ name }) => resource.permissions.filter((one) => one.name === name))
  return { ...scopes, resource, permissions }
}

const find = (identifier: string, directory: Directory.Directory) =>
  Either.fromNullable(
    Directory.resource(directory, identifier),
    () => entraError(500011, { resource: identifier, tenant: "of the request" })
  )

/**
 * The resource that a client asks for in its own name.
 *
 * @category constructors
 */
export const parseDefault = (
  scope: string,
  directory: Directory.Directory
): Either.Either<Pick<Scopes, "resource" | "granted">, EntraError> => {
  const [one = "", ...more] = words(scope)
  const [identifier, permission] = split(one)
  return more.length > 0 || permission !== ".default" || !one.includes("/")
    ? Either.left(entraError(1002012, { scope }))
    : Either.map(find(identifier, directory), (resource) => ({ resource, granted: [one] }))
}

import type { Provider, TokenEndpointGrantContext } from "oidc-provider"
import { errors } from "./oidcProvider.js"
import { splitScope, supportedScopes } from "./scopes.js"
import { authenticate, claimsOf, type User } from "./users.js"

interface Parameters {
  readonly username?: string
  readonly password?: string
}

export interface PasswordGrantPolicy {
  readonly users: ReadonlyArray<User>
  readonly issuesRefreshToken: (scopes: ReadonlySet<string>) => boolean
}

const grantedScopes = ({ client, params }: TokenEndpointGrantContext<Parameters>["oidc"]): ReadonlyArray<string> => {
  const allowed = client.scope === undefined ? supportedScopes : splitScope(client.scope)
  return splitScope(params.scope).filter((scope) => supportedScopes.includes(scope) && allowed.includes(scope))
}

const issueIdToken = async (
  provider: Provider,
  ctx: TokenEndpointGrantContext<Parameters>,
  user: User,
  scope: string
): Promise<string> => {
  const idToken = new provider.IdToken({}, { ctx })
  const available = { ...claimsOf(user), amr: ["pwd"], auth_time: Math.floor(Date.now() / 1000) }
  const claims = await new provider.Claims(available, { ctx }).scope(scope).result()
  for (const [name, value] of Object.entries(claims)) idToken.set(name, value)
  return idToken.issue({ use: "idtoken" })
}

/**
 * The resource owner password credentials grant, which oidc-provider leaves to its users.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.3 RFC 6749, section 4.3}
 */
export const registerPasswordGrant = (provider: Provider, { issuesRefreshToken, users }: PasswordGrantPolicy): void => {
  const handle = async (ctx: TokenEndpointGrantContext<Parameters>): Promise<void> => {
    const { client, params } = ctx.oidc
    if (!params.username || !params.password) {
      throw new errors.InvalidRequest("missing required parameter(s) username, password")
    }
    const user = authenticate(users, params.username, params.password)
    if (user === undefined) throw new errors.InvalidGrant("wrong username or password")

    const accountId = user.sub
    const scopes = new Set(grantedScopes(ctx.oidc))
    const scope = [...scopes].join(" ")
    const grant = new provider.Grant({ accountId, clientId: client.clientId })
    grant.addOIDCScope(scope)
    const source = { accountId, client, grantId: await grant.save(), gty: "password", scope }
    const accessToken = new provider.AccessToken(source)
    const refreshToken = client.grantTypeAllowed("refresh_token") && issuesRefreshToken(scopes)
      ? new provider.RefreshToken({ ...source, amr: ["pwd"], authTime: Math.floor(Date.now() / 1000), rotations: 0 })
      : undefined

    ctx.body = {
      access_token: await accessToken.save(),
      expires_in: accessToken.expiration,
      id_token: scopes.has("openid") ? await issueIdToken(provider, ctx, user, scope) : undefined,
      refresh_token: await refreshToken?.save(),
      scope,
      token_type: accessToken.tokenType
    }
  }
  provider.registerGrantType<Parameters>("password", handle, ["username", "password", "scope"])
}

/**
 * The people's tokens in the JSON that all sides read.
 */
import type { Authority } from "./authority.js"
import { cachedIdToken, clientId, grantedScopes, lifetimeSeconds, people, type Person, tenantId } from "./people.js"

interface Options {
  /** What each access token is for; one with the granted scopes by default. */
  readonly targets?: ReadonlyArray<string>
  /** Seconds; negative for access tokens that have expired. */
  readonly lifetime?: number
}

type Entry = readonly [key: string, fields: Readonly<Record<string, unknown>>]

const accessTokens = (
  homeAccountId: string,
  secret: string,
  { environment }: Authority,
  { lifetime = lifetimeSeconds, targets = [grantedScopes.join(" ")] }: Options
): ReadonlyArray<Entry> => {
  const now = Math.floor(Date.now() / 1000)
  return targets.map((target) => [
    `${homeAccountId}-${environment}-accesstoken-${clientId}-${tenantId}-${target}-`.toLowerCase(),
    {
      home_account_id: homeAccountId,
      environment,
      client_id: clientId,
      credential_type: "AccessToken",
      secret,
      realm: tenantId,
      target,
      token_type: "Bearer",
      cached_at: String(now - lifetimeSeconds),
      expires_on: String(now + lifetime),
      extended_expires_on: String(now + lifetime)
    }
  ])
}

/** As if these people had signed in. */
export const unifiedJson = (cached: ReadonlyArray<Person>, authority: Authority, options: Options = {}): string => {
  const { environment, origin } = authority
  const now = Math.floor(Date.now() / 1000)
  const section = (entry: (person: Person) => Entry) =>
    Object.fromEntries(cached.map((person) => {
      const [suffix, fields] = entry(person)
      const key = `${person.homeAccountId}-${environment}-${suffix}`.toLowerCase()
      return [key, { home_account_id: person.homeAccountId, environment, ...fields }]
    }))
  return JSON.stringify({
    AccessToken: Object.fromEntries(
      cached.flatMap((person) => accessTokens(person.homeAccountId, person.accessToken, authority, options))
    ),
    RefreshToken: section((person) => [
      `refreshtoken-${clientId}---`,
      { client_id: clientId, credential_type: "RefreshToken", secret: person.refreshToken }
    ]),
    IdToken: section((person) => [
      `idtoken-${clientId}-${tenantId}--`,
      {
        client_id: clientId,
        credential_type: "IdToken",
        secret: cachedIdToken(person.index, `${origin}/${tenantId}/v2.0`, now),
        realm: tenantId
      }
    ]),
    Account: section((person) => [
      tenantId,
      {
        realm: tenantId,
        local_account_id: person.objectId,
        username: person.username,
        name: person.name,
        authority_type: "MSSTS",
        tenantProfiles: [JSON.stringify({
          tenantId,
          localAccountId: person.objectId,
          name: person.name,
          username: person.username,
          isHomeTenant: true
        })]
      }
    ]),
    AppMetadata: {}
  })
}

/** As if the application had asked for tokens in its own name. */
export const unifiedJsonOfApp = (authority: Authority, secret: string, targets: ReadonlyArray<string>): string =>
  JSON.stringify({ AccessToken: Object.fromEntries(accessTokens("", secret, authority, { targets })) })

const atOnce = 1000

/** Of so many people, in parts that a string can hold. */
export function* unifiedJsonParts(count: number, authority: Authority): Generator<string> {
  for (let first = 0; first < count; first += atOnce) {
    yield unifiedJson(people(Math.min(atOnce, count - first), first), authority)
  }
}

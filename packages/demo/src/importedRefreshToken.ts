import type { Fetch } from "@grantwork/identity-server"
import * as Schema from "effect/Schema"
import type { Person } from "./Setting.js"

const decodeTokens = Schema.decodeUnknownSync(Schema.Struct({ refresh_token: Schema.String }))

/** A refresh token that no program of ours got. */
export const importedRefreshToken = async (
  fetch: Fetch,
  tokenEndpoint: string,
  { clientId, person, scope }: { readonly clientId: string; readonly person: Person; readonly scope: string }
): Promise<string> => {
  const response = await fetch(tokenEndpoint, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "password",
      client_id: clientId,
      username: person.username,
      password: person.password,
      scope: `openid profile offline_access ${scope}`
    })
  })
  return decodeTokens(await response.json()).refresh_token
}

/**
 * Our side for callers who know promises only.
 */
import { type Account, ConfidentialClientApplication } from "@grantwork/promise"
import type { Authority } from "./authority.js"
import { clientId, clientSecret, type Person, scopes, tenantId } from "./people.js"

export const accountOf = (
  { homeAccountId, name, objectId, username }: Person,
  { environment }: Authority
): Account => ({
  homeAccountId,
  environment,
  tenantId,
  localAccountId: objectId,
  username,
  name,
  authorityType: "MSSTS"
})

/** An application with this in its cache, in memory. */
export const makeFacade = async (authority: Authority, json: Iterable<string>) => {
  const application = new ConfidentialClientApplication({
    clientId,
    clientSecret,
    authority: `${authority.origin}/${tenantId}`
  })
  for (const part of json) {
    await application.importTokenCache({ json: part })
  }
  return {
    application,
    silent: (cached: ReadonlyArray<Person>) =>
      cached.map((person) => {
        const account = accountOf(person, authority)
        return () => application.acquireTokenSilentWithError({ scopes, account })
      }),
    close: () => application.dispose()
  }
}

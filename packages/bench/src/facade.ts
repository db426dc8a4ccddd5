/**
 * Our side for callers who know promises only. Its cache is filled the way any caller fills it, by the refresh grant,
 * with a `fetch` that answers by itself.
 */
import { type Account, PublicClientApplication } from "@grantwork/promise"
import { clientId, type Person, scopes, tenantId } from "./people.js"
import { makeProvider } from "./provider.js"

const atOnce = 100

/** An application with these people's tokens cached. */
export const makeFacade = async (cached: ReadonlyArray<Person>, origin: string) => {
  const provider = makeProvider(origin, "ES256")
  const application = new PublicClientApplication({
    clientId,
    authority: `${origin}/${tenantId}`,
    fetch: async (address, init) => {
      const form = new URLSearchParams(await new Response(init?.body ?? null).text())
      return Response.json(provider.answer(String(address), form))
    }
  })
  const accounts: Array<Account | null> = []
  for (let first = 0; first < cached.length; first += atOnce) {
    const results = await Promise.all(
      cached.slice(first, first + atOnce).map(({ refreshToken }) =>
        application.acquireTokenByRefreshToken({ refreshToken, scopes })
      )
    )
    accounts.push(...results.map(({ account }) => account))
  }
  return {
    silent: () => accounts.map((account) => () => application.acquireTokenSilentWithError({ scopes, account })),
    close: () => application.dispose()
  }
}

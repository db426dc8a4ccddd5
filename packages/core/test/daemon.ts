/**
 * What the tests of a client's own proof share.
 */
import { type ClientApplication, ClientCredentials } from "@grantwork/core"
import { FakeProvider } from "@grantwork/testing"
import * as Effect from "effect/Effect"
import { entra } from "./scenario.js"

const tenant = "7e7e7e7e-0000-4000-8000-000000000001"

export const tokenEndpoint = `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`

export const scopes = ["api://orders/.default"]

/** The stack over a tenant of Microsoft's, with this credential. */
export const daemon = (application: Partial<ClientApplication.Options>) => entra(tenant, { application })

/** Asks the provider, whatever is in the cache. */
export const acquire = ClientCredentials.acquire({ scopes, forceRefresh: true })

/** Assertions of the token requests so far. */
export const assertions = Effect.map(
  FakeProvider.requests("token"),
  (requests) => requests.map(({ form }) => String(form?.["client_assertion"]))
)

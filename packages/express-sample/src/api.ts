/**
 * The API that is called in the signed-in person's name: Microsoft Graph's `/me`.
 */
import { type Dispatcher, fetch } from "undici"

/** What the API answers. */
export type Profile = Readonly<Record<string, unknown>>

/** Brings `null` where the API cannot be reached or does not accept the token. */
export type FetchProfile = (accessToken: string) => Promise<Profile | null>

const isProfile = (value: unknown): value is Profile =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Calls the API at this address, by way of a dispatcher that trusts its certificate. */
export const createFetchProfile = (address: string, dispatcher: Dispatcher): FetchProfile => async (accessToken) => {
  try {
    const response = await fetch(address, {
      headers: { accept: "application/json", authorization: `Bearer ${accessToken}` },
      dispatcher,
      // A redirect would carry the token to wherever it leads.
      redirect: "error",
      signal: AbortSignal.timeout(10_000)
    })
    const body: unknown = await response.json()
    return response.ok && isProfile(body) ? body : null
  } catch {
    return null
  }
}

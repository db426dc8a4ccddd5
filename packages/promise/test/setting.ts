import { Browser, type IdentityServer, type Person } from "@grantwork/identity-server"
import {
  AuthError,
  ConfidentialClientApplication,
  PublicClientApplication,
  type PublicClientOptions
} from "@grantwork/promise"
import { Agent } from "undici"

export const jane = { username: "jane", password: "correct horse" }
export const redirectUri = "https://app.example/callback"

/** A dispatcher that trusts the server's certification authority. */
export const dispatcherFor = ({ caCertificate }: IdentityServer): Agent => new Agent({ connect: { ca: caCertificate } })

export const publicClient = (
  { clients, issuer }: IdentityServer,
  options: Pick<PublicClientOptions, "dispatcher" | "fetch">
): PublicClientApplication => new PublicClientApplication({ clientId: clients.public.client_id, issuer, ...options })

export const confidentialClient = (
  { clients, issuer }: IdentityServer,
  dispatcher: Agent,
  name: "secretPost" | "secretBasic" = "secretPost"
): ConfidentialClientApplication => {
  const { client_id: clientId, client_secret: clientSecret } = clients[name]
  return new ConfidentialClientApplication({ clientId, clientSecret, issuer, dispatcher })
}

/** What the person's browser brings to the redirect URI. */
export const answer = async (server: IdentityServer, url: string, person: Person = jane): Promise<URL> =>
  (await new Browser(server).signIn(url, person)).url

/** What a promise rejects with. */
export const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => {
      throw new Error("It did not reject.")
    },
    (reason: unknown) => reason
  )

/** The error a promise rejects with, which has to be one of the package's own. */
export const failure = async (promise: Promise<unknown>): Promise<AuthError> => {
  const error = await rejection(promise)
  if (error instanceof AuthError) {
    return error
  }
  throw new Error("It rejected with something else.", { cause: error })
}

const isAnything = (_: unknown): _ is never => true

/** What only a caller without types can pass. */
export const untyped = (value: unknown): never => {
  if (isAnything(value)) {
    return value
  }
  throw new Error("It is something.")
}

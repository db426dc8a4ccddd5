/**
 * The web app: who signs in, sees their profile and signs out.
 */
import type { ConfidentialClientApplication } from "@grantwork/promise"
import express, { type Express } from "express"
import { randomBytes } from "node:crypto"
import type { FetchProfile } from "./api.js"
import { checkFormToken } from "./forms.js"
import { homePage, notFoundPage, problemPage, profilePage } from "./pages.js"
import { problemOf } from "./problems.js"
import { securityHeaders } from "./securityHeaders.js"
import { destroy, endFlow, keepFlow, regenerate, save, sessions } from "./sessions.js"

export interface Settings {
  readonly client: ConfidentialClientApplication
  /** The one that the client was made with. */
  readonly authority: string
  /** This app's address for those who come back from signing in, as registered. */
  readonly redirectUri: string
  /** Signs the session cookie. */
  readonly sessionSecret: string
  readonly fetchProfile: FetchProfile
  /** Told of every error that a page is shown for. */
  readonly onError?: (error: unknown) => void
}

const scopes = ["User.Read"]

export const createApp = (
  { authority, client, fetchProfile, onError, redirectUri, sessionSecret }: Settings
): Express => {
  const app = express().disable("x-powered-by").disable("etag")
  app.use(securityHeaders({ formsLeadTo: authority }))
  app.use(sessions({ secret: sessionSecret, secure: redirectUri.startsWith("https:") }))
  app.use(express.urlencoded({ extended: false, limit: "1kb" }))

  app.get("/", ({ session }, response) => {
    if (session.signedIn) return response.redirect("/profile")
    response.send(homePage())
  })

  app.get("/login", async (request, response) => {
    const { demandedClaims } = request.session
    delete request.session.demandedClaims
    const flow = await client.initiateAuthCodeFlow({ scopes, redirectUri, claims: demandedClaims })
    await keepFlow(request, flow)
    response.redirect(flow.authorizationUrl)
  })

  app.get(new URL(redirectUri).pathname, async (request, response) => {
    const { account, idTokenClaims } = await endFlow(
      request,
      request.query["state"],
      (flow) => client.acquireTokenByAuthCodeFlow({ flow, authResponse: request.query })
    )
    const { flows = [] } = request.session
    await regenerate(request)
    request.session.flows = flows
    if (account !== null && idTokenClaims !== null) {
      request.session.signedIn = { account, claims: idTokenClaims, formToken: randomBytes(32).toString("base64url") }
    }
    await save(request)
    response.redirect("/profile")
  })

  app.get("/profile", async ({ session }, response) => {
    const { refreshedFrom, signedIn } = session
    if (!signedIn) return response.redirect("/")
    const token = await client.acquireTokenSilent({ scopes, account: signedIn.account })
    if (token === null) return response.redirect("/login")
    delete session.refreshedFrom
    const profile = await fetchProfile(token.accessToken)
    response.send(profilePage({ ...signedIn, profile, refreshedFrom, token }))
  })

  app.post("/refresh", checkFormToken, async (request, response) => {
    const { signedIn } = request.session
    const token = await client.acquireTokenSilent({ scopes, account: signedIn?.account, forceRefresh: true })
    if (token === null) return response.redirect(303, "/login")
    request.session.refreshedFrom = token.source
    await save(request)
    response.redirect(303, "/profile")
  })

  app.post("/logout", checkFormToken, async (request, response) => {
    const { signedIn } = request.session
    await destroy(request, response)
    if (signedIn) await client.removeAccount({ account: signedIn.account })
    const endSession = new URL(`${authority}/oauth2/v2.0/logout`)
    endSession.searchParams.set("post_logout_redirect_uri", new URL("/", redirectUri).href)
    response.redirect(303, endSession.href)
  })

  app.use((_request, response) => {
    response.status(404).send(notFoundPage())
  })

  // Express tells it from other middleware by its four parameters.
  const showProblem: express.ErrorRequestHandler = (error: unknown, { session }, response, _next) => {
    onError?.(error)
    const problem = problemOf(error)
    if (problem.claims !== undefined) session.demandedClaims = problem.claims
    response.status(problem.status).send(problemPage(problem))
  }
  app.use(showProblem)

  return app
}

/**
 * What the app remembers of each browser, on the server's side.
 */
import type { Account, AuthCodeFlow, IdTokenClaims, TokenResult } from "@grantwork/promise"
import type { Request, RequestHandler, Response } from "express"
import session, { MemoryStore } from "express-session"

/** Whose session it is. */
export interface SignedIn {
  readonly account: Account
  readonly claims: IdTokenClaims
  /** Comes back with each form that does something. */
  readonly formToken: string
}

declare module "express-session" {
  interface SessionData {
    /** Sign-ins under way, the newest last: each tab may have its own. */
    flows: ReadonlyArray<AuthCodeFlow>
    /** What the provider demanded when it refused the last sign-in. */
    demandedClaims: string
    signedIn: SignedIn
    /** Where the last refresh had its token from, until it has been shown. */
    refreshedFrom: TokenResult["source"]
  }
}

const cookieName = "express-sample"

/**
 * Sessions that last until the browser or the server ends. The memory store suits a sample on loopback: it never sheds
 * what is abandoned, and two servers do not share it. Choose another for a real app.
 */
export const sessions = ({ secret, secure }: { readonly secret: string; readonly secure: boolean }): RequestHandler =>
  session({
    name: cookieName,
    secret,
    cookie: { httpOnly: true, sameSite: "lax", secure },
    resave: false,
    saveUninitialized: false,
    store: new MemoryStore()
  })

const settled = (start: (done: (error: unknown) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    start((error) => error === undefined || error === null ? resolve() : reject(error))
  })

/** Goes on under a new identifier with nothing remembered, so that nobody who knew the old one is let in. */
export const regenerate = ({ session }: Request): Promise<void> => settled((done) => session.regenerate(done))

/** Remembers before the answer goes out: a browser may follow a redirect before a slow store has written. */
export const save = ({ session }: Request): Promise<void> => settled((done) => session.save(done))

const mostFlows = 5

/** Adds a sign-in under way; the oldest of too many is given up. */
export const keepFlow = async (request: Request, flow: AuthCodeFlow): Promise<void> => {
  request.session.flows = [...(request.session.flows ?? []), flow].slice(-mostFlows)
  await save(request)
}

/** States whose flows are being ended. A request that came at the same time may hold the session of before. */
const ending = new Set<string>()

/**
 * Ends the sign-in under way that an answer of this state belongs to. Nothing is tried with its flow before the session
 * has forgotten it, so that no answer is taken twice. Where it belongs to none, all go on, and `finish` gets nothing.
 */
export const endFlow = async <A>(
  request: Request,
  state: unknown,
  finish: (flow: AuthCodeFlow | undefined) => Promise<A>
): Promise<A> => {
  const { flows = [] } = request.session
  const flow = flows.find((one) => one.state === state)
  if (flow === undefined || ending.has(flow.state)) return finish(undefined)
  ending.add(flow.state)
  try {
    request.session.flows = flows.filter((one) => one !== flow)
    await save(request)
    return await finish(flow)
  } finally {
    ending.delete(flow.state)
  }
}

/** Forgets the session here and in the browser, which then lets no page of it be gone back to. */
export const destroy = async ({ session }: Request, response: Response): Promise<void> => {
  await settled((done) => session.destroy(done))
  response.clearCookie(cookieName)
}

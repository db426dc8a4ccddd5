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
    /** The sign-in under way. */
    flow: AuthCodeFlow
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

/** Forgets the session here and in the browser, which then lets no page of it be gone back to. */
export const destroy = async ({ session }: Request, response: Response): Promise<void> => {
  await settled((done) => session.destroy(done))
  response.clearCookie(cookieName)
}

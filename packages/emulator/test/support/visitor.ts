import * as Effect from "effect/Effect"
import { type Answer, type Form, get, type Headers, postForm } from "./http.js"

/** Where an answer leads. */
export const locationOf = ({ headers, text }: Answer): string => {
  const { location } = headers
  if (location === undefined) throw new TypeError(`It leads nowhere: ${text}`)
  return location
}

/** The cookie that an answer sets, as a browser sends it back. */
const cookieOf = ({ headers }: Answer): string | undefined => headers["set-cookie"]?.replace(/;.*/, "")

/** A browser whose forms a test fills in itself: keeps the cookie, and follows no redirect. */
export const makeVisitor = (cookie = "") => {
  let kept = cookie
  const keep = (send: (cookie: string) => ReturnType<typeof get>) =>
    Effect.tap(Effect.suspend(() => send(kept)), (answer) =>
      Effect.sync(() => {
        kept = cookieOf(answer) ?? kept
      }))
  return {
    cookie: () => kept,
    get: (url: string | URL) => keep((cookie) => get(url, { cookie })),
    post: (url: string | URL, form: Form, headers: Headers = {}) =>
      keep((cookie) => postForm(url, form, { ...headers, cookie }))
  }
}

import type { Person } from "../../src/Browser.js"
import type { Fetch } from "./leadingFetch.js"

/** Enters what a device shows, signs in and decides, by the forms of the pages; ends with the last page's text. */
export const signInDevice = async (
  fetch: Fetch,
  shown: { readonly verificationUri: string; readonly userCode: string },
  { consent = "accept", password, username }: Person
): Promise<string> => {
  const forms = [{ user_code: shown.userCode }, { username, password }, { decision: consent }]
  let page = new URL(shown.verificationUri)
  const first = await fetch(page)
  const cookieOf = ({ headers }: Response) => headers.get("set-cookie")?.replace(/;.*/, "")
  let cookie = cookieOf(first) ?? ""
  for (const form of forms) {
    const response = await fetch(page, { method: "POST", headers: { cookie }, body: new URLSearchParams(form) })
    cookie = cookieOf(response) ?? cookie
    const location = response.headers.get("location")
    if (location === null) return response.text()
    page = new URL(location, page)
  }
  throw new Error("There was one more page.")
}

import { CookieJar } from "tough-cookie"
import { createFetch, type Fetch } from "./createFetch.js"
import { type Form, type Page, readPage } from "./forms.js"

export interface Person {
  /** What the form proposes, when left out. */
  readonly username?: string
  readonly password: string
  /** Accept, when left out. */
  readonly consent?: "accept" | "deny"
  /** The second factor. */
  readonly code?: string
  /** What to choose where the password has to be changed. */
  readonly newPassword?: string
}

/** What the browser would bring to the redirect URI, as query, fragment or form. */
export interface AuthorizationResponse {
  readonly url: URL
  readonly parameters: URLSearchParams
}

/** The server showed a person a page that leads no further. */
export class SignInFailed extends Error {
  override readonly name = "SignInFailed"
  readonly status: number

  constructor(message: string, status: number) {
    super(message)
    this.status = status
  }
}

interface Step {
  readonly url: URL
  readonly form?: URLSearchParams
}

const stepLimit = 20

const fillIn = ({ fields, names }: Form, person: Person): URLSearchParams => {
  const { code, consent = "accept", newPassword, password, username } = person
  const answers = {
    username,
    password,
    code,
    new_password: newPassword,
    confirm_password: newPassword,
    decision: consent
  }
  const filled = new URLSearchParams(fields)
  for (const [name, answer] of Object.entries(answers)) {
    if (names.has(name) && answer !== undefined) filled.set(name, answer)
  }
  return filled
}

const arrive = ({ form, url }: Step): AuthorizationResponse => ({
  url,
  parameters: form ?? new URLSearchParams(url.hash === "" ? url.search : url.hash.slice(1))
})

/** A person at a browser without JavaScript, whose cookies last as long as the instance. */
export class Browser {
  readonly #cookies = new CookieJar()
  readonly #fetch: Fetch

  constructor({ caCertificate }: { readonly caCertificate: string }) {
    this.#fetch = createFetch(caCertificate)
  }

  /**
   * Goes to the authorization endpoint, signs in and gives consent when asked, and stops before the first URL outside
   * the server, which is not fetched.
   */
  async signIn(authorizationUrl: string | URL, person: Person): Promise<AuthorizationResponse> {
    let step: Step = { url: new URL(authorizationUrl) }
    const { origin } = step.url
    for (let count = 0; count < stepLimit; count++) {
      if (step.url.origin !== origin) return arrive(step)
      step = await this.#take(step, person)
    }
    throw new SignInFailed(`no end after ${stepLimit} pages`, 508)
  }

  async #take(step: Step, person: Person): Promise<Step> {
    const response = await this.#send(step)
    const location = response.headers.get("location")
    if (location !== null) return { url: new URL(location, step.url) }

    const { alert, form }: Page = readPage(await response.text(), step.url)
    if (form === undefined || alert !== undefined) {
      throw new SignInFailed(alert ?? "a page without a form", response.status)
    }
    return { url: form.action, form: fillIn(form, person) }
  }

  async #send({ form, url }: Step): Promise<Response> {
    const cookie = await this.#cookies.getCookieString(url.href)
    const response = await this.#fetch(url, {
      headers: { accept: "text/html", ...cookie === "" ? {} : { cookie } },
      ...form === undefined ? {} : { method: "POST", body: form }
    })
    for (const header of response.headers.getSetCookie()) await this.#cookies.setCookie(header, url.href)
    return response
  }
}

import type { Sample } from "./sample.js"

/** What a visitor is shown. */
export interface Visit {
  readonly status: number
  readonly headers: Headers
  readonly page: string
  readonly location: string
}

interface Credentials {
  readonly username: string
  readonly password: string
}

/** A browser of the sample's pages, without their looks: keeps the session cookie, follows no redirect by itself. */
export class Visitor {
  cookie = ""
  readonly #sample: Sample

  constructor(sample: Sample) {
    this.#sample = sample
  }

  async visit(address: string | URL, init: RequestInit = {}): Promise<Visit> {
    const response = await fetch(new URL(address, this.#sample.origin), {
      ...init,
      headers: { cookie: this.cookie },
      redirect: "manual"
    })
    const [cookie] = response.headers.getSetCookie()
    if (cookie !== undefined) this.cookie = cookie.replace(/;.*/, "")
    const page = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      page,
      location: response.headers.get("location") ?? ""
    }
  }

  post(address: string, form: ConstructorParameters<typeof URLSearchParams>[0]): Promise<Visit> {
    return this.visit(address, { method: "POST", body: new URLSearchParams(form) })
  }

  /** Goes to the identity provider, answers it, and comes back with the address it leads to. */
  async answerProvider(person: Credentials, consent: "accept" | "deny" = "accept"): Promise<URL> {
    const { location } = await this.visit("/login")
    const { parameters, url } = await this.#sample.emulator.signIn(location, { ...person, consent })
    const code = parameters.get("code")
    if (code !== null) this.#sample.client.secrets.add(code)
    return url
  }

  async signIn(person: Credentials): Promise<Visit> {
    return this.visit(await this.answerProvider(person))
  }

  /** The token in the forms of the profile page. */
  async formToken(): Promise<string> {
    const { page } = await this.visit("/profile")
    return /name="form_token" value="([^"]+)"/.exec(page)?.[1] ?? ""
  }
}

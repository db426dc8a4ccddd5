/**
 * The app's pages. They work without JavaScript, and show neither tokens nor codes.
 */
import type { TokenResult } from "@grantwork/promise"
import type { Profile } from "./api.js"
import { type Html, html } from "./html.js"
import { layout } from "./layout.js"
import type { Problem } from "./problems.js"
import type { SignedIn } from "./sessions.js"

export const homePage = (): string =>
  layout(
    "Welcome",
    html`<section>
<h1>Welcome</h1>
<p>You are not signed in. Sign in to see what your ID token says, and what an API answers in your name.</p>
<p class="actions"><a class="button primary" href="/login">Sign in</a></p>
</section>`
  )

export const notFoundPage = (): string =>
  layout(
    "There is no such page",
    html`<section>
<h1>There is no such page</h1>
<p class="actions"><a class="button primary" href="/">Go to the start</a></p>
</section>`
  )

export const problemPage = ({ code, correlationId, text, title }: Problem): string =>
  layout(
    title,
    html`<section class="problem">
<h1>${title}</h1>
<p>${text}</p>
<p class="muted">Code: <code>${code}</code>${
      correlationId === undefined ? undefined : html`<br>Correlation id: <code>${correlationId}</code>`
    }</p>
<p class="actions">
<a class="button primary" href="/login">Sign in again</a>
<a class="button" href="/">Go to the start</a>
</p>
</section>`
  )

const sources: Readonly<Record<TokenResult["source"], string>> = {
  "cache": "cache",
  "identity-provider": "identity provider"
}

export const profilePage = ({ account, claims, formToken, profile, refreshedFrom, token }: SignedIn & {
  readonly profile: Profile | null
  readonly refreshedFrom: TokenResult["source"] | undefined
  readonly token: Pick<TokenResult, "expiresAt" | "scopes" | "source">
}): string =>
  layout(
    "Your profile",
    html`${
      refreshedFrom === undefined
        ? undefined
        : html`<p role="status">A new token came from the ${sources[refreshedFrom]}, and is in the cache now.</p>`
    }
<h1>${account.name ?? account.username}</h1>
<p>You are signed in as ${account.username}.</p>
<section>
<h2>Your access token</h2>
${
      table("What the API is called with", {
        "from": sources[token.source],
        "scopes": token.scopes.join(" "),
        "expires": token.expiresAt
      })
    }
${form("/refresh", formToken, "Get a new token")}
</section>
<section>
<h2>What the API says</h2>
${
      profile === null
        ? html`<p>The API did not accept the token, or cannot be reached. <a href="/login">Sign in again</a></p>`
        : table("The answer of /me, called in your name", withoutAnnotations(profile))
    }
</section>
<section>
<h2>What the ID token says</h2>
${table("Its claims, verified", claims)}
</section>`,
    form("/logout", formToken, "Sign out")
  )

const withoutAnnotations = (profile: Profile): Profile =>
  Object.fromEntries(Object.entries(profile).filter(([name]) => !name.startsWith("@")))

const form = (action: string, formToken: string, label: string): Html =>
  html`<form class="actions" method="post" action="${action}">
<input type="hidden" name="form_token" value="${formToken}">
<button class="button">${label}</button>
</form>`

const table = (caption: string, rows: Readonly<Record<string, unknown>>): Html =>
  html`<table>
<caption>${caption}</caption>
<tbody>
${
    Object.entries(rows).map(([name, value]) =>
      html`<tr><th scope="row">${name}</th><td>${show(name, value)}</td></tr>\n`
    )
  }
</tbody>
</table>`

const times = new Set(["auth_time", "exp", "iat", "nbf"])

const show = (name: string, value: unknown): Html | string => {
  if (value === null) return html`<span class="muted">none</span>`
  if (value instanceof Date) return time(value)
  if (typeof value === "number" && times.has(name)) return time(new Date(value * 1000))
  return typeof value === "string" ? value : JSON.stringify(value) ?? ""
}

const time = (date: Date): Html => {
  const text = Number.isNaN(date.getTime()) ? "" : date.toISOString()
  return html`<time datetime="${text}">${text.replace("T", " ").replace(/\.\d+Z$/, " UTC")}</time>`
}

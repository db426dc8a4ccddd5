import { text } from "node:stream/consumers"
import type { Interaction, InteractionResults, Provider } from "oidc-provider"
import { errors } from "./oidcProvider.js"
import { consentPage, errorPage, loginPage } from "./pages.js"
import { splitScope } from "./scopes.js"
import { authenticate, type User } from "./users.js"

interface Visit {
  readonly action: string
  readonly client: string
  readonly form: URLSearchParams | undefined
  readonly interaction: Interaction
}

/** A page to show, or what the interaction came to. */
type Outcome = InteractionResults | string

const login = ({ action, client, form, interaction }: Visit, users: ReadonlyArray<User>): Outcome => {
  if (form === undefined) {
    const hint = interaction.params["login_hint"]
    return loginPage({ action, client, username: typeof hint === "string" ? hint : "" })
  }
  const username = form.get("username") ?? ""
  const user = authenticate(users, username, form.get("password") ?? "")
  return user === undefined
    ? loginPage({ action, alert: "Wrong username or password.", client, username })
    : { login: { accountId: user.sub, amr: ["pwd"] } }
}

const strings = (value: unknown): Array<string> =>
  Array.isArray(value) ? value.filter((element) => typeof element === "string") : []

const allow = async (provider: Provider, { grantId, params, prompt, session }: Interaction): Promise<string> => {
  const existing = grantId === undefined ? undefined : await provider.Grant.find(grantId)
  const grant = existing ??
    new provider.Grant({ accountId: session?.accountId, clientId: String(params["client_id"]) })
  grant.addOIDCScope(strings(prompt.details["missingOIDCScope"]))
  for (const [resource, scopes] of Object.entries(prompt.details["missingResourceScopes"] ?? {})) {
    grant.addResourceScope(resource, strings(scopes))
  }
  return grant.save()
}

const consent = async ({ action, client, form, interaction }: Visit, provider: Provider): Promise<Outcome> => {
  switch (form?.get("decision")) {
    case "accept":
      return { consent: { grantId: await allow(provider, interaction) } }
    case "deny":
      return { error: "access_denied", error_description: "The person said no" }
    default:
      return consentPage({ action, client, scopes: splitScope(interaction.params["scope"]) })
  }
}

/** The pages where a person signs in and gives consent. */
export const serveInteractions = (provider: Provider, users: ReadonlyArray<User>): void => {
  const attend = async (interaction: Interaction, action: string, form: URLSearchParams | undefined) => {
    const clientId = String(interaction.params["client_id"])
    const client = (await provider.Client.find(clientId))?.clientName ?? clientId
    const visit: Visit = { action, client, form, interaction }
    return interaction.prompt.name === "login" ? login(visit, users) : consent(visit, provider)
  }

  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith("/interaction/")) {
      await next()
      return
    }
    const form = ctx.method === "POST" ? new URLSearchParams(await text(ctx.req)) : undefined
    ctx.state["form"] = form && Object.fromEntries(form)
    ctx.set("cache-control", "no-store")
    try {
      const outcome = await attend(await provider.interactionDetails(ctx.req, ctx.res), ctx.path, form)
      if (typeof outcome !== "string") {
        ctx.status = 303
        ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, outcome))
        return
      }
      ctx.type = "html"
      ctx.body = outcome
    } catch (error) {
      if (!(error instanceof errors.OIDCProviderError)) throw error
      ctx.status = 400
      ctx.type = "html"
      ctx.body = errorPage(error.error, error.error_description)
    }
  })
}

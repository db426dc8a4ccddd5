import type { Provider } from "oidc-provider"

/** One request the server answered. Values of fields are left out, so that no secret gets into a test report. */
export interface RecordedRequest {
  readonly method: string
  readonly path: string
  readonly queryFields: ReadonlyArray<string>
  readonly formFields: ReadonlyArray<string>
  readonly grantType: string | undefined
  readonly status: number
}

const asForm = (body: unknown): Readonly<Record<string, unknown>> =>
  typeof body === "object" && body !== null ? { ...body } : {}

export const recordRequests = (provider: Provider, requests: Array<RecordedRequest>): void => {
  provider.use(async (ctx, next) => {
    try {
      await next()
    } finally {
      const form = asForm(ctx.state["form"] ?? asForm(ctx["oidc"])["body"])
      requests.push({
        method: ctx.method,
        path: ctx.path,
        queryFields: Object.keys(ctx.query),
        formFields: Object.keys(form),
        grantType: typeof form["grant_type"] === "string" ? form["grant_type"] : undefined,
        status: ctx.status
      })
    }
  })
}

import type { Fetch } from "@grantwork/promise"

export const issuer = "https://provider.example"

export const metadata = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  response_types_supported: ["code"],
  subject_types_supported: ["public"],
  id_token_signing_alg_values_supported: ["RS256"]
}

/** A provider that publishes its metadata and no keys, and answers the token endpoint as told. */
export const scripted = (token: Fetch): Fetch => async (address, init) => {
  switch (String(address)) {
    case metadata.token_endpoint:
      return token(address, init)
    case metadata.jwks_uri:
      return Response.json({ keys: [] })
    default:
      return Response.json(metadata)
  }
}

export interface Gate {
  readonly fetch: Fetch
  readonly open: (answer: Response) => void
  /** When the token endpoint is asked. */
  readonly asked: Promise<void>
  /** Whether the caller gave up. */
  readonly left: () => boolean
}

/** A provider whose token endpoint answers when it is told to. */
export const gate = (): Gate => {
  let left = false
  let ask = () => {}
  const asked = new Promise<void>((resolve) => {
    ask = resolve
  })
  let open: Gate["open"] = () => {}
  const opened = new Promise<Response>((resolve) => {
    open = resolve
  })
  const fetch = scripted((_, init) => {
    init?.signal?.addEventListener("abort", () => {
      left = true
    })
    ask()
    return opened
  })
  return { fetch, asked, open: (answer) => open(answer), left: () => left }
}

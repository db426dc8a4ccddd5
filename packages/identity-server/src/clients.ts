import type { JWK } from "oidc-provider"

export type ClientAuthMethod = "client_secret_basic" | "client_secret_post" | "none" | "private_key_jwt"

/** Client metadata by its registered names ({@link https://www.rfc-editor.org/rfc/rfc7591#section-2 RFC 7591}). */
export interface Client {
  readonly client_id: string
  readonly client_name?: string
  readonly client_secret?: string
  /** Public keys of a client that signs. */
  readonly jwks?: { readonly keys: ReadonlyArray<JWK> }
  readonly application_type?: "native" | "web"
  readonly token_endpoint_auth_method: ClientAuthMethod
  readonly redirect_uris: ReadonlyArray<string>
  readonly grant_types?: ReadonlyArray<string>
  readonly scope?: string
}

export interface ConfidentialClient extends Client {
  readonly client_secret: string
}

/** The clients every server has. */
export interface Clients {
  /** No secret, PKCE required. */
  readonly public: Client
  /** Like `public`, with any port allowed on the loopback redirect URI, and asked for consent every time. */
  readonly native: Client
  readonly secretPost: ConfidentialClient
  /** Its secret means something else when it is not form-encoded before base64. */
  readonly secretBasic: ConfidentialClient
}

export const defaultGrantTypes: ReadonlyArray<string> = ["authorization_code", "refresh_token", "password"]

const redirect_uris = ["https://app.example/callback", "http://127.0.0.1/callback"]

export const predefinedClients: Clients = {
  public: {
    client_id: "public-client",
    client_name: "Public client",
    token_endpoint_auth_method: "none",
    redirect_uris
  },
  native: {
    client_id: "native-client",
    client_name: "Native client",
    application_type: "native",
    token_endpoint_auth_method: "none",
    redirect_uris
  },
  secretPost: {
    client_id: "secret-post-client",
    client_name: "Confidential client with its secret in the form",
    client_secret: "a-secret-for-the-form-of-the-token-request",
    token_endpoint_auth_method: "client_secret_post",
    redirect_uris
  },
  secretBasic: {
    client_id: "secret:basic+client",
    client_name: "Confidential client with its secret in the header",
    client_secret: "s:e%c+r&e=t / 100%25 ~!\"'()*",
    token_endpoint_auth_method: "client_secret_basic",
    redirect_uris
  }
}

import { type AuthError, ClientApplication, Crypto, type Grantwork, TokenCache } from "@grantwork/core"
import * as Layer from "effect/Layer"
import { type HttpClientName, httpClients } from "./httpClients.js"

interface Provider {
  readonly issuer: string
  readonly caCertificate: string
}

/** A fresh application with an empty cache; the public client unless told otherwise. */
export const application = (
  { caCertificate, issuer }: Provider,
  options: Partial<ClientApplication.Options> = {},
  over: HttpClientName = "undici"
): Layer.Layer<Grantwork.Services, AuthError.InvalidConfiguration | AuthError.InvalidAuthority> =>
  Layer.mergeAll(
    ClientApplication.layer({ clientId: "public-client", issuer, ...options }),
    httpClients[over](caCertificate),
    TokenCache.layerMemory,
    Crypto.layer
  )

import { type AuthError, ClientApplication, Crypto, type Grantwork, TokenCache } from "@grantwork/core"
import * as Layer from "effect/Layer"
import { type HttpClientName, httpClients } from "./httpClients.js"

/** A fresh application with an empty cache. */
export const application = (
  { caCertificate }: { readonly caCertificate: string },
  options: ClientApplication.Options,
  over: HttpClientName = "undici"
): Layer.Layer<Grantwork.Services, AuthError.InvalidConfiguration | AuthError.InvalidAuthority> =>
  Layer.mergeAll(
    ClientApplication.layer(options),
    httpClients[over](caCertificate),
    TokenCache.layerMemory,
    Crypto.layer
  )

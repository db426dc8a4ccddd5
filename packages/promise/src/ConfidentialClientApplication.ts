/**
 * Applications that prove themselves.
 */
import * as ClientCredentials from "@grantwork/core/ClientCredentials"
import * as Bridge from "./Bridge.js"
import { ClientApplication } from "./ClientApplication.js"
import * as From from "./fromRequest.js"
import type { ConfidentialClientOptions } from "./Options.js"
import type { ClientCredentialRequest, RemoveTokensForClientRequest } from "./Requests.js"
import type { TokenResult } from "./TokenResult.js"
import * as Plain from "./toPlain.js"

/** A web application, an API or a daemon, which proves itself with a secret, a key or an assertion. */
export class ConfidentialClientApplication extends ClientApplication {
  /** Throws `InvalidConfiguration` or `InvalidAuthority`. Sends nothing. */
  public constructor(options: ConfidentialClientOptions) {
    super(options, options)
  }

  /** A token in the application's own name, from the cache if it can be. */
  acquireTokenByClientCredential(request: ClientCredentialRequest): Promise<TokenResult> {
    return Bridge.of(this).run(request, From.clientCredential, ClientCredentials.acquire, Plain.tokenResult)
  }

  /** Forgets the tokens in the application's own name, and nobody's who signed in. */
  removeTokensForClient(request: RemoveTokensForClientRequest = {}): Promise<void> {
    return Bridge.of(this).run(request, From.ownTokens, ClientCredentials.remove, (nothing) => nothing)
  }
}

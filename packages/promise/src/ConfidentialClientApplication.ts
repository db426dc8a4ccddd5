/**
 * Applications that keep a secret.
 */
import { ClientApplication } from "./ClientApplication.js"
import type { ConfidentialClientOptions } from "./Options.js"

/** A web application or an API, which proves itself with its secret. */
export class ConfidentialClientApplication extends ClientApplication {
  /** Throws `InvalidConfiguration` or `InvalidAuthority`. Sends nothing. */
  public constructor(options: ConfidentialClientOptions) {
    super(options, options)
  }
}

/**
 * Applications that cannot keep a secret.
 */
import { ClientApplication } from "./ClientApplication.js"
import type { PublicClientOptions } from "./Options.js"

/** A desktop, mobile or browser application, a CLI or a device. */
export class PublicClientApplication extends ClientApplication {
  /** Throws `InvalidConfiguration` or `InvalidAuthority`. Sends nothing. */
  public constructor(options: PublicClientOptions) {
    super(options)
  }
}

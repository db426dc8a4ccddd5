/**
 * A certificate and its private key out of one file, as Windows and Azure Key Vault hand them out.
 */
import { pkcs12 } from "#platform"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as Argument from "./arguments.js"
import type { ClientCertificate } from "./Credential.js"
import { toError } from "./toError.js"

/** Request of `readPkcs12`. */
export interface Pkcs12File {
  readonly path: string
  readonly passphrase?: string | undefined
}

/**
 * Reads a file of PKCS#12, also called PFX, into what `clientCertificate` takes. On Node only, with the package `node-forge`
 * installed. Rejects with `InvalidConfiguration` where there is no such file, or the passphrase is wrong.
 */
export const readPkcs12 = async (file: Pkcs12File): Promise<ClientCertificate> => {
  const { passphrase, path } = Argument.object(file)
  const exit = await Effect.runPromiseExit(
    pkcs12({ path: Argument.text("path", path), passphrase: Argument.optionalSecret("passphrase", passphrase) })
  )
  if (Exit.isFailure(exit)) {
    throw toError(exit.cause)
  }
  const { certificate, privateKey } = exit.value
  return { certificate, privateKey: Redacted.value(privateKey) }
}

import type { Crypto } from "@grantwork/core"
import * as Redacted from "effect/Redacted"
import { createHash } from "node:crypto"

/** The same 32 bytes for the same name. */
export const encryptionKey = (id: string): Crypto.EncryptionKey => ({
  id,
  secret: Redacted.make(new Uint8Array(createHash("sha256").update(id).digest()))
})

/**
 * What every grant is handed.
 */
import type * as Effect from "effect/Effect"
import type * as Directory from "../directory/Directory.js"
import type { Exchange } from "../http/Exchange.js"
import type { ClaimsRequest } from "../protocol/ClaimsRequest.js"
import type { EntraError } from "../protocol/EntraError.js"
import type { Parameters } from "../protocol/Parameters.js"
import type { World } from "../state/World.js"

interface Request {
  readonly authority: Directory.Authority
  readonly directory: Directory.Directory
  /** Has proved itself. */
  readonly client: Directory.App
  readonly parameters: Parameters
  readonly claims: ClaimsRequest
  /** Names the key that the access token is to be bound to. */
  readonly keyId: string | undefined
  readonly wantsClientInfo: boolean
  /** Seconds since 1970. */
  readonly now: number
}

/** @category models */
export type Grant = (
  request: Request
) => Effect.Effect<Readonly<Record<string, unknown>>, EntraError, World | Exchange>

/**
 * One partition as it lies in Redis: a version, a line break, and MSAL's JSON, plain or as a compact JWE of it; or that
 * it was removed.
 */
import type * as Crypto from "@grantwork/core/Crypto"
import * as UnifiedCache from "@grantwork/core/UnifiedCache"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"

/** @category models */
export interface Stored {
  /** Another one with each write: 22 characters, none where nothing is stored. */
  readonly version: string
  readonly cache: UnifiedCache.UnifiedCache
}

/** @category constructors */
export const nothing: Stored = { version: "", cache: UnifiedCache.empty }

/**
 * What a removal leaves for a while. Its version tells a removal from an entry that never was, so that what was sent
 * before it and arrives after it does nothing.
 *
 * @category constructors
 */
export const removed = (version: string): Stored => ({ version, cache: UnifiedCache.empty })

/**
 * Whether nothing is stored, or it was removed.
 *
 * @category predicates
 */
export const isAbsent = ({ cache }: Stored): boolean => cache === UnifiedCache.empty

/**
 * An entry that cannot be read.
 *
 * - `garbled`: it is not what the token cache writes
 * - `plain`: it is not encrypted, though it should be
 * - `sealed`: it is encrypted, and no keys are given
 * - `unknown_key`: it is encrypted by a key that is not given
 * - `tampered`: it was changed since it was encrypted
 *
 * @category errors
 */
export class EntryDamaged extends Data.TaggedError("EntryDamaged")<{
  readonly reason: "garbled" | "plain" | "sealed" | "unknown_key" | "tampered"
  /** Absent where it has none. */
  readonly version?: string | undefined
}> {}

/**
 * Whether nobody can read the entry; one whose key is missing is whole for whoever has the key.
 *
 * @category predicates
 */
export const isWorthless = ({ reason }: EntryDamaged): boolean => reason !== "sealed" && reason !== "unknown_key"

/**
 * An entry that would be longer than `longest`.
 *
 * @category errors
 */
export class EntryTooLong extends Data.TaggedError("EntryTooLong") {}

/**
 * Characters of an entry. A longer one would keep everybody waiting who shares the connection.
 *
 * @category constants
 */
export const longest = 8_000_000

/** @category models */
export type EncryptionKeys = readonly [Crypto.EncryptionKey, ...ReadonlyArray<Crypto.EncryptionKey>]

/** @category models */
export interface Sealing {
  readonly crypto: Crypto.Service
  /** The first one encrypts, each decrypts; plain where there is none. */
  readonly keys: EncryptionKeys | undefined
  /** Whether plain entries are read where there are keys. */
  readonly readsPlain: boolean
}

/** @category encoders */
export const encode = (stored: Stored, { crypto, keys }: Sealing): Effect.Effect<string, EntryTooLong> => {
  const json = UnifiedCache.stringify(stored.cache)
  const body = keys === undefined ? Effect.succeed(json) : crypto.encrypt(new TextEncoder().encode(json), keys[0])
  return Effect.filterOrFail(
    Effect.map(body, (body) => `${stored.version}\n${body}`),
    (text) => text.length <= longest,
    () => new EntryTooLong()
  )
}

/** @category encoders */
export const encodeRemoved = ({ version }: Stored): string => `${version}\nremoved`

const shape = /^([\w-]{22})\n(?=\{|eyJ|removed$)/

/** @category decoders */
export const decode = (value: unknown, sealing: Sealing): Effect.Effect<Stored, EntryDamaged> => {
  if (value === null || value === undefined) {
    return Effect.succeed(nothing)
  }
  const text = typeof value === "string" ? value : ""
  const version = shape.exec(text)?.[1]
  if (version === undefined) {
    return Effect.fail(new EntryDamaged({ reason: "garbled" }))
  }
  const body = text.slice(version.length + 1)
  return body === "removed" ? Effect.succeed(removed(version)) : open(body, sealing).pipe(
    Effect.flatMap((json) => Effect.mapError(UnifiedCache.parse(json), () => "garbled" as const)),
    Effect.mapBoth({
      onFailure: (reason) => new EntryDamaged({ reason, version }),
      onSuccess: (cache) => ({ version, cache })
    })
  )
}

const open = (
  body: string,
  { crypto, keys, readsPlain }: Sealing
): Effect.Effect<string, EntryDamaged["reason"]> => {
  if (body.startsWith("{")) {
    return keys === undefined || readsPlain ? Effect.succeed(body) : Effect.fail("plain")
  }
  return keys === undefined ? Effect.fail("sealed") : Effect.mapBoth(crypto.decrypt(body, keys), {
    onFailure: ({ reason }) => reason === "malformed" ? "garbled" : reason,
    onSuccess: (bytes) => new TextDecoder().decode(bytes)
  })
}

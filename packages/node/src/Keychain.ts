/**
 * The keychain of the operating system: the Secret Service on Linux, Keychain on macOS, Credential Manager on Windows.
 */
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"

/**
 * The keychain is not there, is locked, or does not answer.
 *
 * @category errors
 */
export class KeychainUnavailable extends Data.TaggedError("KeychainUnavailable")<{
  /** The cause, as a clause without a full stop. */
  readonly message: string
}> {}

/**
 * Where a secret is kept.
 *
 * @category models
 */
export interface Entry {
  /** The program that keeps it. */
  readonly service: string
  readonly account: string
}

/** @category models */
export interface Service {
  /** None where there is no such entry. */
  readonly get: (entry: Entry) => Effect.Effect<Option.Option<Redacted.Redacted>, KeychainUnavailable>
  /** Puts a secret in place of the one that the entry has. */
  readonly set: (entry: Entry, secret: Redacted.Redacted) => Effect.Effect<void, KeychainUnavailable>
}

/** @category services */
export class Keychain extends Context.Tag("@grantwork/node/Keychain")<Keychain, Service>() {}

interface KeyringOptions {
  readonly linux: { readonly store: "secret-service" }
}

// Left to itself, the module falls back to a keyring in the kernel's memory, which forgets the key when the host restarts.
const options: KeyringOptions = { linux: { store: "secret-service" } }

/**
 * What is used of `@napi-rs/keyring`.
 *
 * @category models
 */
export interface Keyring {
  readonly AsyncEntry: new(service: string, account: string, options: KeyringOptions) => {
    readonly getPassword: (signal: AbortSignal) => Promise<string | null>
    readonly setPassword: (secret: string, signal: AbortSignal) => Promise<void>
  }
}

/**
 * The keychain that a module gives access to; it is loaded at each use until that succeeds.
 *
 * @category constructors
 */
export const make = (load: () => Promise<Keyring>): Service => {
  const withEntry = <A>(
    { account, service }: Entry,
    use: (entry: InstanceType<Keyring["AsyncEntry"]>, signal: AbortSignal) => Promise<A>
  ) =>
    Effect.flatMap(
      Effect.tryPromise({ try: load, catch: notLoaded }),
      ({ AsyncEntry }) =>
        Effect.tryPromise({
          try: (signal) => use(new AsyncEntry(service, account, options), signal),
          catch: (error) => new KeychainUnavailable({ message: `the keychain refused: ${messageOf(error)}` })
        })
    )

  return {
    get: (entry) =>
      Effect.map(
        withEntry(entry, (held, signal) => held.getPassword(signal)),
        (secret) => Option.map(Option.fromNullable(secret), (text) => Redacted.make(text))
      ),
    set: (entry, secret) =>
      withEntry(entry, (held, signal) => held.setPassword(Redacted.value(secret), signal)).pipe(
        Effect.mapError((error) =>
          error.message.includes(Redacted.value(secret))
            ? new KeychainUnavailable({ message: "the keychain refused" })
            : error
        )
      )
  }
}

const notLoaded = (error: unknown): KeychainUnavailable =>
  new KeychainUnavailable({
    message: isMissing(error)
      ? "@napi-rs/keyring is not installed"
      : `@napi-rs/keyring could not be loaded: ${messageOf(error)}`
  })

const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND"

const longestMessage = 300

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n", 1).join("").slice(0, longestMessage)

/**
 * The keychain of whoever runs this process, through `@napi-rs/keyring`, which is loaded at first use.
 *
 * @category layers
 */
export const layer: Layer.Layer<Keychain> = Layer.succeed(Keychain, make(() => import("@napi-rs/keyring")))

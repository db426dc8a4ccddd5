/**
 * The client application: its registration at the provider, its limits, and what it has learnt of the provider.
 */
import * as Config from "effect/Config"
import type * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import type * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import type * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { AuthError, InvalidAuthority, InvalidConfiguration } from "../AuthError.js"
import type { ClientCredential } from "../domain/ClientCredential.js"
import { refuse } from "../domain/Configuration.js"
import type { TokenResult } from "../domain/TokenResult.js"
import type * as ClientAssertion from "../protocol/ClientAssertion.js"
import * as ClientAuthentication from "../protocol/ClientAuthentication.js"
import * as IdToken from "../protocol/IdToken.js"
import type { JsonWebKeySet } from "../protocol/JsonWebKeySet.js"
import type * as ProviderMetadata from "../protocol/ProviderMetadata.js"
import * as AuthorityOptions from "./AuthorityOptions.js"
import * as Cell from "./Cell.js"
import * as ClientCredentialOptions from "./ClientCredentialOptions.js"
import type { ProofKey } from "./Crypto.js"
import * as RequestOptions from "./RequestOptions.js"
import * as SingleFlight from "./SingleFlight.js"
import * as Telemetry from "./Telemetry.js"
import * as Throttle from "./Throttle.js"

/** @category models */
export type { AssertionRequest, Sign, SigningAlgorithm } from "../domain/ClientCredential.js"

/** @category models */
export type { ClientAssertion } from "./ClientCredentialOptions.js"

/** @category models */
export type { ClientCertificate, ClientSigner } from "./ClientKeyOptions.js"

/** @category models */
export interface Options extends AuthorityOptions.Options, ClientCredentialOptions.Options, RequestOptions.Options {
  readonly clientId: string
  /** How the client is registered to send its secret; what the provider announces by default. */
  readonly clientAuthenticationMethod?: ClientAuthentication.Method | undefined
  /** What the application can do, sent with every request: `["cp1"]` at Microsoft for one that meets claims challenges. */
  readonly clientCapabilities?: ReadonlyArray<string> | undefined
  /** How far this machine's clock may be off; 2 minutes by default. */
  readonly clockSkew?: Duration.DurationInput | undefined
  /** Longest time for one request, from connecting to the last byte; 30 seconds by default. */
  readonly requestTimeout?: Duration.DurationInput | undefined
  /** Longest body read, in bytes after decompression; 1 MiB by default. */
  readonly maximumResponseSize?: number | undefined
  /** Signature algorithms accepted in ID tokens; every asymmetric one by default. */
  readonly idTokenSigningAlgorithms?: ReadonlyArray<IdToken.SigningAlgorithm> | undefined
}

/**
 * Keys of a provider, and when they were last fetched again for an unknown one, in milliseconds since 1970.
 *
 * @category models
 */
export interface FetchedKeys {
  readonly keySet: JsonWebKeySet
  readonly renewedAt: Option.Option<number>
}

/**
 * A key that is ready to sign: what it signs, and what becomes of it.
 *
 * @category models
 */
export interface SigningKey {
  readonly header: ClientAssertion.Header
  readonly sign: (signingInput: string) => Effect.Effect<Redacted.Redacted, AuthError, ClientApplication>
}

/**
 * An assertion, and the seconds since 1970 between which it holds.
 *
 * @category models
 */
export interface HeldAssertion {
  readonly assertion: Redacted.Redacted
  readonly from: number
  readonly until: number
}

/** @category models */
export interface HeldRefreshToken {
  readonly secret: Redacted.Redacted
  readonly expiresAt: DateTime.Utc
}

/** @category models */
export interface Service extends AuthorityOptions.Trusted, RequestOptions.Settings {
  readonly clientId: string
  readonly credential: Option.Option<ClientCredential>
  readonly clientAuthenticationMethod: Option.Option<ClientAuthentication.Method>
  readonly clientCapabilities: ReadonlyArray<string>
  readonly clockSkew: Duration.Duration
  readonly requestTimeout: Duration.Duration
  readonly maximumResponseSize: number
  readonly idTokenSigningAlgorithms: ReadonlyArray<IdToken.SigningAlgorithm>
  readonly metadata: Cell.Cell<ProviderMetadata.ProviderMetadata>
  readonly keys: Cell.Cell<FetchedKeys>
  readonly signingKey: Cell.Cell<SigningKey>
  /** By token endpoint. */
  readonly assertions: Cell.Cell<HeldAssertion>
  /** Of the refresh tokens that came lately. */
  readonly refreshTokenExpiries: Cell.Cell<HeldRefreshToken>
  /** The key that tokens are bound to where an API wants proof of possession. */
  readonly proofKey: Cell.Cell<ProofKey>
  readonly throttle: Throttle.Throttle
  readonly telemetry: Telemetry.Telemetry
  /** From 0 to 1: by how much this process waits longer than others before it renews a token. */
  readonly jitter: number
  readonly acquisitions: SingleFlight.SingleFlight<TokenResult>
}

/** @category services */
export class ClientApplication extends Context.Tag("@grantwork/core/ClientApplication")<ClientApplication, Service>() {}

/**
 * Checks the options and makes an application that lasts as long as the scope.
 *
 * @category constructors
 */
export const make = (
  options: Options
): Effect.Effect<Service, InvalidConfiguration | InvalidAuthority, Scope.Scope> =>
  Effect.gen(function*() {
    const trusted = yield* AuthorityOptions.read(options)
    return {
      ...trusted,
      clientId: yield* nonEmpty("clientId", options.clientId),
      credential: yield* ClientCredentialOptions.read(options, trusted.authority._tag === "Adfs" ? "RS256" : "PS256"),
      clientAuthenticationMethod: yield* authenticationMethod(options.clientAuthenticationMethod),
      clientCapabilities: yield* capabilities(options.clientCapabilities ?? []),
      clockSkew: yield* duration("clockSkew", options.clockSkew ?? "2 minutes", 0),
      requestTimeout: yield* duration("requestTimeout", options.requestTimeout ?? "30 seconds", 1),
      maximumResponseSize: yield* positive("maximumResponseSize", options.maximumResponseSize ?? 1024 * 1024),
      idTokenSigningAlgorithms: yield* algorithms(options.idTokenSigningAlgorithms ?? IdToken.signingAlgorithms),
      metadata: yield* Cell.make<ProviderMetadata.ProviderMetadata>("24 hours"),
      keys: yield* Cell.make<FetchedKeys>("1 hour"),
      signingKey: yield* Cell.make<SigningKey>(Duration.infinity),
      assertions: yield* Cell.make<HeldAssertion>("24 hours"),
      refreshTokenExpiries: yield* Cell.make<HeldRefreshToken>("90 days"),
      proofKey: yield* Cell.make<ProofKey>(Duration.infinity),
      throttle: Throttle.make(),
      telemetry: Telemetry.make(),
      jitter: yield* Random.next,
      ...yield* RequestOptions.read(options),
      acquisitions: yield* SingleFlight.make<TokenResult>()
    }
  })

/**
 * The application from options.
 *
 * @category layers
 */
export const layer = (options: Options): Layer.Layer<ClientApplication, InvalidConfiguration | InvalidAuthority> =>
  Layer.scoped(ClientApplication, make(options))

/**
 * The names that Azure's tools read: `AZURE_CLIENT_ID`, and optionally `AZURE_TENANT_ID`, `AZURE_AUTHORITY_HOST` and
 * `AZURE_CLIENT_SECRET`.
 *
 * @category config
 */
export const azureConfig: Config.Config<Options> = Config.all({
  clientId: Config.nonEmptyString("AZURE_CLIENT_ID"),
  tenant: Config.nonEmptyString("AZURE_TENANT_ID").pipe(Config.withDefault("common")),
  host: Config.nonEmptyString("AZURE_AUTHORITY_HOST").pipe(Config.withDefault("https://login.microsoftonline.com")),
  clientSecret: Config.option(Config.redacted(Config.nonEmptyString("AZURE_CLIENT_SECRET")))
}).pipe(
  Config.map(({ clientId, clientSecret, host, tenant }) => ({
    clientId,
    authority: `${host.endsWith("/") ? host.slice(0, -1) : host}/${tenant}`,
    clientSecret: Option.getOrUndefined(clientSecret)
  }))
)

/**
 * The application from configuration; the names Azure's tools read by default.
 *
 * @category layers
 */
export const layerConfig = (
  config: Config.Config<Options> = azureConfig
): Layer.Layer<ClientApplication, InvalidConfiguration | InvalidAuthority | ConfigError.ConfigError> =>
  Layer.scoped(ClientApplication, Effect.flatMap(config, make))

const authenticationMethod = (method: ClientAuthentication.Method | undefined) =>
  method === undefined || ClientAuthentication.methods.includes(method)
    ? Either.right(Option.fromNullable(method))
    : refuse(
      "clientAuthenticationMethod",
      `clientAuthenticationMethod is ${ClientAuthentication.methods.join(" or ")}.`
    )

const nonEmpty = (option: string, text: string) =>
  typeof text === "string" && text.trim() !== ""
    ? Either.right(text)
    : refuse(option, `${option} has to be a non-empty text.`)

const isTexts = (value: unknown): value is ReadonlyArray<string> =>
  Array.isArray(value) && value.every((one) => typeof one === "string" && one !== "")

const capabilities = (given: ReadonlyArray<string>) =>
  isTexts(given)
    ? Either.right(given)
    : refuse("clientCapabilities", "clientCapabilities has to be a list of texts, such as [\"cp1\"].")

const positive = (option: string, value: number) =>
  Number.isSafeInteger(value) && value > 0
    ? Either.right(value)
    : refuse(option, `${option} has to be a positive integer.`)

const duration = (option: string, input: Duration.DurationInput, leastMillis: number) =>
  Option.match(
    Option.filter(
      Duration.decodeUnknown(input),
      (value) => Duration.isFinite(value) && Duration.toMillis(value) >= leastMillis
    ),
    {
      onNone: () => refuse(option, `${option} has to be a positive duration, such as "30 seconds".`),
      onSome: (value) => Either.right(value)
    }
  )

const isSigningAlgorithms = (accepted: unknown): accepted is ReadonlyArray<IdToken.SigningAlgorithm> =>
  Array.isArray(accepted) && accepted.length > 0
  && accepted.every((one) => IdToken.signingAlgorithms.some((algorithm) => algorithm === one))

const algorithms = (accepted: ReadonlyArray<IdToken.SigningAlgorithm>) =>
  isSigningAlgorithms(accepted)
    ? Either.right(accepted)
    : refuse(
      "idTokenSigningAlgorithms",
      `idTokenSigningAlgorithms has to be a selection of ${IdToken.signingAlgorithms.join(", ")}.`
    )

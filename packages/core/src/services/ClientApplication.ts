/**
 * The client application: its registration at the provider, its limits, and what it has learnt of the provider.
 */
import * as Config from "effect/Config"
import type * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { type InvalidAuthority, InvalidConfiguration } from "../AuthError.js"
import * as Authority from "../domain/Authority.js"
import { type ClientCredential, ClientSecret } from "../domain/ClientCredential.js"
import type { TokenResult } from "../domain/TokenResult.js"
import * as ClientAuthentication from "../protocol/ClientAuthentication.js"
import * as IdToken from "../protocol/IdToken.js"
import type { JsonWebKeySet } from "../protocol/JsonWebKeySet.js"
import type { ProviderMetadata } from "../protocol/ProviderMetadata.js"
import * as Cell from "./Cell.js"
import * as SingleFlight from "./SingleFlight.js"

/** @category models */
export interface Options {
  readonly clientId: string
  /** `https://{host}/{tenant}` at Microsoft; `https://login.microsoftonline.com/common` unless there is an issuer. */
  readonly authority?: string | undefined
  /** Exact issuer of any other OpenID Connect provider; instead of an authority. */
  readonly issuer?: string | undefined
  /** Hosts outside Microsoft's clouds that `authority` may name, with their port where it is not 443. */
  readonly knownAuthorities?: ReadonlyArray<string> | undefined
  /** Makes the client a confidential one. */
  readonly clientSecret?: Redacted.Redacted | undefined
  /** How the client is registered to send its secret; what the provider announces by default. */
  readonly clientAuthenticationMethod?: ClientAuthentication.Method | undefined
  /** How far this machine's clock may be off; 2 minutes by default. */
  readonly clockSkew?: Duration.DurationInput | undefined
  /** Longest time for one request, from connecting to the last byte; 30 seconds by default. */
  readonly requestTimeout?: Duration.DurationInput | undefined
  /** Longest body read, in bytes after decompression; 1 MiB by default. */
  readonly maximumResponseSize?: number | undefined
  /** Signature algorithms accepted in ID tokens; every asymmetric one by default. */
  readonly idTokenSigningAlgorithms?: ReadonlyArray<IdToken.SigningAlgorithm> | undefined
  /** Lets an authority on loopback speak http. For development only. */
  readonly allowInsecureLoopback?: boolean | undefined
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

/** @category models */
export interface Service {
  readonly clientId: string
  readonly authority: Authority.Authority
  readonly trustPolicy: Authority.TrustPolicy
  readonly credential: Option.Option<ClientCredential>
  readonly clientAuthenticationMethod: Option.Option<ClientAuthentication.Method>
  readonly clockSkew: Duration.Duration
  readonly requestTimeout: Duration.Duration
  readonly maximumResponseSize: number
  readonly idTokenSigningAlgorithms: ReadonlyArray<IdToken.SigningAlgorithm>
  readonly metadata: Cell.Cell<ProviderMetadata>
  readonly keys: Cell.Cell<FetchedKeys>
  readonly acquisitions: SingleFlight.SingleFlight<TokenResult>
}

/** @category services */
export class ClientApplication extends Context.Tag("@grantwork/core/ClientApplication")<ClientApplication, Service>() {}

const defaultAuthority = "https://login.microsoftonline.com/common"

/**
 * Checks the options and makes an application that lasts as long as the scope.
 *
 * @category constructors
 */
export const make = (
  options: Options
): Effect.Effect<Service, InvalidConfiguration | InvalidAuthority, Scope.Scope> =>
  Effect.gen(function*() {
    const trustPolicy: Authority.TrustPolicy = {
      knownAuthorities: yield* hosts(options.knownAuthorities ?? []),
      allowInsecureLoopback: options.allowInsecureLoopback === true
    }
    return {
      clientId: yield* nonEmpty("clientId", options.clientId),
      authority: yield* authorityOf(options, trustPolicy),
      trustPolicy,
      credential: yield* credentialOf(options.clientSecret),
      clientAuthenticationMethod: yield* authenticationMethod(options.clientAuthenticationMethod),
      clockSkew: yield* duration("clockSkew", options.clockSkew ?? "2 minutes", 0),
      requestTimeout: yield* duration("requestTimeout", options.requestTimeout ?? "30 seconds", 1),
      maximumResponseSize: yield* positive("maximumResponseSize", options.maximumResponseSize ?? 1024 * 1024),
      idTokenSigningAlgorithms: yield* algorithms(options.idTokenSigningAlgorithms ?? IdToken.signingAlgorithms),
      metadata: yield* Cell.make<ProviderMetadata>("24 hours"),
      keys: yield* Cell.make<FetchedKeys>("1 hour"),
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

const authorityOf = (options: Options, policy: Authority.TrustPolicy) => {
  if (options.issuer === undefined) {
    return Authority.entra(options.authority ?? defaultAuthority, policy)
  }
  return options.authority === undefined
    ? Authority.openIdConnect(options.issuer, policy)
    : refuse("issuer", "Pass either authority, for Microsoft, or issuer, for another provider, not both.")
}

const credentialOf = (secret: Redacted.Redacted | undefined) => {
  if (secret === undefined) {
    return Either.right(Option.none())
  }
  return Redacted.isRedacted(secret)
    ? Either.map(nonEmpty("clientSecret", Redacted.value(secret)), () => Option.some(ClientSecret({ secret })))
    : refuse("clientSecret", "clientSecret has to be a Redacted text.")
}

const authenticationMethod = (method: ClientAuthentication.Method | undefined) =>
  method === undefined || ClientAuthentication.methods.includes(method)
    ? Either.right(Option.fromNullable(method))
    : refuse(
      "clientAuthenticationMethod",
      `clientAuthenticationMethod is ${ClientAuthentication.methods.join(" or ")}.`
    )

const refuse = (option: string, message: string) => Either.left(new InvalidConfiguration({ option, message }))

const nonEmpty = (option: string, text: string) =>
  typeof text === "string" && text.trim() !== ""
    ? Either.right(text)
    : refuse(option, `${option} has to be a non-empty text.`)

const isHosts = (known: unknown): known is ReadonlyArray<string> =>
  Array.isArray(known) && known.every((host) => typeof host === "string" && /^[a-z0-9.[\]:-]+$/i.test(host))

const hosts = (known: ReadonlyArray<string>) =>
  isHosts(known)
    ? Either.right(known.map((host) => host.toLowerCase()))
    : refuse("knownAuthorities", "knownAuthorities has to be a list of hosts, such as \"login.example:8443\".")

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

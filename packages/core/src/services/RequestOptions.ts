/**
 * How an application asks: what it tells of itself, how it renews, and how it deals with a provider in trouble.
 */
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import { InvalidConfiguration } from "../AuthError.js"

/** @category models */
export interface Options {
  /**
   * What happens to a token that the provider suggests to renew: it is served while a new one is fetched in the background,
   * by default; or the call waits for the new one; or it is served until it is about to expire.
   */
  readonly proactiveRefresh?: "background" | "wait" | "off" | undefined
  /** Whether an expired token serves while the provider is down, for as long as it lets it (`ext_expires_in`); false by default. */
  readonly extendedLifetime?: boolean | undefined
  /** Whether a request is sent once more after a lost connection, a timeout or a 5xx answer, unless it may be used up; true by default. */
  readonly retry?: boolean | undefined
  /** How long the very same request fails again as it did when it was refused, without being sent; not at all by default. */
  readonly repeatRefusals?: Duration.DurationInput | undefined
  /** Whether Microsoft is told which library asks and how earlier calls went; true by default. No other provider is. */
  readonly telemetry?: boolean | undefined
  /** The application's own name and version, for Microsoft's logs. */
  readonly applicationName?: string | undefined
  readonly applicationVersion?: string | undefined
}

/** @category models */
export interface Settings {
  readonly proactiveRefresh: "background" | "wait" | "off"
  readonly extendedLifetime: boolean
  readonly retries: boolean
  /** Milliseconds. */
  readonly repeatRefusals: number
  readonly tellsMicrosoft: boolean
  readonly applicationName: Option.Option<string>
  readonly applicationVersion: Option.Option<string>
}

/** @category constructors */
export const read = ({
  applicationName,
  applicationVersion,
  extendedLifetime = false,
  proactiveRefresh = "background",
  repeatRefusals = 0,
  retry = true,
  telemetry = true
}: Options): Either.Either<Settings, InvalidConfiguration> =>
  Either.all({
    proactiveRefresh: proactiveRefreshOf(proactiveRefresh),
    extendedLifetime: flag("extendedLifetime", extendedLifetime),
    retries: flag("retry", retry),
    repeatRefusals: millis(repeatRefusals),
    tellsMicrosoft: flag("telemetry", telemetry),
    applicationName: headerText("applicationName", applicationName),
    applicationVersion: headerText("applicationVersion", applicationVersion)
  })

const refuse = (option: string, message: string) => Either.left(new InvalidConfiguration({ option, message }))

const proactiveRefreshOf = (
  mode: "background" | "wait" | "off"
): Either.Either<"background" | "wait" | "off", InvalidConfiguration> =>
  mode === "background" || mode === "wait" || mode === "off"
    ? Either.right(mode)
    : refuse("proactiveRefresh", "proactiveRefresh is background, wait or off.")

const flag = (option: string, value: boolean) =>
  typeof value === "boolean" ? Either.right(value) : refuse(option, `${option} has to be true or false.`)

const millis = (input: Duration.DurationInput): Either.Either<number, InvalidConfiguration> =>
  Duration.decodeUnknown(input).pipe(
    Option.filter((duration) => Duration.isFinite(duration) && !Number.isNaN(input)),
    Option.match({
      onNone: () => refuse("repeatRefusals", "repeatRefusals has to be a finite duration, such as \"1 minute\"."),
      onSome: (duration) => Either.right(Duration.toMillis(duration))
    })
  )

const headerText = (
  option: string,
  text: string | undefined
): Either.Either<Option.Option<string>, InvalidConfiguration> =>
  text === undefined || (typeof text === "string" && /^[\x21-\x7E](?:[\x20-\x7E]{0,126}[\x21-\x7E])?$/.test(text))
    ? Either.right(Option.fromNullable(text))
    : refuse(option, `${option} has to be 1 to 128 printable ASCII characters.`)

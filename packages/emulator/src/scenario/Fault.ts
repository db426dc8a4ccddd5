/**
 * What goes wrong, for which requests, and how often.
 */
import * as Schema from "effect/Schema"

/** @category models */
export const Endpoint = Schema.Literal(
  "instance",
  "metadata",
  "keys",
  "authorize",
  "token",
  "devicecode",
  "logout",
  "userrealm",
  "userinfo",
  "me"
)

/** @category models */
export type Endpoint = typeof Endpoint.Type

/**
 * Which requests are meant: those that have all that is given.
 *
 * @category models
 */
export const Match = Schema.Struct({
  endpoint: Schema.optional(Endpoint),
  grantType: Schema.optional(Schema.NonEmptyString),
  clientId: Schema.optional(Schema.NonEmptyString),
  /** As the password grant sends it. */
  username: Schema.optional(Schema.NonEmptyString)
})

/** @category models */
export type Match = typeof Match.Type

const common = {
  on: Schema.optionalWith(Match, { default: () => ({}) }),
  /** How many requests it befalls; every one unless given. */
  times: Schema.optional(Schema.Int.pipe(Schema.positive())),
  /** How many requests it spares first. */
  after: Schema.optionalWith(Schema.Int.pipe(Schema.nonNegative()), { default: () => 0 })
}

const year = 365 * 24 * 60 * 60

const RetryAfter = Schema.optional(
  Schema.Int.pipe(Schema.between(0, year, { message: () => "has to be a whole number of seconds, at most a year" }))
)

const bodiless: ReadonlyArray<number> = [204, 205, 304]

/** Answers late; the time is the emulator's `Clock`. */
const Latency = Schema.Struct({
  ...common,
  kind: Schema.Literal("latency"),
  milliseconds: Schema.Int.pipe(Schema.nonNegative())
})

/** Answers 429. */
const Throttled = Schema.Struct({
  ...common,
  kind: Schema.Literal("throttled"),
  /** Seconds; none leaves the header out. */
  retryAfter: RetryAfter,
  /** How the header is written. */
  retryAfterForm: Schema.optionalWith(Schema.Literal("seconds", "date"), { default: () => "seconds" as const })
})

/** Answers 503. */
const Unavailable = Schema.Struct({ ...common, kind: Schema.Literal("unavailable"), retryAfter: RetryAfter })

/** Answers with a proxy's HTML page. */
const ProxyPage = Schema.Struct({
  ...common,
  kind: Schema.Literal("proxyPage"),
  status: Schema.optionalWith(
    Schema.Int.pipe(
      Schema.between(200, 599),
      Schema.filter((status) => !bodiless.includes(status), {
        message: () => "has to be a status with a body, so not 204, 205 or 304"
      })
    ),
    { default: () => 502 }
  )
})

/** Drops the connection without an answer. */
const Drop = Schema.Struct({ ...common, kind: Schema.Literal("drop") })

/** Refuses with this AADSTS number. At `authorize`, the application is told if its redirect URI is registered. */
const Refusal = Schema.Struct({
  ...common,
  kind: Schema.Literal("refusal"),
  code: Schema.Int.pipe(Schema.positive()),
  error: Schema.optionalWith(Schema.NonEmptyString, { default: () => "invalid_grant" }),
  suberror: Schema.optional(Schema.NonEmptyString),
  /** Claims challenge, a JSON object as text. */
  claims: Schema.optional(Schema.NonEmptyString)
})

/** Issues tokens by a clock that is off; negative is late. */
const ClockSkew = Schema.Struct({ ...common, kind: Schema.Literal("clockSkew"), seconds: Schema.Int })

/** Issues an ID token that does not hold. */
const BadIdToken = Schema.Struct({
  ...common,
  kind: Schema.Literal("badIdToken"),
  flaw: Schema.Literal(
    "issuer",
    "audience",
    "nonce",
    "subject",
    "tenant",
    "expired",
    "signature",
    "unsigned",
    "missing"
  )
})

/** Publishes metadata in another issuer's name. */
const WrongIssuer = Schema.Struct({ ...common, kind: Schema.Literal("wrongIssuer") })

/** @category models */
export const Fault = Schema.Union(
  Latency,
  Throttled,
  Unavailable,
  ProxyPage,
  Drop,
  Refusal,
  ClockSkew,
  BadIdToken,
  WrongIssuer
)

/** @category models */
export type Fault = typeof Fault.Type

/**
 * A fault as one writes it, in code or in JSON.
 *
 * @category models
 */
export type Input = typeof Fault.Encoded

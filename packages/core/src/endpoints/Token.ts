/**
 * The token endpoint.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-3.2
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import { type AuthError, InvalidClient, MalformedResponse, withDetails } from "../AuthError.js"
import * as Authority from "../domain/Authority.js"
import * as ClientCredential from "../domain/ClientCredential.js"
import * as ErrorClassifier from "../protocol/ErrorClassifier.js"
import * as ErrorResponse from "../protocol/ErrorResponse.js"
import * as Form from "../protocol/Form.js"
import * as Json from "../protocol/Json.js"
import * as MicrosoftHeaders from "../protocol/MicrosoftHeaders.js"
import type { ProviderMetadata } from "../protocol/ProviderMetadata.js"
import * as TokenResponse from "../protocol/TokenResponse.js"
import { ClientApplication, type Service as Application } from "../services/ClientApplication.js"
import type { Crypto } from "../services/Crypto.js"
import * as ClientProof from "./ClientProof.js"
import * as Exchange from "./Exchange.js"
import * as Gate from "./Gate.js"
import * as Outage from "./Outage.js"
import * as Retry from "./Retry.js"

/** @category models */
export interface Request {
  readonly authority: Authority.Authority
  readonly metadata: ProviderMetadata
  readonly grantType: "authorization_code" | "client_credentials" | "password" | "refresh_token"
  /** What the grant sends besides its type and the client. */
  readonly parameters: Form.Form
  readonly tokenType: TokenResponse.TokenType
  readonly correlationId: string
  readonly call: MicrosoftHeaders.Call
  readonly routing: Option.Option<MicrosoftHeaders.RoutingHint>
  /** What equal requests have in common, secrets and all: only its digest is kept. */
  readonly throttleKey: string
}

/**
 * Sends a grant and decodes the tokens. Only an answer of 200 with an access token is a success. A provider that asked to
 * slow down is not asked the same again until then.
 *
 * @category programs
 */
export const request = (
  grant: Request
): Effect.Effect<TokenResponse.TokenResponse, AuthError, ClientApplication | HttpClient.HttpClient | Crypto> =>
  Effect.gen(function*() {
    const application = yield* ClientApplication
    const gate = yield* Gate.make(grant)
    yield* gate.pass
    const client = yield* ClientProof.authenticate(grant.metadata)
    const form: Form.Form = { ...client.form, grant_type: grant.grantType, ...grant.parameters }
    const report = application.telemetry.report()
    const exchange = Exchange.send(
      HttpClientRequest.post(grant.metadata.tokenEndpoint, { acceptJson: true }).pipe(
        HttpClientRequest.bodyText(Form.encode(form), "application/x-www-form-urlencoded"),
        HttpClientRequest.setHeaders({
          ...Option.match(client.authorization, {
            onNone: () => ({}),
            onSome: (authorization) => ({ authorization: Redacted.value(authorization) })
          }),
          ...(Authority.sendsClientInfo(grant.authority) ? microsoftHeaders(grant, application, report) : {})
        })
      )
    )
    const answer = yield* Retry.once(exchange, repetitionOf(grant))
    const body = Json.parse(answer.body)
    if (answer.status === 200 && Option.isSome(body) && Option.isNone(ErrorResponse.decode(body.value))) {
      application.telemetry.told(report)
      return yield* TokenResponse.decode(body.value, grant.tokenType)
    }
    const secrets = [
      ...Form.secrets(form),
      ...ClientCredential.secrets(application.credential),
      ...Option.toArray(client.authorization).map((authorization) =>
        Redacted.value(authorization).slice("Basic ".length)
      )
    ]
    const tokens = tokensIn(body)
    const isAbsurd = tokens.some(({ length }) => length > longestToken)
    return yield* Effect.tapError(
      refuse(answer, isAbsurd ? Option.none() : body, {
        grantType: grant.grantType,
        secrets: [...secrets, ...tokens]
      }),
      (error) => gate.close(error, answer)
    )
  }).pipe(
    Effect.tapErrorTag("InvalidClient", () => ClientProof.forget(grant.metadata)),
    Effect.tapError(({ _tag, error = _tag }) =>
      Effect.map(
        ClientApplication,
        ({ telemetry }) => telemetry.failed({ ...grant.call, correlationId: grant.correlationId, error })
      )
    ),
    Effect.mapError(withDetails({ endpoint: grant.metadata.tokenEndpoint, correlationId: grant.correlationId })),
    Effect.withSpan("Grantwork.Token", {
      captureStackTrace: false,
      attributes: { grantType: grant.grantType, correlationId: grant.correlationId }
    })
  )

/** A code is used up, and so is a refresh token that rotates; Microsoft's may be used again. */
const repetitionOf = ({ authority, grantType }: Request): Retry.Repetition =>
  grantType === "authorization_code" || (grantType === "refresh_token" && !Authority.sendsClientInfo(authority))
    ? "uses_up"
    : "nothing"

const microsoftHeaders = (
  { call, correlationId, routing }: Request,
  application: Application,
  report: MicrosoftHeaders.Report
) => ({
  "client-request-id": correlationId,
  "return-client-request-id": "true",
  ...Option.match(Option.flatMap(routing, MicrosoftHeaders.anchorMailbox), {
    onNone: () => ({}),
    onSome: (anchor) => ({ "x-anchormailbox": anchor })
  }),
  ...application.tellsMicrosoft && {
    ...MicrosoftHeaders.identity(application),
    "x-client-current-telemetry": MicrosoftHeaders.currentTelemetry(call),
    "x-client-last-telemetry": MicrosoftHeaders.lastTelemetry(report)
  }
})

/** An error with a longer one in it is not read. */
const longestToken = 8192

const tokensIn = (body: Option.Option<unknown>): ReadonlyArray<string> => {
  const object = Option.getOrUndefined(Option.filter(body, Predicate.isRecord))
  return ["access_token", "refresh_token", "id_token"].map((name) => object?.[name]).filter(Predicate.isString)
}

const refuse = (
  answer: Exchange.Answer,
  body: Option.Option<unknown>,
  request: Pick<ErrorClassifier.Circumstances, "grantType" | "secrets">
) =>
  Effect.gen(function*() {
    const { endpoint, status } = answer
    const worded = Option.flatMap(body, ErrorResponse.decode)
    if (Option.isSome(worded)) {
      const retryAfter = yield* Outage.retryAfter(answer)
      return yield* ErrorClassifier.classify(worded.value, { ...request, endpoint, status, retryAfter })
    }
    yield* Outage.refuse(answer)
    const answered = `${endpoint} answered HTTP ${status} without a reason.`
    return yield* status === 401
      ? new InvalidClient({ endpoint, status, message: `${answered} Check the client id and its credential.` })
      : new MalformedResponse({
        reason: Option.isNone(body) ? "not_json" : "status",
        endpoint,
        status,
        message: `${answered} Check the authority, and that no proxy answers in its place.`
      })
  })

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
import type { Authority } from "../domain/Authority.js"
import * as ClientCredential from "../domain/ClientCredential.js"
import * as ClientAuthentication from "../protocol/ClientAuthentication.js"
import * as ErrorClassifier from "../protocol/ErrorClassifier.js"
import * as ErrorResponse from "../protocol/ErrorResponse.js"
import * as Form from "../protocol/Form.js"
import * as Json from "../protocol/Json.js"
import type { ProviderMetadata } from "../protocol/ProviderMetadata.js"
import * as TokenResponse from "../protocol/TokenResponse.js"
import { ClientApplication } from "../services/ClientApplication.js"
import * as Exchange from "./Exchange.js"
import * as Outage from "./Outage.js"

/** @category models */
export interface Request {
  readonly authority: Authority
  readonly metadata: ProviderMetadata
  readonly grantType: "authorization_code" | "client_credentials" | "password" | "refresh_token"
  /** What the grant sends besides its type and the client. */
  readonly parameters: Form.Form
  readonly correlationId: string
}

/**
 * Sends a grant and decodes the tokens. Only an answer of 200 with an access token is a success.
 *
 * @category programs
 */
export const request = (
  grant: Request
): Effect.Effect<TokenResponse.TokenResponse, AuthError, ClientApplication | HttpClient.HttpClient> =>
  Effect.gen(function*() {
    const application = yield* ClientApplication
    const client = ClientAuthentication.authenticate(
      application.clientId,
      application.credential,
      application.clientAuthenticationMethod,
      grant.metadata.tokenEndpointAuthMethods
    )
    const form: Form.Form = { ...client.form, grant_type: grant.grantType, ...grant.parameters }
    const answer = yield* Exchange.send(
      HttpClientRequest.post(grant.metadata.tokenEndpoint, { acceptJson: true }).pipe(
        HttpClientRequest.bodyText(Form.encode(form), "application/x-www-form-urlencoded"),
        HttpClientRequest.setHeaders({
          ...Option.match(client.authorization, {
            onNone: () => ({}),
            onSome: (authorization) => ({ authorization: Redacted.value(authorization) })
          }),
          ...(grant.authority._tag === "Entra"
            ? { "client-request-id": grant.correlationId, "return-client-request-id": "true" }
            : {})
        })
      )
    )
    const body = Json.parse(answer.body)
    if (answer.status === 200 && Option.isSome(body) && Option.isNone(ErrorResponse.decode(body.value))) {
      return yield* TokenResponse.decode(body.value)
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
    return yield* refuse(answer, isAbsurd ? Option.none() : body, {
      grantType: grant.grantType,
      secrets: [...secrets, ...tokens]
    })
  }).pipe(
    Effect.mapError(withDetails({ endpoint: grant.metadata.tokenEndpoint, correlationId: grant.correlationId })),
    Effect.withSpan("Grantwork.Token", {
      captureStackTrace: false,
      attributes: { grantType: grant.grantType, correlationId: grant.correlationId }
    })
  )

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

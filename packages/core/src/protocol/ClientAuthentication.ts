/**
 * How the client proves itself at the token endpoint.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
 */
import * as Encoding from "effect/Encoding"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { Form } from "./Form.js"

/**
 * What to add to a token request.
 *
 * @category models
 */
export interface ClientAuthentication {
  readonly form: Form
  readonly authorization: Option.Option<Redacted.Redacted>
}

/**
 * How a secret is sent.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication
 * @category models
 */
export type Method = "client_secret_basic" | "client_secret_post"

/** @category constants */
export const methods: ReadonlyArray<Method> = ["client_secret_basic", "client_secret_post"]

/**
 * A public client names itself.
 *
 * @category constructors
 */
export const byName = (clientId: string): ClientAuthentication => ({
  form: { client_id: clientId },
  authorization: Option.none()
})

/**
 * A secret goes into the body, or into the header where the provider announces that alone. A provider that announces
 * nothing gets the header, as the specification says.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8414#section-2
 * @category constructors
 */
export const bySecret = (
  clientId: string,
  secret: Redacted.Redacted,
  registered: Option.Option<Method>,
  announced: Option.Option<ReadonlyArray<string>>
): ClientAuthentication =>
  Option.getOrElse(registered, () => preferred(announced)) === "client_secret_post"
    ? { form: { client_id: clientId, client_secret: secret }, authorization: Option.none() }
    : { form: {}, authorization: Option.some(basic(clientId, secret)) }

/**
 * An assertion goes into the body: `private_key_jwt`, whatever the provider announces.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7523#section-2.2
 * @category constructors
 */
export const byAssertion = (clientId: string, assertion: Redacted.Redacted): ClientAuthentication => ({
  form: {
    client_id: clientId,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion
  },
  authorization: Option.none()
})

const preferred = (announced: Option.Option<ReadonlyArray<string>>): Method =>
  Option.exists(announced, (names) => names.includes("client_secret_post") || !names.includes("client_secret_basic"))
    ? "client_secret_post"
    : "client_secret_basic"

const basic = (clientId: string, secret: Redacted.Redacted): Redacted.Redacted =>
  Redacted.make(`Basic ${Encoding.encodeBase64(`${formEncode(clientId)}:${formEncode(Redacted.value(secret))}`)}`)

const formEncode = (text: string): string => new URLSearchParams([["", text]]).toString().slice(1)

/**
 * How the client proves itself at the token endpoint.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
 */
import * as Encoding from "effect/Encoding"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { ClientCredential } from "../domain/ClientCredential.js"
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
 * A public client names itself; a secret goes into the body, or into the header where the provider announces that
 * alone. A provider that announces nothing gets the header, as the specification says.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8414#section-2
 * @category constructors
 */
export const authenticate = (
  clientId: string,
  credential: Option.Option<ClientCredential>,
  methods: Option.Option<ReadonlyArray<string>>
): ClientAuthentication => {
  if (Option.isNone(credential)) {
    return { form: { client_id: clientId }, authorization: Option.none() }
  }
  const { secret } = credential.value
  const inBody = Option.exists(
    methods,
    (announced) => announced.includes("client_secret_post") || !announced.includes("client_secret_basic")
  )
  return inBody
    ? { form: { client_id: clientId, client_secret: secret }, authorization: Option.none() }
    : { form: {}, authorization: Option.some(basic(clientId, secret)) }
}

const basic = (clientId: string, secret: Redacted.Redacted): Redacted.Redacted =>
  Redacted.make(`Basic ${Encoding.encodeBase64(`${formEncode(clientId)}:${formEncode(Redacted.value(secret))}`)}`)

const formEncode = (text: string): string => new URLSearchParams([["", text]]).toString().slice(1)

/**
 * From plain credentials to those of core, which checks what is in them.
 */
import type * as Core from "@grantwork/core/ClientApplication"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { InvalidConfiguration } from "./AuthError/Call.js"
import type { ClientAssertion, ClientCertificate, ClientKeyReference, ClientSigner, Credential } from "./Credential.js"

/** Those of core's options that a credential becomes; throws `InvalidConfiguration` where there is none. */
export const fromCredential = (credential: Credential): Partial<Core.Options> => {
  const { clientAssertion, clientCertificate, clientSecret, clientSigner } = credential
  if ([clientAssertion, clientCertificate, clientSecret, clientSigner].every((one) => one === undefined)) {
    throw new InvalidConfiguration({
      option: "clientSecret",
      message: "clientSecret is missing, or one of clientCertificate, clientSigner and clientAssertion in its place."
    })
  }
  checkFlag("reuseClientAssertion", credential.reuseClientAssertion)
  return {
    clientSecret: clientSecret === undefined ? undefined : Redacted.make(clientSecret),
    clientAuthenticationMethod: credential.clientAuthenticationMethod,
    clientCertificate: clientCertificate === undefined ? undefined : certificate(clientCertificate),
    clientSigner: clientSigner === undefined ? undefined : signer(clientSigner),
    clientAssertion: clientAssertion === undefined ? undefined : assertion(clientAssertion),
    reuseClientAssertion: credential.reuseClientAssertion,
    clientClaims: credential.clientClaims
  }
}

const certificate = (given: ClientCertificate): Core.ClientCertificate => {
  checkMembers("clientCertificate", given, ["privateKey", "passphrase"])
  return {
    ...given,
    privateKey: Redacted.make(given.privateKey),
    passphrase: given.passphrase === undefined ? undefined : Redacted.make(given.passphrase)
  }
}

const signer = (given: ClientSigner): Core.ClientSigner => {
  checkMembers("clientSigner", given, ["sign"])
  if (typeof given.sign !== "function") {
    throw new InvalidConfiguration({ option: "clientSigner.sign", message: "clientSigner.sign has to be a function." })
  }
  return { ...given, sign: (bytes, algorithm) => awaiting(() => given.sign(bytes, algorithm)) }
}

const assertion = (given: ClientAssertion): Core.ClientAssertion =>
  typeof given === "function"
    ? (request) => Effect.map(awaiting(() => given(request)), (text) => Redacted.make(text))
    : Redacted.make(given)

const awaiting = <A>(call: () => A | Promise<A>): Effect.Effect<A, unknown> =>
  Effect.mapError(Effect.tryPromise(async () => call()), ({ error }) => error)

const ofReference: ReadonlyArray<string> = [
  "certificate",
  "thumbprint",
  "keyId",
  "algorithm",
  "sendCertificate"
] satisfies ReadonlyArray<keyof ClientKeyReference>

const checkMembers = (option: string, given: ClientKeyReference, own: ReadonlyArray<string>): void => {
  if (typeof given !== "object" || given === null) {
    throw new InvalidConfiguration({ option, message: `${option} has to be an object.` })
  }
  const known = [...ofReference, ...own]
  const unknown = Object.keys(given).find((member) => !known.includes(member))
  if (unknown !== undefined) {
    const message = `${option}.${unknown} is no option. ${option} may have ${known.join(", ")}.`
    throw new InvalidConfiguration({ option: `${option}.${unknown}`, message })
  }
  checkFlag(`${option}.sendCertificate`, given.sendCertificate)
}

const checkFlag = (option: string, value: boolean | undefined): void => {
  if (value !== undefined && typeof value !== "boolean") {
    throw new InvalidConfiguration({ option, message: `${option} has to be true or false.` })
  }
}

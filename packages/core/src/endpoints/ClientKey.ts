/**
 * Makes a client's key ready to sign assertions: opened, imported and named.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-5.1
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { type AuthError, InvalidConfiguration } from "../AuthError.js"
import * as ClientCredential from "../domain/ClientCredential.js"
import * as PrivateKey from "../domain/PrivateKey.js"
import * as ClientAssertion from "../protocol/ClientAssertion.js"
import type { SigningKey } from "../services/ClientApplication.js"
import * as ClientKeyOptions from "../services/ClientKeyOptions.js"
import { Crypto } from "../services/Crypto.js"
import * as CredentialCall from "./CredentialCall.js"

/**
 * The private key beside a certificate.
 *
 * @category programs
 */
export const ofCertificate = (
  credential: ClientCredential.Certificate
): Effect.Effect<SigningKey, AuthError, Crypto> =>
  Effect.gen(function*() {
    const crypto = yield* Crypto
    const key = yield* open(credential)
    const algorithm = yield* ClientKeyOptions.algorithmFor(key, credential)
    const sign = yield* Effect.mapError(
      crypto.signer(key.pkcs8, algorithm),
      () => ClientKeyOptions.refusedKey("malformed")
    )
    const header = yield* headerOf("clientCertificate", algorithm, credential.statement)
    return { header, sign: (input) => Effect.map(sign(ClientAssertion.bytesToSign(input)), completing(input)) }
  })

/**
 * A key elsewhere. What it signs is verified where the certificate is known: vaults exchange keys.
 *
 * @category programs
 */
export const ofSigner = (
  { algorithm, sign, statement }: ClientCredential.Signer
): Effect.Effect<SigningKey, AuthError, Crypto> =>
  Effect.gen(function*() {
    const crypto = yield* Crypto
    const header = yield* headerOf("clientSigner", algorithm, statement)
    const keySet = {
      keys: Option.toArray(ClientCredential.publicKey(statement)).map((key) => ({ ...key, kid: header.kid }))
    }
    return {
      header,
      sign: (input) =>
        CredentialCall.run("clientSigner", () => sign(ClientAssertion.bytesToSign(input), algorithm)).pipe(
          Effect.filterOrFail(
            (signature) => signature instanceof Uint8Array && signature.length > 0,
            () => CredentialCall.unavailable("clientSigner", "gave no bytes.")
          ),
          Effect.map(completing(input)),
          Effect.tap((assertion) =>
            keySet.keys.length === 0 ? Effect.void : Effect.mapError(
              crypto.verify(Redacted.value(assertion), keySet, [algorithm]),
              () =>
                CredentialCall.unavailable(
                  "clientSigner",
                  `gave no ${algorithm} signature of the certificate's key. Check which key signs, and how.`
                )
            )
          )
        )
    }
  })

const completing = (input: string) => (signature: Uint8Array) => ClientAssertion.complete(input, signature)

const open = (
  { passphrase, privateKey }: ClientCredential.Certificate
): Effect.Effect<PrivateKey.OpenKey, InvalidConfiguration, Crypto> =>
  PrivateKey.match(privateKey, {
    Open: (key) => Effect.succeed(key),
    Encrypted: ({ encrypted }) =>
      Effect.gen(function*() {
        const crypto = yield* Crypto
        const pkcs8 = yield* crypto.decryptKey(encrypted, Option.getOrElse(passphrase, () => Redacted.make("")))
        return yield* Either.mapLeft(
          PrivateKey.decode(Redacted.value(pkcs8)),
          (refusal) => refusal === "malformed" ? wrongPassphrase() : ClientKeyOptions.refusedKey(refusal)
        )
      }).pipe(Effect.catchTag("DecryptionFailed", () => Effect.fail(wrongPassphrase())))
  })

const wrongPassphrase = () =>
  new InvalidConfiguration({
    option: "clientCertificate.passphrase",
    message: "clientCertificate.passphrase does not open the private key. It is wrong, or the key was changed."
  })

const headerOf = (
  option: "clientCertificate" | "clientSigner",
  algorithm: ClientCredential.SigningAlgorithm,
  statement: ClientCredential.Statement
) =>
  Effect.gen(function*() {
    const crypto = yield* Crypto
    const [own] = statement.certificates
    const digest = ClientAssertion.thumbprintDigest(algorithm, statement)
    const computed = own === undefined ? Option.none() : Option.some(yield* crypto.digest(digest, own))
    const given = Option.flatMap(statement.thumbprint, (digits) => Either.getRight(Encoding.decodeHex(digits)))
    const [one, other] = [...Option.toArray(given), ...Option.toArray(computed)].map(Encoding.encodeHex)
    if (one !== undefined && other !== undefined && one !== other) {
      return yield* new InvalidConfiguration({
        option: `${option}.thumbprint`,
        message: `${option}.thumbprint is not the certificate's, which is ${other}. It can be left out.`
      })
    }
    return ClientAssertion.header(algorithm, statement, Option.orElse(given, () => computed))
  })

/**
 * What a confidential application proves itself with: exactly one of four.
 */

/** JWS algorithms that an application can sign with. */
export type ClientSigningAlgorithm = "PS256" | "RS256" | "ES256" | "ES384" | "ES512"

/** How the provider finds the key; one of the first three has to be there. */
export interface ClientKeyReference {
  /** In PEM. Of several, the application's own comes first. */
  readonly certificate?: string | undefined
  /** SHA-256 or SHA-1 thumbprint of the certificate, in hexadecimal; computed from the certificate by default. */
  readonly thumbprint?: string | undefined
  /** The key's `kid` at the provider. */
  readonly keyId?: string | undefined
  /** By default PS256, or what the key's curve asks for; RS256 at ADFS and with a SHA-1 thumbprint. */
  readonly algorithm?: ClientSigningAlgorithm | undefined
  /** Sends the certificates along, for a provider that knows their subject and issuer only. */
  readonly sendCertificate?: boolean | undefined
}

/** A certificate and its private key. */
export interface ClientCertificate extends ClientKeyReference {
  /** In PEM: PKCS#8, PKCS#1 or SEC 1; PKCS#8 may be encrypted. */
  readonly privateKey: string
  /** Of an encrypted private key. */
  readonly passphrase?: string | undefined
}

/** A key that signs and is never seen: a vault's, or a hardware module's. */
export interface ClientSigner extends ClientKeyReference {
  /** Signs the bytes, digesting them as the algorithm says; ECDSA's two numbers come one after the other. */
  readonly sign: (bytes: Uint8Array, algorithm: ClientSigningAlgorithm) => Uint8Array | Promise<Uint8Array>
}

/** What an assertion has to prove, and where. */
export interface ClientAssertionRequest {
  readonly clientId: string
  readonly tokenEndpoint: string
}

/** A signed assertion from elsewhere, such as another provider's token for this workload: itself, or what gets one. */
export type ClientAssertion = string | ((request: ClientAssertionRequest) => string | Promise<string>)

/** Every option of a credential, left out. */
interface Absent {
  readonly clientSecret?: undefined
  readonly clientAuthenticationMethod?: undefined
  readonly clientCertificate?: undefined
  readonly clientSigner?: undefined
  readonly clientAssertion?: undefined
  readonly reuseClientAssertion?: undefined
  readonly clientClaims?: undefined
}

/** A secret shared with the provider. */
export interface SecretCredential extends Omit<Absent, "clientSecret" | "clientAuthenticationMethod"> {
  readonly clientSecret: string
  /** How the client is registered to send its secret; what the provider announces by default. */
  readonly clientAuthenticationMethod?: "client_secret_basic" | "client_secret_post" | undefined
}

interface Claiming {
  /** What the application claims besides; may have another `aud`. */
  readonly clientClaims?: Readonly<Record<string, unknown>> | undefined
}

/** A key of the application's own. */
export interface CertificateCredential extends Omit<Absent, "clientCertificate" | "clientClaims">, Claiming {
  readonly clientCertificate: ClientCertificate
}

/** A key that the application can use, but does not have. */
export interface SignerCredential extends Omit<Absent, "clientSigner" | "clientClaims">, Claiming {
  readonly clientSigner: ClientSigner
}

/** What somebody else says of the application. */
export interface AssertionCredential extends Omit<Absent, "clientAssertion" | "reuseClientAssertion"> {
  /** Asked for at each token request. */
  readonly clientAssertion: ClientAssertion
  /** Uses what `clientAssertion` gave until 60 seconds before it expires. */
  readonly reuseClientAssertion?: boolean | undefined
}

/** What a confidential application proves itself with. */
export type Credential = SecretCredential | CertificateCredential | SignerCredential | AssertionCredential

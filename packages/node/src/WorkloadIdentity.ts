/**
 * Workloads that another identity provider vouches for, such as pods of Kubernetes: its signed token lies in a file.
 *
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation
 */
import { CredentialUnavailable } from "@grantwork/core/AuthError"
import { azureConfig, type Options as ApplicationOptions } from "@grantwork/core/ClientApplication"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as BoundedFile from "./BoundedFile.js"
import * as SystemFailure from "./SystemFailure.js"

/** @category models */
export interface Options {
  /** The file, which its owner writes anew before the token in it expires. */
  readonly path: string
}

/**
 * A `clientAssertion` that reads the file for each token request. Fails with `CredentialUnavailable` where there is no token
 * in it.
 *
 * @category programs
 */
export const assertion = ({ path }: Options): Effect.Effect<Redacted.Redacted, CredentialUnavailable> =>
  Effect.tryPromise({ try: () => readToken(path), catch: unavailable(path) }).pipe(
    Effect.filterOrFail((token) => token !== "", () => empty(path)),
    Effect.map((token) => Redacted.make(token))
  )

/**
 * The application as the webhook of Azure Workload Identity describes it: `AZURE_CLIENT_ID`, `AZURE_TENANT_ID`,
 * `AZURE_FEDERATED_TOKEN_FILE`, and optionally `AZURE_AUTHORITY_HOST`.
 *
 * @see https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html
 * @category config
 */
export const config: Config.Config<ApplicationOptions> = Config.all({
  options: azureConfig,
  tenant: Config.nonEmptyString("AZURE_TENANT_ID"),
  path: Config.nonEmptyString("AZURE_FEDERATED_TOKEN_FILE")
}).pipe(
  Config.map(({ options, path }) => ({
    ...options,
    clientSecret: undefined,
    clientAssertion: assertion({ path })
  }))
)

/** In bytes; more than any token has. */
const longest = 64 * 1024

const readToken = async (path: string): Promise<string> =>
  (await BoundedFile.read(path, longest)).toString("utf8").trim()

const unavailable = (path: string) => (error: unknown): CredentialUnavailable =>
  new CredentialUnavailable({
    option: "clientAssertion",
    message: `The token file ${path} cannot be read (${SystemFailure.codeOf(error) || "no such path"}).`
      + " See that it is mounted, and that this process may read it."
  })

const empty = (path: string): CredentialUnavailable =>
  new CredentialUnavailable({
    option: "clientAssertion",
    message: `The token file ${path} is empty. See that the identity provider writes it.`
  })

/**
 * A tenant's metadata.
 *
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
 */
import * as Effect from "effect/Effect"
import { Exchange } from "../http/Exchange.js"
import * as Origin from "../http/Origin.js"
import * as Reply from "../http/Reply.js"
import { tenantOf } from "./tenantOf.js"

/** @category endpoints */
export const openIdConfiguration = Effect.gen(function*() {
  const { segment, tenant } = yield* tenantOf
  const { faults, origin } = yield* Exchange
  const base = `${origin}/${segment}`
  const issuer = faults.some(({ kind }) => kind === "wrongIssuer")
    ? "https://issuer.invalid/v2.0"
    : Origin.issuer(origin, tenant?.id ?? "{tenantid}")
  return Reply.json({
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    code_challenge_methods_supported: ["S256"],
    claims_parameter_supported: true,
    issuer,
    request_uri_parameter_supported: false,
    userinfo_endpoint: `${origin}/oidc/userinfo`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    claims_supported: [
      "sub",
      "iss",
      "aud",
      "exp",
      "iat",
      "nbf",
      "auth_time",
      "acrs",
      "nonce",
      "preferred_username",
      "name",
      "tid",
      "oid",
      "ver",
      "email",
      "sid",
      "uti"
    ],
    tenant_region_scope: null,
    cloud_instance_name: "microsoftonline.com",
    cloud_graph_host_name: "graph.windows.net",
    msgraph_host: "graph.microsoft.com"
  })
})

/**
 * Which hosts are Microsoft's, and which of them are one cloud.
 */
import * as Effect from "effect/Effect"
import { Exchange } from "../http/Exchange.js"
import * as Origin from "../http/Origin.js"
import * as Reply from "../http/Reply.js"
import type { Handler } from "../http/serve.js"
import { entraError } from "../protocol/EntraError.js"
import { parse, required } from "../protocol/Parameters.js"

const oldest = "1.0"
const newest = "1.1"

/** @category endpoints */
export const instanceDiscovery: Handler = Effect.gen(function*() {
  const { origin, query } = yield* Exchange
  const parameters = yield* parse(query)
  const version = parameters["api-version"] ?? oldest
  if (version !== oldest && version !== newest) return yield* entraError(90100, { field: "api-version" })
  const endpoint = yield* required(parameters, "authorization_endpoint")
  if (!URL.canParse(endpoint)) return yield* entraError(90100, { field: "authorization_endpoint" })
  const { host, pathname, protocol } = new URL(endpoint)
  const instances = Origin.instances(origin)
  if (protocol !== "https:" || !instances.some(({ aliases }) => aliases.includes(host))) {
    return yield* entraError(50049, { host: host.slice(0, 100) })
  }
  const tenant = pathname.split("/")[1] || "common"
  return Reply.json({
    tenant_discovery_endpoint: `https://${host}/${tenant}/v2.0/.well-known/openid-configuration`,
    "api-version": version,
    ...(version === newest && { metadata: instances })
  })
})

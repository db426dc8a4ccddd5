/**
 * Who checks the password of an account.
 */
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import * as Directory from "../directory/Directory.js"
import { Exchange } from "../http/Exchange.js"
import * as Reply from "../http/Reply.js"
import type { Handler } from "../http/serve.js"
import { entraError } from "../protocol/EntraError.js"
import { World } from "../state/World.js"

/** @category endpoints */
export const userRealm: Handler = Effect.gen(function*() {
  const directory = yield* Ref.get((yield* World).directory)
  const { path } = yield* Exchange
  const username = yield* Effect.try({
    try: () => decodeURIComponent(path.split("/")[3] ?? ""),
    catch: () => entraError(9002313)
  })
  const domain = username.slice(username.lastIndexOf("@") + 1)
  const tenant = Directory.authority(directory, domain)?.tenant
  return Reply.json({
    ver: "1.0",
    account_type: tenant === undefined ? "Unknown" : "Managed",
    ...(tenant !== undefined && { domain_name: domain }),
    cloud_instance_name: "microsoftonline.com",
    cloud_audience_urn: "urn:federation:MicrosoftOnline"
  })
})

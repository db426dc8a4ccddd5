// An Effect program that asks for one token and imports nothing else.
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { Account } from "@grantwork/core/Account"
import * as ClientApplication from "@grantwork/core/ClientApplication"
import * as Crypto from "@grantwork/core/Crypto"
import * as Silent from "@grantwork/core/Silent"
import * as FileTokenCache from "@grantwork/node/FileTokenCache"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"

const { account, authority, clientId, path, scopes } = JSON.parse(process.argv[2])

const services = Layer.mergeAll(
  ClientApplication.layer({ clientId, authority }),
  FileTokenCache.layer({ path }),
  FetchHttpClient.layer,
  Crypto.layer
)

const program = Silent.acquire({
  scopes,
  account: new Account({ ...account, name: Option.fromNullable(account.name) })
})

const { source } = await Effect.runPromise(Effect.provide(program, services))
if (source !== "cache") throw new Error("The token came from elsewhere than the file.")
console.log(performance.now())

import { Grantwork, UsernamePassword } from "@grantwork/core"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { application } from "./application.js"

const [over = "", issuer = "", caCertificate = ""] = process.argv.slice(2)
const layer = over === "default"
  ? Grantwork.layer({ clientId: "public-client", issuer })
  : application({ issuer, caCertificate })

const program = Effect.gen(function*() {
  const password = Redacted.make("correct horse")
  const { account } = yield* UsernamePassword.acquire({ username: "jane", password, scopes: ["read"] })
  yield* Console.log(Option.getOrThrow(account).username)
})

await Effect.runPromise(Effect.provide(program, Layer.orDie(layer)))

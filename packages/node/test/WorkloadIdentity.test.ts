import { describe, expect, it } from "@effect/vitest"
import { ClientApplication, ClientCredentials } from "@grantwork/core"
import { FakeProvider } from "@grantwork/testing"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import { execFileSync } from "node:child_process"
import { mkdirSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as WorkloadIdentity from "../src/WorkloadIdentity.js"
import { folder } from "./support/folder.js"

const jwt = (name: string) =>
  [{ alg: "RS256" }, { sub: name }, name].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(
    "."
  )

describe("a workload's token", () => {
  it.scopedLive("is read anew for each token request (feature 87)", () =>
    Effect.gen(function*() {
      const path = join(yield* folder, "token")
      const clientAssertion = WorkloadIdentity.assertion({ path })
      const sent = yield* Effect.gen(function*() {
        for (const name of ["first", "second"]) {
          writeFileSync(path, `${jwt(name)}\n`)
          yield* ClientCredentials.acquire({ scopes: [`api://${name}/.default`] })
        }
        return (yield* FakeProvider.requests("token")).map(({ form }) => form)
      }).pipe(Effect.provide(FakeProvider.layer({
        application: { authority: "https://login.microsoftonline.com/contoso.example", clientAssertion }
      })))
      expect(sent).toMatchObject(["first", "second"].map((name) => ({
        client_assertion: jwt(name),
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
      })))
    }))

  it.scopedLive("is said to be missing, and why", () =>
    Effect.gen(function*() {
      const root = yield* folder
      const path = (name: string) => join(root, name)
      mkdirSync(path("folder"))
      execFileSync("mkfifo", [path("pipe")])
      writeFileSync(path("blank"), " \n")
      writeFileSync(path("huge"), "")
      truncateSync(path("huge"), 2 ** 31)
      const messages = yield* Effect.forEach(["missing", "folder", "pipe", "blank", "huge"], (name) =>
        Effect.map(Effect.flip(WorkloadIdentity.assertion({ path: path(name) })), (error) => {
          expect(error).toMatchObject({ _tag: "CredentialUnavailable", option: "clientAssertion" })
          expect(error.message).toContain(path(name))
          return error.message
        }))
      const reasons = ["ENOENT", "EISDIR", "EINVAL", "empty", "EFBIG"]
      expect(messages.filter((message, index) =>
        !message.includes(reasons[index] ?? "none")
      )).toEqual([])
    }))
})

describe("the environment", () => {
  const environment = {
    AZURE_CLIENT_ID: "client",
    AZURE_TENANT_ID: "contoso.example",
    AZURE_AUTHORITY_HOST: "https://login.microsoftonline.us/",
    AZURE_FEDERATED_TOKEN_FILE: "/var/run/secrets/token"
  }
  const read = (names: Readonly<Record<string, string>>) =>
    Effect.withConfigProvider(WorkloadIdentity.config, ConfigProvider.fromMap(new Map(Object.entries(names))))

  it.effect("describes the application, whose secret is not used", () =>
    Effect.gen(function*() {
      const { clientAssertion, ...options } = yield* read({ ...environment, AZURE_CLIENT_SECRET: "secret" })
      expect(options).toEqual({
        clientId: "client",
        authority: "https://login.microsoftonline.us/contoso.example",
        clientSecret: undefined
      })
      expect(Effect.isEffect(clientAssertion)).toBe(true)
      yield* Effect.scoped(ClientApplication.make({ ...options, clientAssertion }))
    }))

  it.effect.each(["AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE"])(
    "has to have %s",
    (name) =>
      Effect.gen(function*() {
        const { [name]: _, ...others } = environment as Readonly<Record<string, string>>
        expect(String(yield* Effect.flip(read(others)))).toContain(name)
      })
  )
})

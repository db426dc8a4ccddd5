import { describe, expect, it } from "@effect/vitest"
import {
  Accounts,
  AuthorizationCode,
  ClientApplication,
  Crypto,
  RefreshToken,
  Silent,
  TokenCache,
  UsernamePassword
} from "@grantwork/core"
import { FakeProvider, type RecordedRequest, Reply, TokenFactory } from "@grantwork/testing"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Encoding from "effect/Encoding"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Tracer from "effect/Tracer"
import { generateKeyPairSync } from "node:crypto"
import { inspect } from "node:util"
import { ada, cached, entraAtAlias, generic, redirectUri } from "./scenario.js"

const clientSecret = "Cl&ient S+ecret/ä="
const password = "Pa&ss W+ord/ö=\"<"
const refreshToken = "Re&fresh t+oken/ü="
const cachedRefreshToken = "0.ca&ched-r+efresh/ß="
const code = "0.co&de+/é="
const passphrase = "Pa&ss P+hrase/ö="

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase }
})
const [, lineOfKey = ""] = privateKey.split("\n")
const assertion = "e30.e30.c2lnbmF0dXJlLW9mLWFub3RoZXItcHJvdmlkZXI"

type Spelling = (secret: string) => string

const formEncode: Spelling = (secret) => new URLSearchParams([["", secret]]).toString().slice(1)

const spellings: Readonly<Record<string, Spelling>> = {
  plain: (secret) => secret,
  percent: encodeURIComponent,
  "percent in lower case": (secret) => encodeURIComponent(secret).replace(/%../g, (hex) => hex.toLowerCase()),
  form: formEncode,
  base64: (secret) => Encoding.encodeBase64(secret),
  base64url: (secret) => Encoding.encodeBase64Url(secret)
}

const withoutBigInt = (_: string, value: unknown) => typeof value === "bigint" ? String(value) : value

/** Everything that was printed, and every secret that must not be in it. */
const makeWitness = () => {
  const printed: Array<string> = []
  const secrets = new Set([
    clientSecret,
    password,
    refreshToken,
    cachedRefreshToken,
    code,
    passphrase,
    lineOfKey,
    assertion
  ])
  const printService = (value: object): void => void printed.push(inspect(value, { depth: 6 }), String(value))
  const print = (value: unknown): void => {
    printed.push(inspect(value, { depth: Infinity }), String(value), JSON.stringify(value, withoutBigInt) ?? "")
    if (value instanceof Error) {
      printed.push(value.message, value.stack ?? "", inspect(value.cause, { depth: Infinity }))
    }
  }
  const found = () => {
    const text = printed.join("\n")
    return [...secrets].flatMap((secret) =>
      Object.entries(spellings).filter(([, spell]) => text.includes(spell(secret))).map(([name]) =>
        `${name}: ${secret}`
      )
    )
  }
  return { found, keep: (secret: string) => secrets.add(secret), print, printService }
}

type Witness = ReturnType<typeof makeWitness>

const logger = (witness: Witness) =>
  Logger.replace(
    Logger.defaultLogger,
    Logger.make((entry) => {
      witness.print([entry.message, [...entry.annotations], entry.spans.toJSON()])
      witness.print(Cause.pretty(entry.cause, { renderErrorCause: true }))
      witness.print(entry.cause)
    })
  )

const tracer = (witness: Witness) =>
  Tracer.make({
    context: (run) => run(),
    span: (name, parent, _, links, startTime, kind) => {
      const attributes = new Map<string, unknown>()
      const span: Tracer.Span = {
        _tag: "Span",
        spanId: "span",
        traceId: "trace",
        sampled: true,
        status: { _tag: "Started", startTime },
        name,
        parent,
        context: Context.empty(),
        links,
        kind,
        attributes,
        attribute: (key, value) => void attributes.set(key, value),
        event: (name, startTime, attributes) => witness.print([name, startTime, attributes]),
        addLinks: () => undefined,
        end: (_, exit) => {
          witness.print([name, [...attributes]])
          witness.print(exit)
          if (Exit.isFailure(exit)) {
            witness.print(Cause.pretty(exit.cause, { renderErrorCause: true }))
          }
        }
      }
      return span
    }
  })

/** Runs a program as a careful application would, and prints whatever it could see. */
const observe = <A, E, R>(witness: Witness, program: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const exit = yield* program.pipe(
      Effect.tap((value) => Effect.logDebug("succeeded", value)),
      Effect.tapErrorCause((cause) => Effect.logError("failed", cause)),
      Effect.tapError((error) => Effect.logTrace(error)),
      Effect.withSpan("of the application"),
      Effect.withLogSpan("of the application"),
      Effect.exit
    )
    witness.print(exit)
    if (Exit.isSuccess(exit)) {
      witness.print(exit.value)
    } else {
      witness.print(Cause.squash(exit.cause))
      witness.print(Cause.originalError(Cause.squash(exit.cause)))
      witness.print(Cause.prettyErrors(exit.cause))
    }
    const cache = yield* TokenCache.TokenCache
    witness.printService(cache)
    witness.print(yield* cache.list("https://id.example.com"))
    witness.print(yield* cache.list("login.microsoftonline.com"))
    witness.printService(yield* ClientApplication.ClientApplication)
    witness.printService(yield* Crypto.Crypto)
    witness.print(yield* Accounts.list())
    return exit
  }).pipe(
    Effect.withTracer(tracer(witness)),
    Effect.provide(logger(witness)),
    Logger.withMinimumLogLevel(LogLevel.All)
  )

/** Each grant; the flow of a sign-in is for the application's own session, and is not printed. */
const grants: Readonly<Record<string, (witness: Witness) => Effect.Effect<unknown, unknown, FakeProvider.Services>>> = {
  "AuthorizationCode.complete": (witness) =>
    Effect.gen(function*() {
      const flow = yield* AuthorizationCode.initiate({ scopes: ["a"], redirectUri })
      witness.keep(flow.codeVerifier)
      nonces.set(code, flow.nonce)
      const { authority } = yield* ClientApplication.ClientApplication
      const response = { code, state: flow.state, ...(authority._tag === "OpenIdConnect" && { iss: authority.issuer }) }
      return yield* AuthorizationCode.complete({ flow, response })
    }),
  "AuthorizationCode.redeem": (witness) => {
    const codeVerifier = "verifier.".repeat(6)
    witness.keep(codeVerifier)
    nonces.delete(code)
    return AuthorizationCode.redeem({
      code: Redacted.make(code),
      redirectUri,
      scopes: ["a"],
      codeVerifier: Redacted.make(codeVerifier)
    })
  },
  "UsernamePassword.acquire": () =>
    UsernamePassword.acquire({ username: "ada@example.com", password: Redacted.make(password), scopes: ["a"] }),
  "RefreshToken.acquire": () => RefreshToken.acquire({ refreshToken: Redacted.make(refreshToken), scopes: ["a"] }),
  "Silent.acquire": () =>
    Effect.flatMap(ada, (account) => Silent.acquire({ scopes: ["a"], account, forceRefresh: true }))
}

const nonces = new Map<string, string>()

/** Secrets of the answer, as a test may want to plant them. */
const freshTokens = (
  witness: Witness,
  request: RecordedRequest.RecordedRequest,
  differences: TokenFactory.Differences
) =>
  Effect.gen(function*() {
    const factory = yield* TokenFactory.TokenFactory
    const idToken = yield* factory.idToken({ nonce: nonces.get(String(request.form?.["code"])), ...differences })
    const tokens = { access_token: "ac&cess t+oken/å=", refresh_token: "ne&w refresh+/ø=", id_token: idToken }
    Object.values(tokens).forEach((token) => witness.keep(token))
    return yield* factory.tokenAnswer(tokens)
  })

/** What a request carries that nobody else may see. */
const secretsOf = ({ form = {}, headers }: RecordedRequest.RecordedRequest) => [
  ...["code", "code_verifier", "password", "refresh_token", "client_secret", "client_assertion"].flatMap((name) =>
    typeof form[name] === "string" ? [form[name]] : []
  ),
  ...(headers["authorization"] === undefined ? [] : [headers["authorization"], headers["authorization"].slice(6)])
]

const clients = {
  "secret by post": entraAtAlias("common", {
    application: { clientSecret: Redacted.make(clientSecret) },
    accounts: [{ refreshToken: cachedRefreshToken }]
  }),
  "secret by header": generic({ clientSecret: Redacted.make(clientSecret) }, {
    accounts: [{ refreshToken: cachedRefreshToken }]
  }),
  "encrypted key": entraAtAlias("common", {
    application: {
      clientCertificate: {
        thumbprint: "ab".repeat(32),
        privateKey: Redacted.make(privateKey),
        passphrase: Redacted.make(passphrase)
      }
    },
    accounts: [{ refreshToken: cachedRefreshToken }]
  }),
  "assertion from elsewhere": generic({ clientAssertion: Effect.succeed(Redacted.make(assertion)) }, {
    accounts: [{ refreshToken: cachedRefreshToken }]
  })
}

const byHeaderAlone = Effect.gen(function*() {
  const factory = yield* TokenFactory.TokenFactory
  const { authority } = yield* ClientApplication.ClientApplication
  if (authority._tag === "OpenIdConnect") {
    const methods = { token_endpoint_auth_methods_supported: ["client_secret_basic"] }
    yield* FakeProvider.answer("metadata", Reply.json(factory.metadata(methods)))
  }
})

const answering = (
  witness: Witness,
  answer: (
    request: RecordedRequest.RecordedRequest,
    tokens: Readonly<Record<string, unknown>>
  ) => Reply.Reply,
  differences: TokenFactory.Differences = {}
) =>
  Effect.gen(function*() {
    yield* byHeaderAlone
    const context = yield* Effect.context<TokenFactory.TokenFactory>()
    yield* FakeProvider.answer("token", (request) => {
      secretsOf(request).forEach((secret) => witness.keep(secret))
      return Effect.provide(
        Effect.map(freshTokens(witness, request, differences), (tokens) => answer(request, tokens)),
        context
      )
    })
  })

const matrix = Object.entries(grants).flatMap(([grant, program]) =>
  Object.entries(clients).map(([client, layer]) => [grant, client, program, layer] as const)
)

describe.each(matrix)("%s of a client with its %s (feature 122)", (_, client, program, layer) => {
  it.effect("succeeds without a secret in sight", () =>
    Effect.gen(function*() {
      const witness = makeWitness()
      yield* answering(witness, (_, tokens) => Reply.json(tokens))
      const exit = yield* observe(witness, program(witness))
      expect(Exit.isSuccess(exit)).toBe(true)
      expect(witness.found()).toEqual([])
      const [request] = yield* FakeProvider.requests("token")
      expect(request === undefined ? [] : secretsOf(request).length).toBeGreaterThan(1)
      expect(request?.headers["authorization"] !== undefined).toBe(client === "secret by header")
      expect((yield* cached)[0]?.accessTokens).toEqual(["ac&cess t+oken/å="])
    }).pipe(Effect.provide(layer)))

  it.effect.each(Object.entries(spellings))(
    "fails where the server echoes every secret: %s",
    ([, spell]) =>
      Effect.gen(function*() {
        for (const status of [400, 401, 429, 200, 500]) {
          const witness = makeWitness()
          yield* answering(witness, (request) => {
            const echo = secretsOf(request).map(spell).join(" and ")
            return Reply.json({
              error: echo,
              error_description: `You sent ${echo}.`,
              error_uri: `https://id.example.com/?${echo}`,
              suberror: echo,
              claims: JSON.stringify({ access_token: { echo: { value: echo } } }),
              correlation_id: echo,
              trace_id: echo,
              timestamp: echo
            }, { status, headers: { "x-echo": "echo", "retry-after": "1" } })
          })
          const exit = yield* observe(witness, program(witness))
          expect(Exit.isFailure(exit)).toBe(true)
          expect(witness.found()).toEqual([])
        }
      }).pipe(Effect.provide(layer))
  )

  it.effect("fails where the error carries tokens, and repeats them", () =>
    Effect.gen(function*() {
      for (const status of [400, 200]) {
        const witness = makeWitness()
        yield* answering(witness, (_, tokens) =>
          Reply.json({
            ...tokens,
            error: "invalid_grant",
            error_description: `Not ${String(tokens["access_token"])}, ${String(tokens["refresh_token"])} nor ${
              String(tokens["id_token"])
            }.`
          }, { status }))
        const exit = yield* observe(witness, program(witness))
        expect(Exit.isFailure(exit)).toBe(true)
        expect(witness.found()).toEqual([])
      }
    }).pipe(Effect.provide(layer)))

  const faults: ReadonlyArray<readonly [string, (tokens: Readonly<Record<string, unknown>>) => Reply.Reply]> = [
    ["a page", (tokens) => Reply.html(`<p>${JSON.stringify(tokens)}</p>`)],
    ["tokens with 400", (tokens) => Reply.json(tokens, { status: 400 })],
    ["tokens with 503", (tokens) => Reply.json(tokens, { status: 503 })],
    ["tokens of another type", (tokens) => Reply.json({ ...tokens, token_type: tokens["access_token"] })],
    ["a lifetime that is a token", (tokens) => Reply.json({ ...tokens, expires_in: tokens["access_token"] })],
    ["tokens in lists", (tokens) => Reply.json({ ...tokens, id_token: [tokens["id_token"]] })],
    ["tokens under other names", (tokens) => Reply.json({ ...tokens, access_token: [tokens["access_token"]] })],
    ["a redirect with a token", (tokens) => Reply.redirect(`https://e.example.com/?${String(tokens["access_token"])}`)],
    ["broken JSON", (tokens) => Reply.text(JSON.stringify(tokens).slice(0, -1))]
  ]

  it.effect.each(faults)("fails on %s", ([, answer]) =>
    Effect.gen(function*() {
      const witness = makeWitness()
      yield* answering(witness, (_, tokens) => answer(tokens))
      expect(Exit.isFailure(yield* observe(witness, program(witness)))).toBe(true)
      expect(witness.found()).toEqual([])
    }).pipe(Effect.provide(layer)))

  it.effect.each([{ aud: "another" }, { exp: -3600 }, { iss: "https://evil.example.com" }, { at_hash: "x" }])(
    "fails on an ID token with %j",
    (differences) =>
      Effect.gen(function*() {
        const witness = makeWitness()
        yield* answering(witness, (_, tokens) => Reply.json(tokens), differences)
        expect(Exit.isFailure(yield* observe(witness, program(witness)))).toBe(true)
        expect(witness.found()).toEqual([])
      }).pipe(Effect.provide(layer))
  )

  it.effect.each(["token", "keys", "metadata"] as const)(
    "fails on a broken connection to the %s endpoint",
    (endpoint) =>
      Effect.gen(function*() {
        const witness = makeWitness()
        yield* answering(witness, (_, tokens) => Reply.json(tokens))
        yield* FakeProvider.answer(endpoint, Reply.disconnected())
        expect(Exit.isFailure(yield* observe(witness, program(witness)))).toBe(true)
        expect(witness.found()).toEqual([])
      }).pipe(Effect.provide(layer))
  )
})

describe("an authorization response", () => {
  it.effect.each(Object.entries(spellings))("echoes every secret: %s", ([, spell]) =>
    Effect.gen(function*() {
      const witness = makeWitness()
      const flow = yield* AuthorizationCode.initiate({ scopes: ["a"], redirectUri })
      witness.keep(flow.codeVerifier)
      const echo = [flow.codeVerifier, clientSecret].map(spell).join(" and ")
      const response = {
        state: flow.state,
        iss: "https://id.example.com",
        error: echo,
        error_description: echo,
        error_uri: echo,
        suberror: echo,
        claims: JSON.stringify({ echo })
      }
      yield* observe(witness, AuthorizationCode.complete({ flow, response }))
      expect(witness.found()).toEqual([])
    }).pipe(Effect.provide(clients["secret by header"])))

  it.effect("that is refused does not repeat the code, nor a damaged flow its verifier", () =>
    Effect.gen(function*() {
      const witness = makeWitness()
      const flow = yield* AuthorizationCode.initiate({ scopes: ["a"], redirectUri })
      witness.keep(flow.codeVerifier)
      const { state } = flow
      for (
        const response of [{ code }, { code, state: "wrong" }, { code, state, iss: code }, { code, state, error: code }]
      ) {
        yield* observe(witness, AuthorizationCode.complete({ flow, response }))
      }
      for (const field of Object.keys(flow)) {
        for (const value of [undefined, 7, flow.codeVerifier]) {
          const damaged = { ...flow, [field]: field === "codeVerifier" ? `${flow.codeVerifier}x` : value }
          yield* observe(witness, AuthorizationCode.complete({ flow: damaged, response: { code, state } }))
        }
      }
      expect(witness.found()).toEqual([])
    }).pipe(Effect.provide(clients["secret by header"])))
})

describe("the client application", () => {
  it.effect("prints as JSON, before and after it has learnt of its provider", () =>
    Effect.gen(function*() {
      const application = yield* ClientApplication.ClientApplication
      expect(JSON.stringify(application)).toContain(application.clientId)
      expect(JSON.stringify(application)).not.toContain(clientSecret)
      yield* UsernamePassword.acquire({ username: "ada", password: Redacted.make(password), scopes: [] })
      expect(JSON.stringify(application)).toContain(application.clientId)
      expect(JSON.stringify(application)).not.toContain(clientSecret)
    }).pipe(Effect.provide(clients["secret by header"])))
})

describe("the witness", () => {
  it.effect.each(Object.entries(spellings))("finds a secret that is spelt %s", ([name, spell]) =>
    Effect.sync(() => {
      const witness = makeWitness()
      witness.print({ nested: [{ deep: { value: spell(password) } }] })
      expect(witness.found()).toContain(`${name}: ${password}`)
    }))

  it.effect("finds a secret in a value, an error's cause, a log, a span's attribute, event and exit", () =>
    Effect.gen(function*() {
      const leaks: ReadonlyArray<Effect.Effect<unknown, unknown>> = [
        Effect.succeed(code),
        Effect.die(new Error("failure", { cause: { code } })),
        Effect.die(code),
        Effect.log(code),
        Effect.annotateLogs(Effect.logTrace("trace"), "code", code),
        Effect.annotateCurrentSpan("code", code),
        Effect.withSpan(Effect.void, code),
        Effect.withSpan(Effect.fail(code), "span"),
        Effect.flatMap(Effect.currentSpan, (span) => Effect.sync(() => span.event(code, 0n)))
      ]
      for (const leak of leaks) {
        const witness = makeWitness()
        yield* observe(witness, leak)
        expect(witness.found()).toContain(`plain: ${code}`)
      }
    }).pipe(Effect.provide(generic())))

  it.effect("finds a secret that a program hands out unwrapped", () =>
    Effect.gen(function*() {
      const witness = makeWitness()
      yield* answering(witness, (_, tokens) => Reply.json(tokens))
      const program = grants["UsernamePassword.acquire"]?.(witness) ?? Effect.void
      yield* observe(witness, Effect.map(program, () => Option.some("ac&cess t+oken/å=")))
      expect(witness.found()).toContain("plain: ac&cess t+oken/å=")
    }).pipe(Effect.provide(generic())))
})

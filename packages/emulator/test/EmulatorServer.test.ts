import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { once } from "node:events"
import { connect } from "node:net"
import { connect as connectTls } from "node:tls"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as EmulatorServer from "../src/EmulatorServer.js"
import { clientIds } from "../src/scenario/defaultScenario.js"
import { type RunningEmulator, startEmulator } from "../src/startEmulator.js"
import { formOf } from "./support/http.js"
import { createFetch } from "./support/leadingFetch.js"
import { jane } from "./support/people.js"
import { authorizationUrl, scope } from "./support/signIn.js"
import { converse, openSocket, readAll } from "./support/socket.js"

let emulator: RunningEmulator

beforeAll(async () => {
  emulator = await startEmulator()
})

afterAll(() => emulator.close())

const host = () => new URL(emulator.origin).host
const keysPath = "/common/discovery/v2.0/keys"

const get = (path: string, hostHeader = host()) =>
  converse(emulator, `GET ${path} HTTP/1.1\r\nHost: ${hostHeader}\r\nConnection: close\r\n\r\n`)

const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1])

describe("the server", () => {
  it("answers under the name it was found at", async () => {
    const metadata = await createFetch(emulator)(`${emulator.origin}/common/v2.0/.well-known/openid-configuration`)
    expect(await metadata.json()).toMatchObject({
      issuer: `${emulator.origin}/{tenantid}/v2.0`,
      token_endpoint: `${emulator.origin}/common/oauth2/v2.0/token`
    })
  })

  it("listens on loopback", () => {
    expect(emulator.origin).toMatch(/^https:\/\/localhost:\d+$/)
    expect(emulator.caCertificate).toMatch(/^-----BEGIN CERTIFICATE-----/)
  })

  it("gives tokens", async () => {
    const { signIn } = await emulator.openBrowser()
    const url = new URL(authorizationUrl().href.replace("https://login.microsoftonline.com", emulator.origin))
    expect((await signIn(url, jane)).parameters.has("code")).toBe(true)
    const response = await createFetch(emulator)(`${emulator.origin}/organizations/oauth2/v2.0/token`, {
      method: "POST",
      body: formOf({ grant_type: "password", client_id: clientIds.public, scope, ...jane })
    })
    expect(await response.json()).toMatchObject({ token_type: "Bearer", access_token: expect.any(String) })
    expect((await emulator.requests()).map(({ origin }) => origin)).toContain(emulator.origin)
  })

  it("answers under loopback's names, and under Microsoft's", async () => {
    const { port } = new URL(emulator.origin)
    for (
      const name of [
        `localhost:${port}`,
        `127.0.0.1:${port}`,
        `[::1]:${port}`,
        `LOCALHOST:${port}`,
        "login.microsoftonline.com",
        "Login.MicrosoftOnline.com:443",
        "westeurope.login.microsoft.com",
        "graph.microsoft.com"
      ]
    ) {
      expect(statusOf(await get(keysPath, name))).toBe(200)
    }
  })

  it.each([
    "evil.example",
    "localhost",
    "localhost:1",
    "localhost.evil.example",
    "login.microsoftonline.com.evil.example",
    "login.microsoftonline.com:8443",
    "a b",
    "\"><script>"
  ])("is no server of %j", async (name) => {
    const answer = await get(keysPath, name)
    expect([400, 421]).toContain(statusOf(answer))
    expect(answer).not.toContain("\"keys\"")
  })

  it("refuses another host with status 421", async () => {
    expect(statusOf(await get("/", "evil.example"))).toBe(421)
  })

  it.each([
    "//",
    "///",
    "//evil.example/common/discovery/v2.0/keys",
    "https://evil.example/common/discovery/v2.0/keys",
    "http://[",
    "*",
    "/%",
    "/%00",
    "/\\",
    "/?a=%E0%A4%A",
    "/contoso.example/oauth2/v2.0/authorize?client_id=%FF",
    `/${"a".repeat(10_000)}`
  ])("survives the address %s", async (path) => {
    const answer = await get(path)
    expect(statusOf(answer)).toBeGreaterThanOrEqual(200)
    expect(statusOf(answer)).toBeLessThan(500)
    expect(answer).not.toMatch(/location: https?:\/\/evil/i)
    expect(statusOf(await get(keysPath))).toBe(200)
  })

  it.each([
    ["an odd method", "BREW / HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n"],
    ["OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n"],
    ["no host", "GET / HTTP/1.0\r\n\r\n"],
    ["a length that is none", "POST /device HTTP/1.1\r\nHost: HOST\r\nContent-Length: x\r\n\r\n"],
    ["two lengths", "POST /device HTTP/1.1\r\nHost: HOST\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"],
    ["bytes", "\u0000\u0001\u0002\u00ff\r\n\r\n"],
    ["headers without end", `GET / HTTP/1.1\r\nHost: HOST\r\nX: ${"a".repeat(100_000)}\r\n\r\n`]
  ])("survives %s", async (_, bytes) => {
    const answer = await converse(emulator, bytes.replace("HOST", host()))
    expect(answer === "" || statusOf(answer) < 500).toBe(true)
    expect(statusOf(await get(keysPath))).toBe(200)
  })

  it("refuses a body that is too large, however it comes", async () => {
    const head = `POST /common/oauth2/v2.0/token HTTP/1.1\r\nHost: ${host()}\r\nConnection: close\r\n`
      + "Content-Type: application/x-www-form-urlencoded\r\n"
    const bulk = "x".repeat(300 * 1024)
    const bodies = [
      `Content-Length: ${bulk.length + 2}\r\n\r\na=${bulk}`,
      `Transfer-Encoding: chunked\r\n\r\n${bulk.length.toString(16)}\r\n${bulk}\r\n0\r\n\r\n`
    ]
    for (const body of bodies) {
      const answer = await converse(emulator, `${head}${body}`)
      expect(statusOf(answer)).toBe(413)
      expect(answer).toMatch(/^connection: close\r$/im)
      expect(answer).toContain("\"error_codes\":[9002313]")
    }
    const promised = await converse(emulator, `${head}Content-Length: ${1024 ** 3}\r\n\r\n`)
    expect(statusOf(promised)).toBe(413)
    expect(statusOf(await get(keysPath))).toBe(200)
  })

  it("survives a client that goes away in the middle of a body", async () => {
    const socket = await openSocket(emulator)
    socket.write(`POST /common/oauth2/v2.0/token HTTP/1.1\r\nHost: ${host()}\r\nContent-Length: 1000\r\n\r\na=b`)
    socket.destroy()
    await once(socket, "close")
    expect(statusOf(await get(keysPath))).toBe(200)
  })

  it("survives who speaks no TLS", async () => {
    const socket = connect(Number(new URL(emulator.origin).port), "127.0.0.1")
    socket.on("error", () => {})
    socket.resume().write("GET / HTTP/1.1\r\n\r\n")
    await once(socket, "close")
    expect(statusOf(await get(keysPath))).toBe(200)
  })

  it("drops the connection without an answer", async () => {
    await emulator.addFault({ kind: "drop", times: 1, on: { endpoint: "keys" } })
    expect(await get(keysPath)).toBe("")
    expect(statusOf(await get(keysPath))).toBe(200)
  })
})

describe("its host", () => {
  it.each([
    ["127.0.0.2", /^https:\/\/127\.0\.0\.2:\d+$/],
    ["localhost", /^https:\/\/localhost:\d+$/],
    ["0.0.0.0", /^https:\/\/localhost:\d+$/],
    ["[::1]", /^https:\/\/\[::1\]:\d+$/]
  ])("%s is where it is found, and what its certificate names", async (named, origin) => {
    await using server = await startEmulator({ host: named })
    expect(server.origin).toMatch(origin)
    const { hostname, port } = new URL(server.origin)
    const host = hostname.replace(/[[\]]/g, "")
    const socket = connectTls({ host, port: Number(port), ca: server.caCertificate })
    await once(socket, "secureConnect")
    expect(socket.authorized).toBe(true)
    socket.destroy()
  })

  it.each(["", "a b", "https://localhost", "host:1"])("cannot be %j", async (host) => {
    await expect(startEmulator({ host })).rejects.toMatchObject({ _tag: "ServeError" })
  })
})

describe("its port", () => {
  it("is refused with a typed error where somebody has it", async () => {
    const port = Number(new URL(emulator.origin).port)
    const error = await Effect.runPromise(Effect.flip(Effect.scoped(Layer.build(EmulatorServer.layer({ port })))))
    expect(error).toMatchObject({ _tag: "ServeError", cause: { code: "EADDRINUSE" } })
    const told = await startEmulator({ port }).catch((error: unknown) => error)
    expect(told).toMatchObject({ message: expect.stringContaining("EADDRINUSE") })
    await expect(startEmulator({ port })).rejects.toMatchObject({ _tag: "ServeError" })
  })

  it("is free once the server is closed", async () => {
    const first = await startEmulator()
    const port = Number(new URL(first.origin).port)
    await first.close()
    await using again = await startEmulator({ port })
    expect(again.origin).toBe(first.origin)
  })
})

describe("the end", () => {
  it("does not wait for an open connection", async () => {
    const server = await startEmulator()
    const socket = await openSocket(server)
    const rest = readAll(socket)
    socket.write(`GET ${keysPath} HTTP/1.1\r\nHost: ${new URL(server.origin).host}\r\n\r\n`)
    await once(socket, "data")
    await server.close()
    expect(statusOf(await rest)).toBe(200)
  })

  it("does not wait for a request that a fault holds up", async () => {
    const server = await startEmulator()
    await server.addFault({ kind: "latency", milliseconds: 3_600_000 })
    const socket = await openSocket(server)
    const rest = readAll(socket)
    const request = `GET ${keysPath} HTTP/1.1\r\nHost: ${new URL(server.origin).host}\r\n\r\n`
    // The second request is answered once the first is under way.
    socket.write(request)
    await converse(server, `GET / HTTP/1.1\r\nHost: ${new URL(server.origin).host}\r\nConnection: close\r\n\r\n`)
    await server.close()
    expect(await rest).not.toMatch(/^HTTP\/1\.1 200/)
  })

  it("comes with the scope of the layer", async () => {
    const origin = await Effect.runPromise(Effect.scoped(
      Effect.map(
        Layer.build(EmulatorServer.layer()),
        (context) => Context.get(context, EmulatorServer.EmulatorServer).origin
      )
    ))
    const socket = connect(Number(new URL(origin).port), "127.0.0.1")
    const [error] = await once(socket, "error")
    expect(error).toMatchObject({ code: "ECONNREFUSED" })
  })
})

describe("startEmulator", () => {
  it("refuses a scenario that makes no sense", async () => {
    await expect(startEmulator({ scenario: { tenants: [{ id: "x", name: "X", domains: ["x.example"] }] } })).rejects
      .toMatchObject({
        _tag: "InvalidScenario",
        problems: [{ path: ["tenants", 0, "id"] }]
      })
  })

  it("steers the emulator", async () => {
    await using server = await startEmulator()
    await server.putUser({ username: "ann@contoso.example", password: "seven seas", name: "Ann Lee" })
    await server.changeUser("ann@contoso.example", { blocked: true })
    const url = authorizationUrl().href.replace("https://login.microsoftonline.com", server.origin)
    await expect(server.signIn(url, { username: "ann@contoso.example", password: "seven seas" })).rejects.toMatchObject(
      {
        _tag: "SignInFailed"
      }
    )
    await expect(server.changeUser("nobody@contoso.example", {})).rejects.toMatchObject({ _tag: "UnknownUser" })
    await server.reset()
    expect(await server.requests()).toEqual([])
  })
})

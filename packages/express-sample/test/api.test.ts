import express from "express"
import { Agent } from "undici"
import { afterAll, beforeAll, expect, it } from "vitest"
import { createFetchProfile } from "../src/api.js"
import { serve, type Serving } from "../src/serve.js"

const dispatcher = new Agent()
const tokens: Array<string | undefined> = []
let api: Serving

beforeAll(async () => {
  const app = express()
  app.get("/me", (request, response) => {
    response.send({ displayName: request.headers.authorization })
  })
  app.get("/elsewhere", (request, response) => {
    tokens.push(request.headers.authorization)
    response.send({})
  })
  app.get("/moved", (_request, response) => response.redirect("/elsewhere"))
  app.get("/refused", (_request, response) => {
    response.status(401).send({ error: "invalid_token" })
  })
  app.get("/text", (_request, response) => {
    response.send("<p>proxy</p>")
  })
  app.get("/list", (_request, response) => {
    response.send([])
  })
  app.get("/null", (_request, response) => {
    response.type("json").send("null")
  })
  app.get("/dropped", (request) => {
    request.socket.destroy()
  })
  api = await serve(0, () => app)
})

afterAll(async () => {
  await api.close()
  await dispatcher.close()
})

const call = (path: string) => createFetchProfile(`${api.origin}${path}`, dispatcher)("token")

it("calls the API with the token", async () => {
  expect(await call("/me")).toEqual({ displayName: "Bearer token" })
})

it.each(["/refused", "/text", "/list", "/null", "/dropped", "/missing", "/moved"])(
  "takes nothing from %s",
  async (path) => {
    expect(await call(path)).toBeNull()
  }
)

it("carries the token to no other address", async () => {
  await call("/moved")
  expect(tokens).toEqual([])
})

/**
 * Many equal silent calls at the same time, for a token that has expired.
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { type Authority, authorityAt } from "./authority.js"
import { compare } from "./compare.js"
import { makeGrantwork, overFetch, overUndici } from "./grantwork.js"
import { makeMsal } from "./msal.js"
import { partitionsOf } from "./partitions.js"
import { people, tenantId } from "./people.js"
import { type Aim, atLeast, exactly, number, print, table, times } from "./report.js"
import { startTokenServer } from "./startTokenServer.js"
import { unifiedJson } from "./unifiedJson.js"

const calls = 1000
const rounds = 15
/** Each turn asks for another account's token; one is for warming up. */
const turns = rounds + 1

const labels = {
  floor: "floor: one fetch, shared by Effect.cached",
  undici: "Silent.acquire over undici",
  fetch: "Silent.acquire over fetch",
  msal: "msal-node acquireTokenSilent"
}

const cached = people(turns)

interface Side {
  /** One for each account. */
  readonly runs: ReadonlyArray<() => Promise<unknown>>
  readonly close: () => Promise<void>
}

/** Checks and keeps nothing. */
const floor = async ({ origin }: Authority): Promise<Side> => {
  const runtime = ManagedRuntime.make(Layer.empty)
  const shared = await Promise.all(cached.map(({ refreshToken }) => {
    const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken })
    const post = async (): Promise<unknown> => {
      const response = await fetch(`${origin}/${tenantId}/oauth2/v2.0/token`, { method: "POST", body })
      return response.json()
    }
    return runtime.runPromise(Effect.cached(Effect.promise(post)))
  }))
  return { runs: shared.map((one) => () => runtime.runPromise(one)), close: () => runtime.dispose() }
}

const grantwork = (httpClient: Layer.Layer<HttpClient.HttpClient>) => async (authority: Authority, json: string) => {
  const { close, silent } = await makeGrantwork(authority, { httpClient, partitions: partitionsOf([json]) })
  return { runs: silent(cached), close }
}

const sides: Readonly<Record<keyof typeof labels, (authority: Authority, json: string) => Promise<Side>>> = {
  floor,
  undici: grantwork(overUndici),
  fetch: grantwork(overFetch),
  msal: async (authority, json) => ({ runs: makeMsal(authority, { json }).silent(cached), close: async () => {} })
}

/** Each side has a server of its own, which counts. */
const prepare = async (name: keyof typeof labels) => {
  const server = await startTokenServer(turns)
  const authority = authorityAt(server.origin)
  const { close, runs } = await sides[name](authority, unifiedJson(cached, authority, { lifetime: -60 }))
  return {
    contestant: { name, runs: runs.map((run) => () => Promise.all(Array.from({ length: calls }, run))) },
    requestsPerTurn: async () => await server.tokenRequests() / turns,
    close: async () => {
      await close()
      await server.close()
    }
  }
}

export const measureEqualCalls = async (): Promise<ReadonlyArray<Aim>> => {
  const prepared = [await prepare("floor"), await prepare("undici"), await prepare("fetch"), await prepare("msal")]
  const { micros, ratio } = await compare(prepared.map(({ contestant }) => contestant), {
    rounds,
    turnMillis: 1,
    inFlight: 1
  })
  const counts = await Promise.all(prepared.map(({ requestsPerTurn }) => requestsPerTurn()))
  await Promise.all(prepared.map(({ close }) => close()))
  print(
    "1,000 equal silent calls at the same time, for a token that has expired",
    "",
    ...table(
      ["", "milliseconds", "token requests", "against the floor"],
      prepared.map(({ contestant: { name } }, side) => [
        labels[name],
        number(micros(name) / 1000),
        number(counts[side] ?? NaN),
        times(ratio(name, "floor"))
      ])
    ),
    ""
  )
  return [
    exactly(1, "1,000 equal calls, token requests over undici", counts[1] ?? NaN),
    exactly(1, "1,000 equal calls, token requests over fetch", counts[2] ?? NaN),
    atLeast(1, "1,000 equal calls, no slower than msal-node", ratio("msal", "undici"))
  ]
}

import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as RequestLog from "../../src/state/RequestLog.js"

const request = (at: number): RequestLog.RecordedRequest => ({
  at,
  method: "GET",
  origin: "https://login.microsoftonline.com",
  path: "/common/discovery/v2.0/keys",
  query: [],
  form: [],
  grantType: undefined,
  correlationId: "",
  faults: [],
  refusal: undefined,
  status: 200,
  answer: []
})

describe("the request log", () => {
  it.effect("keeps the last thousand, oldest first", () =>
    Effect.gen(function*() {
      const log = RequestLog.make()
      for (let at = 0; at < 2500; at++) yield* log.add(request(at))
      expect((yield* log.all).map(({ at }) => at)).toEqual(Array.from({ length: 1000 }, (_, index) => 1500 + index))
      yield* log.clear
      expect(yield* log.all).toEqual([])
    }))

  it.effect("gives a list that does not change", () =>
    Effect.gen(function*() {
      const log = RequestLog.make()
      yield* log.add(request(1))
      const all = yield* log.all
      yield* log.add(request(2))
      expect(all).toHaveLength(1)
    }))
})

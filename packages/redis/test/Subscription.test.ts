import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { EventEmitter } from "node:events"
import type { Client } from "../src/index.js"
import * as Subscription from "../src/Subscription.js"

/** Connections whose steps the test takes. */
const scripted = () => {
  const connections: Array<{
    readonly events: EventEmitter
    readonly connected: PromiseWithResolvers
    readonly heard: Array<(message: string) => void>
    destroyed: number
  }> = []
  const log: Array<string> = []
  const duplicate = (): Client.Subscriber => {
    const connection = { events: new EventEmitter(), connected: withResolvers(), heard: [], destroyed: 0 }
    connections.push(connection)
    return {
      on: (event, listener) => connection.events.on(event, listener),
      connect: () => connection.connected.promise,
      subscribe: (_, listener) => {
        connections.find((one) => one === connection)?.heard.push(listener)
        return Promise.resolve()
      },
      destroy: () => {
        connection.destroyed += 1
        connection.events.emit("disconnect")
        throw new Error("As some versions do where nothing is open.")
      }
    }
  }
  const firstLevel = {
    find: () => undefined,
    expect: () => () => {},
    changed: (hash: string, version: string) => void log.push(`changed ${hash} ${version}`),
    open: () => void log.push("open"),
    close: () => void log.push("close")
  }
  return { connections, log, listen: Subscription.listen({ duplicate, channel: "changed", firstLevel }) }
}

interface PromiseWithResolvers {
  readonly promise: Promise<unknown>
  readonly resolve: () => void
}

const withResolvers = (): PromiseWithResolvers => {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve: () => resolve() }
}

const settle = Effect.repeatN(Effect.yieldNow(), 50)

describe("the connection that hears of changes", () => {
  it.effect("opens the first level once it is subscribed, and tells it what it hears", () =>
    Effect.gen(function*() {
      const { connections, listen, log } = scripted()
      const fiber = yield* Effect.fork(listen)
      yield* settle
      expect(log).toEqual([])
      connections[0]?.connected.resolve()
      yield* settle
      expect(log).toEqual(["open"])
      connections[0]?.heard[0]?.("hash version")
      connections[0]?.heard[0]?.("hash ")
      expect(log.slice(1)).toEqual(["changed hash version", "changed hash "])
      yield* Fiber.interrupt(fiber)
      expect(log.at(-1)).toBe("close")
      expect(connections.map(({ destroyed }) => destroyed)).toEqual([1])
    }))

  it.effect("is closed at the first sign of trouble, and another one opened", () =>
    Effect.gen(function*() {
      const { connections, listen, log } = scripted()
      const fiber = yield* Effect.fork(listen)
      yield* settle
      connections[0]?.connected.resolve()
      yield* settle
      connections[0]?.events.emit("reconnecting")
      expect(log).toEqual(["open", "close"])
      expect(connections[0]?.destroyed).toBe(1)
      yield* TestClock.adjust("2 seconds")
      expect(connections).toHaveLength(2)
      connections[1]?.connected.resolve()
      yield* settle
      expect(log.at(-1)).toBe("open")
      yield* Fiber.interrupt(fiber)
    }))

  it.effect("in trouble while it connects never opens the first level", () =>
    Effect.gen(function*() {
      const { connections, listen, log } = scripted()
      const fiber = yield* Effect.fork(listen)
      yield* settle
      connections[0]?.events.emit("error", new Error("connect ECONNREFUSED"))
      connections[0]?.connected.resolve()
      yield* settle
      expect(log).not.toContain("open")
      expect(connections[0]?.heard).toEqual([])
      yield* Fiber.interrupt(fiber)
    }))

  it.effect("is closed again where it was connecting when it was closed", () =>
    Effect.gen(function*() {
      const { connections, listen } = scripted()
      const fiber = yield* Effect.fork(listen)
      yield* settle
      yield* Fiber.interrupt(fiber)
      const before = connections[0]?.destroyed ?? 0
      connections[0]?.connected.resolve()
      yield* settle
      expect(connections[0]?.destroyed).toBe(before + 1)
    }))
})

import { describe, expect, it } from "vitest"
import * as Throttle from "../../src/services/Throttle.js"

describe("a throttle", () => {
  it("holds back what it is told to, until then", () => {
    const throttle = Throttle.make()
    throttle.holdBack("a", 1000)
    expect(throttle.wait("a", 400)).toBe(600)
    expect(throttle.wait("b", 400)).toBe(0)
    expect(throttle.wait("a", 1000)).toBe(0)
    expect(throttle.wait("a", 400)).toBe(0)
  })

  it("goes by the latest word", () => {
    const throttle = Throttle.make()
    throttle.holdBack("a", 1000)
    throttle.holdBack("a", 500)
    expect(throttle.wait("a", 0)).toBe(500)
  })

  it("forgets the oldest of very many", () => {
    const throttle = Throttle.make()
    for (let index = 0; index < 5000; index++) {
      throttle.holdBack(String(index), 1000)
    }
    const held = Array.from({ length: 5000 }, (_, index) => throttle.wait(String(index), 0)).filter((wait) => wait > 0)
    expect(held).toHaveLength(1024)
    expect(throttle.wait("4999", 0)).toBe(1000)
  })
})

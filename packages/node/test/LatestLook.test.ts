import { describe, expect, it } from "@effect/vitest"
import * as LatestLook from "../src/LatestLook.js"

/** A look that ends when the test says so. */
const controlled = () => {
  const ends: Array<(error?: Error) => void> = []
  const look = LatestLook.share(() => {
    const index = ends.length
    return new Promise<number>((resolve, reject) => {
      ends.push((error) => error === undefined ? resolve(index) : reject(error))
    })
  })
  return { ends, look }
}

const settle = () => new Promise(setImmediate)

describe("a shared look", () => {
  it("is begun after whoever asked, and shared by all who came meanwhile", async () => {
    const { ends, look } = controlled()
    const first = look()
    const meanwhile = [look(), look(), look()]
    expect(ends).toHaveLength(1)
    ends[0]?.()
    expect(await first).toBe(0)
    await settle()
    expect(ends).toHaveLength(2)
    const later = look()
    ends[1]?.()
    expect(await Promise.all(meanwhile)).toEqual([1, 1, 1])
    await settle()
    ends[2]?.()
    expect(await later).toBe(2)
    await settle()
    const last = look()
    ends[3]?.()
    expect(await last).toBe(3)
  })

  it("that fails takes nothing from the next", async () => {
    const { ends, look } = controlled()
    const first = look()
    const next = look()
    ends[0]?.(new Error("failure"))
    await expect(first).rejects.toThrow("failure")
    await settle()
    ends[1]?.(new Error("another"))
    await expect(next).rejects.toThrow("another")
    await settle()
    const last = look()
    ends[2]?.()
    expect(await last).toBe(2)
  })
})

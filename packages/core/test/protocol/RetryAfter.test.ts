import fc from "fast-check"
import { afterEach, describe, expect, it, vi } from "vitest"
import * as RetryAfter from "../../src/protocol/RetryAfter.js"
import { anyCharacter } from "../anyCharacter.js"

const now = Date.UTC(2015, 9, 21, 7, 27, 0)

afterEach(() => {
  vi.unstubAllEnvs()
})

describe("seconds", () => {
  it.each([
    ["0", 0],
    ["1", 1],
    ["120", 120],
    [" 120 ", 120],
    ["\t5", 5],
    ["007", 7],
    ["3600", 3600],
    ["3601", 3600],
    ["99999999999999999999", 3600],
    ["9".repeat(1000), 3600]
  ])("of %j", (header, wait) => {
    expect(RetryAfter.seconds(header, now)).toBe(wait)
  })

  it.each([
    ["Wed, 21 Oct 2015 07:28:00 GMT", 60],
    ["Wed, 21 Oct 2015 07:27:00 GMT", 0],
    ["Wed, 21 Oct 2015 07:26:59 GMT", 0],
    ["Sun, 06 Nov 1994 08:49:37 GMT", 0],
    ["Fri, 21 Oct 2050 07:28:00 GMT", 3600]
  ])("until the date %s", (header, wait) => {
    expect(RetryAfter.seconds(header, now)).toBe(wait)
  })

  it("rounds a part of a second up", () => {
    expect(RetryAfter.seconds("Wed, 21 Oct 2015 07:28:00 GMT", now + 1)).toBe(60)
    expect(RetryAfter.seconds("Wed, 21 Oct 2015 07:28:00 GMT", now + 999)).toBe(60)
    expect(RetryAfter.seconds("Wed, 21 Oct 2015 07:28:00 GMT", now + 1000)).toBe(59)
  })

  it.each(["UTC", "America/New_York", "Asia/Tokyo"])(
    "reads the three forms of a date as GMT on a machine in %s",
    (zone) => {
      vi.stubEnv("TZ", zone)
      const moment = Date.UTC(1994, 10, 6, 8, 49, 7)
      expect(RetryAfter.seconds("Sun, 06 Nov 1994 08:49:37 GMT", moment)).toBe(30)
      expect(RetryAfter.seconds("Sunday, 06-Nov-94 08:49:37 GMT", moment)).toBe(30)
      expect(RetryAfter.seconds("Sun Nov  6 08:49:37 1994", moment)).toBe(30)
    }
  )

  it.each([
    undefined,
    "",
    " ",
    "soon",
    "-1",
    "-5",
    "+5",
    "1.5",
    "1e3",
    "0x10",
    "5s",
    "5 seconds",
    "soon 5",
    "in 3000",
    "120, 60",
    "Infinity",
    "NaN",
    "null",
    "\u0661\u0662",
    "Wed, 99 Oct 2015 07:28:00 GMT",
    "Wed, 21 Foo 2015 07:28:00 GMT",
    "Wed, 21 Oct 2015 07:28:00 PST",
    "Wed, 21 Oct 2015",
    "Mon 5",
    "Sunny 3000",
    "\u0000"
  ])("says nothing for %j", (header) => {
    expect(RetryAfter.seconds(header, now)).toBeUndefined()
  })

  it("is undefined or a whole number from 0 to 3600 for any text", () => {
    fc.assert(fc.property(
      fc.oneof(
        fc.string({ unit: anyCharacter }),
        fc.nat().map(String),
        fc.date({ noInvalidDate: true }).map((date) => date.toUTCString())
      ),
      fc.integer({ min: 0, max: 8.64e15 }),
      (header, millis) => {
        const wait = RetryAfter.seconds(header, millis)
        expect(wait === undefined || (Number.isInteger(wait) && wait >= 0 && wait <= 3600)).toBe(true)
      }
    ))
  })
})

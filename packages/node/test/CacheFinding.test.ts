import { describe, expect, it } from "@effect/vitest"
import * as CacheDoctor from "../src/CacheDoctor.js"

describe("what is told", () => {
  const path = "/home/ada/\u{202E}cache\u{1B}[2J.json"
  const locked = { path, lock: "refresh", processId: 7 } as const
  const findings: ReadonlyArray<readonly [CacheDoctor.Finding, string]> = [
    [{ _tag: "FileMissing", severity: "notice", path }, "made when somebody signs in"],
    [
      { _tag: "FileOpenToOthers", severity: "problem", path, mode: 0o44 },
      "(mode 0044). Let its owner alone do so: chmod 600"
    ],
    [{ _tag: "FolderOpenToOthers", severity: "problem", path, mode: 0o1777 }, "(mode 1777)"],
    [{ _tag: "OfAnotherUser", severity: "problem", path, userId: 4242 }, "belongs to user 4242"],
    [{ _tag: "Unreadable", severity: "problem", path, reason: `No ${path}.` }, "No "],
    [{ _tag: "FileDamaged", severity: "problem", path }, "moved aside at the next use"],
    [{ _tag: "FileSealed", severity: "notice", path }, "is encrypted"],
    [{ _tag: "DamagedFileKept", severity: "notice", path }, "It may still hold tokens"],
    [{ _tag: "TemporaryFileLeft", severity: "notice", path, processId: 7 }, "left by process 7"],
    [{ _tag: "LockHeld", severity: "notice", ...locked }, "held by process 7, which is refreshing an account's tokens"],
    [{ _tag: "LockHeld", severity: "notice", ...locked, lock: "file" }, "which is changing the token cache"],
    [{ _tag: "LockHeld", severity: "notice", ...locked, lock: "key" }, "which is making the key"],
    [
      { _tag: "LockLeft", severity: "problem", ...locked, processId: undefined },
      "left behind by a process that is not named"
    ],
    [{ _tag: "AccessTokensExpired", severity: "notice", count: 1 }, "1 access token has expired"],
    [{ _tag: "AccessTokensExpired", severity: "notice", count: 2 }, "2 access tokens have expired"],
    [
      { _tag: "RecordsDuplicate", severity: "notice", section: "Account", count: 1 },
      "1 entry of the section Account is for"
    ],
    [
      { _tag: "RecordsDuplicate", severity: "notice", section: "Account", count: 2 },
      "2 entries of the section Account are"
    ],
    [
      { _tag: "EntriesNotUnderstood", severity: "notice", section: `\u{9B}${"x".repeat(1000)}`, count: 2 },
      `2 entries of the section \u{FFFD}${"x".repeat(39)} are of use`
    ],
    [{ _tag: "RefreshTokensWithoutAccount", severity: "problem", count: 1 }, "1 refresh token belongs to no account"]
  ]

  it.each(findings)("%j", (finding, words) => {
    const told = CacheDoctor.describe(finding)
    expect(told).toContain(words)
    expect(told).toMatch(/^\P{C}+\.$/u)
  })
})

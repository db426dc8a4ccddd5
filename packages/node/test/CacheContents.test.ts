import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestServices from "effect/TestServices"
import fc from "fast-check"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as CacheDoctor from "../src/CacheDoctor.js"
import * as CacheSample from "./support/cacheSample.js"
import { check, examine, type Expected, write } from "./support/examination.js"
import { sealedFile } from "./support/keychainSample.js"

describe("the contents", () => {
  const problem = { severity: "problem" }
  const notice = { severity: "notice" }

  const cases: Readonly<Record<string, readonly [sections: object | string | Uint8Array, ...expected: Expected]>> = {
    "all well": [CacheSample.healthy],
    "all well, after a byte order mark": [`\u{FEFF}${JSON.stringify(CacheSample.healthy)}`],
    "nothing": [{}],
    "an empty text": [""],
    "sections of nothing": [{ AccessToken: null, Account: {} }],
    "no JSON": ["{", { _tag: "FileDamaged", ...problem }],
    "no cache": ["[]", { _tag: "FileDamaged", ...problem }],
    "a section that is a list": [{ AccessToken: [] }, { _tag: "FileDamaged", ...problem }],
    "no UTF-8": [Uint8Array.of(0x7b, 0xff, 0x7d), { _tag: "FileDamaged", ...problem }],
    "what is nested too deeply": [
      `{"Foreign":${"[".repeat(10_000)}${"]".repeat(10_000)}}`,
      { _tag: "FileDamaged", ...problem }
    ],
    "access tokens that have expired": [
      {
        AccessToken: {
          a: CacheSample.accessToken({ target: "a", expires_on: String(CacheSample.now) }),
          b: CacheSample.accessToken({ target: "b", expires_on: String(CacheSample.now + 1) }),
          c: CacheSample.accessToken({ target: "c", home_account_id: null, expires_on: "0" })
        }
      },
      { _tag: "AccessTokensExpired", ...notice, count: 2 }
    ],
    "entries for the same purpose": [
      {
        ...CacheSample.healthy,
        AccessToken: {
          a: CacheSample.accessToken({ target: "read write" }),
          b: CacheSample.accessToken({ target: "write read" }),
          "one for fewer scopes": CacheSample.accessToken(),
          "one of another tenant": CacheSample.accessToken({ realm: "other" }),
          "one of another client": CacheSample.accessToken({ client_id: "other" })
        },
        RefreshToken: {
          "a-": CacheSample.refreshToken(),
          "a--": CacheSample.refreshToken({ target: "read" }),
          "a---": CacheSample.refreshToken(),
          "one of another client": CacheSample.refreshToken({ client_id: "other" })
        },
        IdToken: {
          "a-": CacheSample.idToken(),
          "a--": CacheSample.idToken(),
          "one of another tenant": CacheSample.idToken({ realm: "other" })
        },
        Account: {
          a: CacheSample.account(),
          b: CacheSample.account({ username: "" }),
          "another's": CacheSample.account({ home_account_id: "grace" })
        }
      },
      { _tag: "RecordsDuplicate", ...notice, section: "AccessToken", count: 1 },
      { _tag: "RecordsDuplicate", ...notice, section: "RefreshToken", count: 2 },
      { _tag: "RecordsDuplicate", ...notice, section: "IdToken", count: 1 },
      { _tag: "RecordsDuplicate", ...notice, section: "Account", count: 1 }
    ],
    "entries under two hosts of a cloud": [
      {
        Account: Object.fromEntries(
          ["login.windows.net", "login.microsoftonline.com", "login.chinacloudapi.cn"].map((environment) => [
            environment,
            CacheSample.account({ environment })
          ])
        )
      },
      { _tag: "RecordsDuplicate", ...notice, section: "Account", count: 1 }
    ],
    "entries for others": [
      {
        ...CacheSample.healthy,
        AccessToken: {
          bound: CacheSample.accessToken({ token_type: "pop", key_id: "1" }),
          text: "text",
          nobody: CacheSample.accessToken({ environment: undefined })
        },
        IdToken: { mangled: CacheSample.idToken({ secret: "a.b.c" }), list: [] },
        Account: { account: CacheSample.account(), nobody: {} },
        AppMetadata: { app: 1 },
        Theirs: { one: {}, two: 2 },
        Text: "text"
      },
      { _tag: "EntriesNotUnderstood", ...notice, section: "AccessToken", count: 3 },
      { _tag: "EntriesNotUnderstood", ...notice, section: "IdToken", count: 2 },
      { _tag: "EntriesNotUnderstood", ...notice, section: "Account", count: 1 },
      { _tag: "EntriesNotUnderstood", ...notice, section: "AppMetadata", count: 1 },
      { _tag: "EntriesNotUnderstood", ...notice, section: "Theirs", count: 2 },
      { _tag: "EntriesNotUnderstood", ...notice, section: "Text", count: 1 }
    ],
    "refresh tokens without an account": [
      {
        RefreshToken: {
          ada: CacheSample.refreshToken(),
          grace: CacheSample.refreshToken({ home_account_id: "grace" }),
          "grace, in another program": CacheSample.refreshToken({ home_account_id: "grace", client_id: "other" }),
          nobody: CacheSample.refreshToken({ home_account_id: "" }),
          "nobody either": CacheSample.refreshToken({ home_account_id: null })
        },
        Account: { ada: CacheSample.account() }
      },
      { _tag: "RefreshTokensWithoutAccount", ...problem, count: 4 }
    ]
  }

  it.scoped.each(Object.entries(cases))("%s", ([_, [content, ...expected]]) =>
    check(({ path }) => {
      write(path, typeof content === "string" || content instanceof Uint8Array ? content : JSON.stringify(content))
      return expected.map((finding) =>
        "_tag" in finding && finding._tag === "FileDamaged" ? { ...finding, path } : finding
      )
    }))

  it.scoped("are not looked at where they are encrypted, not even in part", () =>
    Effect.gen(function*() {
      const { path, sealed } = yield* TestServices.provideLive(sealedFile)
      const found = [{ _tag: "FileSealed", severity: "notice", path }]
      expect(yield* examine(path)).toEqual(found)
      write(path, sealed.slice(0, -10))
      expect(yield* examine(path)).toEqual(found)
    }))
})

describe("of anything", () => {
  const member = fc.oneof(fc.string(), fc.integer(), fc.constantFrom(null, undefined, "ada", "https://id.example.com"))
  const entry = fc.oneof(
    fc.constantFrom(
      CacheSample.accessToken(),
      CacheSample.refreshToken(),
      CacheSample.idToken(),
      CacheSample.account()
    ).chain((sample) =>
      fc.dictionary(fc.constantFrom(...Object.keys(sample), "constructor", "__proto__"), member)
        .map((differences) => ({ ...sample, ...differences }))
    ),
    fc.jsonValue()
  )
  const section = fc.oneof(
    fc.constantFrom("AccessToken", "RefreshToken", "IdToken", "Account", "AppMetadata", "__proto__"),
    fc.string({ unit: "binary" })
  )
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json(),
    fc.dictionary(section, fc.dictionary(fc.string(), entry)).map((sections) => JSON.stringify(sections)),
    fc.string({ unit: "binary" }).map((text) => `eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwia2lkIjoiMSJ9.${text}`)
  )

  it("there is something to say, or nothing, and it can be printed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "grantwork-"))
    const path = join(folder, "cache.json")
    await fc.assert(
      fc.asyncProperty(bytes, async (content) => {
        write(path, content)
        for (const finding of await Effect.runPromise(CacheDoctor.examine({ path }))) {
          expect(CacheDoctor.describe(finding)).toMatch(/^\P{C}+\.$/u)
          expect(JSON.stringify(finding)).not.toContain(CacheSample.secret)
        }
      }),
      { numRuns: 300 }
    ).finally(() => rmSync(folder, { recursive: true }))
  })
})

import * as Either from "effect/Either"
import * as Option from "effect/Option"
import fc from "fast-check"
import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import * as AuthorityUrl from "../../src/domain/AuthorityUrl.js"
import type { IdTokenClaims } from "../../src/domain/Claims.js"
import * as Cloud from "../../src/domain/Cloud.js"
import * as IdToken from "../../src/protocol/IdToken.js"
import * as ProviderMetadata from "../../src/protocol/ProviderMetadata.js"

const policy = { knownAuthorities: [], allowInsecureLoopback: false }
const tenantId = "8ab1c0de-0000-4000-8000-00000000000a"
const otherTenantId = "8ab1c0de-0000-4000-8000-00000000000b"
const consumers = Cloud.consumersTenantId
const now = 1_900_000_000
const skew = 120

const generic = Either.getOrThrow(AuthorityUrl.openIdConnect("https://issuer.example", policy))
const genericMetadata = Either.getOrThrow(ProviderMetadata.decode(
  {
    issuer: "https://issuer.example",
    token_endpoint: "https://issuer.example/token"
  },
  generic,
  policy
))

const expectations: IdToken.Expectations = {
  clientId: "client",
  authority: generic,
  metadata: genericMetadata,
  now,
  clockSkew: skew,
  nonce: { sent: "nonce" },
  maxAge: Option.none()
}

const claims = {
  iss: "https://issuer.example",
  sub: "sub",
  aud: "client",
  exp: now + 3600,
  iat: now,
  nonce: "nonce"
}

const check = (change: object, expected: Partial<IdToken.Expectations> = {}) =>
  IdToken.check(JSON.parse(JSON.stringify({ ...claims, ...change })), { ...expectations, ...expected })
const ruleOf = (result: Either.Either<unknown, { readonly rule: string }>) =>
  Either.match(result, { onLeft: ({ rule }) => rule, onRight: () => "accepted" })

describe("check", () => {
  it("gives back every claim of a token that is right", () => {
    expect(check({ name: "Jane", list: [1] })).toEqual(Either.right({ ...claims, name: "Jane", list: [1] }))
  })

  it.each([[null], [undefined], ["text"], [5], [[]], [[claims]], [true]])("refuses the payload %j", (payload) => {
    expect(ruleOf(IdToken.check(payload, expectations))).toBe("malformed")
  })

  it.each<[string, object, string]>([
    ["no iss", { iss: undefined }, "iss"],
    ["an empty iss", { iss: "" }, "iss"],
    ["a list of iss", { iss: ["https://issuer.example"] }, "iss"],
    ["another iss", { iss: "https://evil.example" }, "iss"],
    ["iss with a slash more", { iss: "https://issuer.example/" }, "iss"],
    ["iss in another letter case", { iss: "https://Issuer.example" }, "iss"],
    ["no sub", { sub: undefined }, "sub"],
    ["an empty sub", { sub: "" }, "sub"],
    ["a number as sub", { sub: 5 }, "sub"],
    ["no aud", { aud: undefined }, "aud"],
    ["an empty aud", { aud: "" }, "aud"],
    ["an empty list of aud", { aud: [] }, "aud"],
    ["another aud", { aud: "other" }, "aud"],
    ["aud in another letter case", { aud: "Client" }, "aud"],
    ["aud as part of a word", { aud: "client2" }, "aud"],
    ["a list of other auds", { aud: ["other", "another"], azp: "client" }, "aud"],
    ["a list of auds with a number", { aud: ["client", 5], azp: "client" }, "aud"],
    ["aud in an object", { aud: { 0: "client" } }, "aud"],
    ["several auds and no azp", { aud: ["client", "other"] }, "azp"],
    ["several auds and another azp", { aud: ["client", "other"], azp: "other" }, "azp"],
    ["one aud and another azp", { azp: "other" }, "azp"],
    ["an empty azp", { azp: "" }, "azp"],
    ["a list of azp", { azp: ["client"] }, "azp"],
    ["no exp", { exp: undefined }, "exp"],
    ["exp as text", { exp: String(now + 3600) }, "exp"],
    ["exp without end", { exp: null }, "exp"],
    ["no iat", { iat: undefined }, "iat"],
    ["iat as text", { iat: String(now) }, "iat"],
    ["nbf as text", { nbf: String(now) }, "nbf"],
    ["nbf of null", { nbf: null }, "nbf"]
  ])("refuses %s", (_, change, rule) => {
    expect(ruleOf(check(change))).toBe(rule)
  })

  it.each([
    ["a list of one aud", { aud: ["client"] }],
    ["one aud and the right azp", { azp: "client" }],
    ["several auds and the right azp", { aud: ["other", "client"], azp: "client" }],
    ["no nbf", {}],
    ["a tid where there are no tenants", { tid: 5 }]
  ])("accepts %s", (_, change) => {
    expect(ruleOf(check(change))).toBe("accepted")
  })

  it.each<[string, object, string]>([
    ["exp to come", { exp: now + 1 }, "accepted"],
    ["exp now, within the skew", { exp: now }, "accepted"],
    ["exp just within the skew", { exp: now - skew + 1 }, "accepted"],
    ["exp just beyond the skew", { exp: now - skew }, "exp"],
    ["exp long ago", { exp: 0 }, "exp"],
    ["exp before 1970", { exp: -1 }, "exp"],
    ["nbf now", { nbf: now }, "accepted"],
    ["nbf at the end of the skew", { nbf: now + skew }, "accepted"],
    ["nbf beyond the skew", { nbf: now + skew + 1 }, "nbf"],
    ["iat at the end of the skew", { iat: now + skew }, "accepted"],
    ["iat beyond the skew", { iat: now + skew + 1 }, "iat"],
    ["iat long ago", { iat: 0 }, "accepted"],
    ["times with a fraction", { exp: now + 0.5, iat: now - 0.5, nbf: now - 0.5 }, "accepted"]
  ])("%s: %s", (_, change, rule) => {
    expect(ruleOf(check(change))).toBe(rule)
  })

  it("has no leeway where there is no skew", () => {
    expect(ruleOf(check({ exp: now }, { clockSkew: 0 }))).toBe("exp")
    expect(ruleOf(check({ exp: now + 1 }, { clockSkew: 0 }))).toBe("accepted")
    expect(ruleOf(check({ nbf: now + 1 }, { clockSkew: 0 }))).toBe("nbf")
    expect(ruleOf(check({ iat: now + 1 }, { clockSkew: 0 }))).toBe("iat")
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("refuses the time %d", (time) => {
    expect(ruleOf(IdToken.check({ ...claims, exp: time }, expectations))).toBe("exp")
    expect(ruleOf(IdToken.check({ ...claims, iat: time }, expectations))).toBe("iat")
    expect(ruleOf(IdToken.check({ ...claims, nbf: time }, expectations))).toBe("nbf")
  })

  it.each<[string, unknown, IdToken.Expectations["nonce"], string]>([
    ["the one sent", "nonce", { sent: "nonce" }, "accepted"],
    ["another", "other", { sent: "nonce" }, "nonce"],
    ["another letter case", "Nonce", { sent: "nonce" }, "nonce"],
    ["none", undefined, { sent: "nonce" }, "nonce"],
    ["null", null, { sent: "nonce" }, "nonce"],
    ["a list of it", ["nonce"], { sent: "nonce" }, "nonce"],
    ["an empty one", "", { sent: "nonce" }, "nonce"],
    ["none, and none sent", undefined, "absent", "accepted"],
    ["one, and none sent", "nonce", "absent", "nonce"],
    ["an empty one, and none sent", "", "absent", "nonce"],
    ["none, unchecked", undefined, "unchecked", "accepted"],
    ["any, unchecked", "other", "unchecked", "accepted"]
  ])("a nonce that is %s: %s", (_, nonce, sent, rule) => {
    expect(ruleOf(check({ nonce }, { nonce: sent }))).toBe(rule)
  })

  it.each<[string, object, number | undefined, string]>([
    ["unasked, none", {}, undefined, "accepted"],
    ["unasked, a wrong one", { auth_time: "long ago" }, undefined, "accepted"],
    ["asked, none", {}, 60, "auth_time"],
    ["asked, null", { auth_time: null }, 60, "auth_time"],
    ["asked, as text", { auth_time: String(now) }, 60, "auth_time"],
    ["just now", { auth_time: now }, 60, "accepted"],
    ["at the end of the age and the skew", { auth_time: now - 60 - skew }, 60, "accepted"],
    ["beyond the age and the skew", { auth_time: now - 60 - skew - 1 }, 60, "auth_time"],
    ["an age of 0", { auth_time: now }, 0, "accepted"],
    ["an age of 0, at the end of the skew", { auth_time: now - skew }, 0, "accepted"],
    ["an age of 0, beyond the skew", { auth_time: now - skew - 1 }, 0, "auth_time"],
    ["to come, within the skew", { auth_time: now + skew }, 60, "accepted"],
    ["to come, beyond the skew", { auth_time: now + skew + 1 }, 60, "auth_time"]
  ])("auth_time %s: %s", (_, change, maxAge, rule) => {
    expect(ruleOf(check(change, { maxAge: Option.fromNullable(maxAge) }))).toBe(rule)
  })

  it("is an Either for any payload, and a right only for this client and issuer, in time", () => {
    const value = fc.oneof(
      fc.constantFrom(...Object.values(claims), now - 10_000, "other", ["client", "other"], Number.NaN),
      fc.jsonValue()
    )
    const payload = fc.record({
      iss: value,
      sub: value,
      aud: value,
      azp: value,
      exp: value,
      iat: value,
      nbf: value,
      nonce: value
    }, {
      requiredKeys: []
    })
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), payload), (one) => {
        const result = IdToken.check(one, expectations)
        if (Either.isRight(result)) {
          expect(result.right.iss).toBe("https://issuer.example")
          expect([result.right.aud].flat()).toContain("client")
          expect(result.right.exp).toBeGreaterThan(now - skew)
          expect(result.right["nonce"]).toBe("nonce")
        }
      }),
      { numRuns: 1000 }
    )
  })

  it("repeats no claim in its refusal", () => {
    for (const name of Object.keys(claims)) {
      const refused = Either.getOrThrow(Either.flip(check({ [name]: ["hunter2"] })))
      expect(`${refused.message}${JSON.stringify(refused)}`).not.toContain("hunter2")
    }
  })
})

describe("check, at Microsoft", () => {
  const at = (tenant: string, issuer = "https://login.microsoftonline.com/{tenantid}/v2.0") => {
    const authority = Either.getOrThrow(AuthorityUrl.microsoft(`https://login.microsoftonline.com/${tenant}`, policy))
    const metadata = Either.getOrThrow(ProviderMetadata.decode(
      {
        issuer,
        token_endpoint: "https://login.microsoftonline.com/token"
      },
      authority,
      policy
    ))
    return { authority, metadata }
  }
  const issuerOf = (tenant: string) => `https://login.microsoftonline.com/${tenant}/v2.0`

  it.each<[string, string, unknown, string]>([
    ["common", issuerOf(tenantId), tenantId, "accepted"],
    ["common", issuerOf(consumers), consumers, "accepted"],
    ["common", issuerOf(tenantId), otherTenantId, "iss"],
    ["common", issuerOf("{tenantid}"), tenantId, "iss"],
    ["common", issuerOf("common"), tenantId, "iss"],
    ["common", `https://evil.example/${tenantId}/v2.0`, tenantId, "iss"],
    ["common", `https://login.windows.net/${tenantId}/v2.0`, tenantId, "iss"],
    ["common", issuerOf(tenantId), undefined, "tid"],
    ["common", issuerOf(tenantId), "", "tid"],
    ["common", issuerOf(tenantId), 5, "tid"],
    ["common", issuerOf("common"), "common", "tid"],
    ["common", issuerOf("{tenantid}"), "{tenantid}", "tid"],
    ["common", issuerOf("$&"), "$&", "tid"],
    ["organizations", issuerOf(tenantId), tenantId, "accepted"],
    ["organizations", issuerOf(consumers), consumers, "tid"],
    ["organizations", issuerOf(consumers.toUpperCase()), consumers.toUpperCase(), "tid"],
    ["consumers", issuerOf(consumers), consumers, "accepted"],
    ["consumers", issuerOf(tenantId), tenantId, "tid"],
    [tenantId, issuerOf(tenantId), tenantId, "accepted"],
    [tenantId, issuerOf(otherTenantId), otherTenantId, "tid"],
    ["contoso.com", issuerOf(otherTenantId), otherTenantId, "accepted"]
  ])("at %s, iss %s with tid %j: %s", (tenant, iss, tid, rule) => {
    expect(ruleOf(check({ iss, tid }, at(tenant)))).toBe(rule)
  })

  it("binds a domain to the tenant that the metadata names", () => {
    const contoso = at("contoso.com", issuerOf(tenantId))
    expect(ruleOf(check({ iss: issuerOf(tenantId), tid: tenantId }, contoso))).toBe("accepted")
    expect(ruleOf(check({ iss: issuerOf(otherTenantId), tid: otherTenantId }, contoso))).toBe("iss")
    expect(ruleOf(check({ iss: issuerOf(tenantId), tid: otherTenantId }, contoso))).toBe("iss")
  })
})

describe("checkSamePerson", () => {
  const user = (localAccountId: string, tenant = tenantId) => ({ tenantId: tenant, localAccountId })
  const token = (change: object): Option.Option<IdTokenClaims> => Option.some({ ...claims, ...change })

  it.each<[string, Option.Option<IdTokenClaims>, Option.Option<IdTokenClaims>, string, string, string]>([
    ["no new token", Option.none(), token({}), "ada", "ada", "accepted"],
    ["the same", token({ exp: now + 7200 }), token({}), "ada", "ada", "accepted"],
    ["another sub than before", token({ sub: "other" }), token({}), "ada", "ada", "sub"],
    ["sub in another letter case", token({ sub: "Sub" }), token({}), "ada", "ada", "sub"],
    ["another iss than before", token({ iss: "https://other.example" }), token({}), "ada", "ada", "iss"],
    ["nothing before, the account's identifier", token({}), Option.none(), "ada", "ada", "accepted"],
    ["nothing before, another identifier", token({}), Option.none(), "ada", "eve", "sub"],
    ["nothing before, an identifier in another letter case", token({}), Option.none(), "ada", "Ada", "sub"]
  ])("%s", (_, refreshed, previous, before, answered, rule) => {
    expect(ruleOf(IdToken.checkSamePerson(refreshed, previous, user(before), user(answered)))).toBe(rule)
  })

  it("takes a guest's identifier in another tenant", () => {
    const guest = user("guest", otherTenantId)
    expect(ruleOf(IdToken.checkSamePerson(token({}), Option.none(), user("ada"), guest))).toBe("accepted")
    expect(ruleOf(IdToken.checkSamePerson(token({ sub: "other" }), token({}), user("ada"), guest))).toBe("sub")
  })
})

describe("the access token's hash", () => {
  const sha = (algorithm: string, text: string) => new Uint8Array(createHash(algorithm).update(text).digest())
  const token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"
  const checkHash = (at_hash: unknown, digest = sha("sha256", token)) =>
    ruleOf(IdToken.checkAccessTokenHash({ ...claims, at_hash }, digest))

  it("is that of OpenID Connect Core, appendix A.4", () => {
    expect(checkHash("77QmUPtjPfzWtF2AnpK9RQ")).toBe("accepted")
  })

  it.each([
    ["77QmUPtjPfzWtF2AnpK9RA"],
    ["77QmUPtjPfzWtF2AnpK9RQ=="],
    [createHash("sha256").update(token).digest("base64url")],
    [""],
    [null],
    [5],
    [["77QmUPtjPfzWtF2AnpK9RQ"]]
  ])("may not be %j", (at_hash) => {
    expect(checkHash(at_hash)).toBe("at_hash")
  })

  it.each([["sha256", 22], ["sha384", 32], ["sha512", 43]])("is half of a %s", (algorithm, length) => {
    const digest = createHash(algorithm).update(token).digest()
    const half = digest.subarray(0, digest.length / 2).toString("base64url")
    expect(half).toHaveLength(length)
    expect(checkHash(half, sha(algorithm, token))).toBe("accepted")
  })

  it.each([
    ["RS256", "SHA-256"],
    ["PS256", "SHA-256"],
    ["ES256", "SHA-256"],
    ["RS384", "SHA-384"],
    ["PS384", "SHA-384"],
    ["ES384", "SHA-384"],
    ["RS512", "SHA-512"],
    ["PS512", "SHA-512"],
    ["ES512", "SHA-512"],
    ["EdDSA", "SHA-512"],
    ["Ed25519", "SHA-512"]
  ])("of a token signed with %s is made with %s", (algorithm, digest) => {
    expect(IdToken.accessTokenDigest(algorithm)).toBe(digest)
    expect(IdToken.signingAlgorithms).toContain(algorithm)
  })
})

describe("signingAlgorithms", () => {
  it("has neither none nor a symmetric one", () => {
    expect(IdToken.signingAlgorithms.filter((one) => /^(none|HS|A\d|dir)/i.test(one))).toEqual([])
    expect(IdToken.signingAlgorithms).toHaveLength(11)
  })
})

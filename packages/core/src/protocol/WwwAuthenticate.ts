/**
 * What a protected resource demands in its `WWW-Authenticate` header.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
 */
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import * as Option from "effect/Option"
import * as Claims from "../domain/Claims.js"

/**
 * One challenge: its scheme and the names of its parameters in lower case; the first of several of one name counts.
 *
 * @category models
 */
export interface Challenge {
  readonly scheme: string
  readonly parameters: ReadonlyMap<string, string>
}

const longestHeader = 65_536

// A scheme, a parameter with its value in quotes or without, or a token that stands where parameters do.
const part =
  /\s*(?:,\s*)*(?:([!#$%&'*+.^_`|~\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([!#$%&'*+.^_`|~\w-]+))(?=\s*(?:,|$))|([!#$%&'*+.^_`|~\w-]+)(?:[ \t]+([A-Za-z0-9._~+/-]+=*)(?=\s*(?:,|$)))?(?=[\s,]|$))/gsy

/**
 * Reads every challenge of the header, up to the first thing in it that is none. Of more than 65,536 characters nothing is
 * read.
 *
 * @category decoders
 */
export const parse = (header: string | undefined): ReadonlyArray<Challenge> => {
  const text = header ?? ""
  const challenges: Array<{ readonly scheme: string; readonly parameters: Map<string, string> }> = []
  if (text.length > longestHeader) {
    return challenges
  }
  for (const [, name, quoted, token, scheme] of text.matchAll(part)) {
    if (scheme !== undefined) {
      challenges.push({ scheme: scheme.toLowerCase(), parameters: new Map() })
    }
    const parameters = challenges.at(-1)?.parameters
    const key = name?.toLowerCase()
    if (key !== undefined && parameters !== undefined && !parameters.has(key)) {
      parameters.set(key, token ?? (quoted ?? "").replace(/\\(.)/gs, "$1"))
    }
  }
  return challenges
}

const schemes = new Set(["bearer", "pop"])

/**
 * What a resource gives out against replays of requests that are signed for proof of possession; none where it does not.
 *
 * @see https://learn.microsoft.com/entra/msal/dotnet/advanced/proof-of-possession-tokens
 * @category getters
 */
export const nonce = (header: string | undefined): Option.Option<string> =>
  Option.firstSomeOf(
    parse(header)
      .filter(({ scheme }) => scheme === "pop")
      .map(({ parameters }) => Option.filter(Option.fromNullable(parameters.get("nonce")), (nonce) => nonce !== ""))
  )

/**
 * The claims that a resource demands, a JSON object as text; none where it demands none.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
 * @category getters
 */
export const claims = (header: string | undefined): Option.Option<string> =>
  Option.firstSomeOf(
    parse(header)
      .filter(({ parameters, scheme }) => schemes.has(scheme) && parameters.get("error") === "insufficient_claims")
      .map(({ parameters }) => Option.flatMap(Option.fromNullable(parameters.get("claims")), decodeClaims))
  )

/** Base64 in either alphabet; some resources send the JSON itself. */
const decodeClaims = (text: string): Option.Option<string> => {
  const encoded = text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")
  return Option.firstSomeOf(
    [Either.getRight(Encoding.decodeBase64UrlString(encoded)), Option.some(text)].map(Option.filter(isChallenge))
  )
}

const isChallenge = (text: string): boolean =>
  Either.match(Claims.parseChallenge(text), { onLeft: () => false, onRight: (claims) => claims !== undefined })

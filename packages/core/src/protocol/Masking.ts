/**
 * Masks secrets in what a provider sends back, whichever way it wrote them.
 */
import * as Encoding from "effect/Encoding"

const mask = "<redacted>"
const encodedJson = /eyJ[\w.+/=-]{8,}/g
const longestRead = 65_536

interface Span {
  readonly start: number
  readonly end: number
}

/**
 * Masks each given secret, in plain and in the encodings that answers echo, and whatever looks like encoded JSON, as
 * tokens do. A text in which a secret can be read all the same, by undoing escapes, or a long one in other letter case or
 * across lines, is masked whole; one of more than 65,536 characters loses its end.
 *
 * @category combinators
 */
export const hide = (secrets: ReadonlyArray<string>): (text: string) => string => {
  const spellings = [...new Set(secrets.flatMap(spell))].filter((spelling) => spelling !== "")
  const longestSpelling = Math.max(0, ...spellings.map(({ length }) => length))
  const folded = secrets.map(fold).filter(({ length }) => length >= shortestFolded)
  return (whole) => {
    const text = whole.slice(0, longestRead)
    const spans = [
      ...spellings.flatMap((spelling) => occurrences(text, spelling)),
      ...Array.from(text.matchAll(encodedJson), ({ 0: found, index }) => ({ start: index, end: index + found.length }))
    ]
    // Behind this a secret may begin whose end is cut off, so that it was not found.
    const end = whole.length > longestRead ? Math.max(0, longestRead - longestSpelling) : text.length
    const masked = replace(text.slice(0, end), spans.filter(({ start }) => start < end))
    const readings = decodings(masked)
    const isReadable = readings.some((decoded) => secrets.some((secret) => secret !== "" && decoded.includes(secret)))
      || [masked, ...readings].some((reading) => {
        const pieces = fold(reading.replaceAll(mask, "\0"))
        return folded.some((secret) => pieces.includes(secret))
      })
    return isReadable ? mask : masked
  }
}

/** A shorter one may stand in any text. */
const shortestFolded = 8

const fold = (text: string): string => text.replace(/\s+/g, "").toLowerCase()

/** What a text says to a reader who undoes its escapes, once, twice and three times. */
const decodings = (text: string): ReadonlyArray<string> => {
  const once = unescape(text)
  const twice = unescape(once)
  return [once, twice, unescape(twice)].filter((decoded, index, all) => decoded !== (all[index - 1] ?? text))
}

const unescape = (text: string): string =>
  text
    .replace(/\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|&#x([0-9a-f]{1,5});/gi, (_, ...groups: ReadonlyArray<unknown>) =>
      fromHex(groups))
    .replace(/&#(\d{1,6});/g, (_, digits: string) =>
      String.fromCodePoint(Number(digits)))
    .replace(/&(amp|lt|gt|quot|apos);/g, (_, name: keyof typeof entities) => entities[name])
    .replace(/\\(["'\\/])/g, "$1")
    .replace(/(?:%[0-9a-f]{2})+/gi, fromPercent)

const entities = { amp: "&", lt: "<", gt: ">", quot: "\"", apos: "'" }

const fromHex = (groups: ReadonlyArray<unknown>): string =>
  String.fromCodePoint(Number.parseInt(groups.find((group) => typeof group === "string") ?? "", 16))

const utf8 = new TextDecoder("utf-8", { fatal: true })

const fromPercent = (encoded: string): string => {
  const bytes = Uint8Array.from(encoded.slice(1).split("%"), (hex) => Number.parseInt(hex, 16))
  try {
    return utf8.decode(bytes)
  } catch {
    return String.fromCharCode(...bytes)
  }
}

/** Finds every occurrence in linear time, overlapping ones too (Knuth, Morris and Pratt). */
const occurrences = (text: string, spelling: string): ReadonlyArray<Span> => {
  if (!text.includes(spelling)) {
    return []
  }
  const borders = bordersOf(spelling)
  const spans: Array<Span> = []
  let matched = 0
  for (let index = 0; index < text.length; index++) {
    while (matched > 0 && (matched === spelling.length || text[index] !== spelling[matched])) {
      matched = borders[matched - 1] ?? 0
    }
    if (text[index] === spelling[matched]) {
      matched += 1
    }
    if (matched === spelling.length) {
      spans.push({ start: index + 1 - matched, end: index + 1 })
    }
  }
  return spans
}

const bordersOf = (spelling: string): ReadonlyArray<number> => {
  const borders = [0]
  let matched = 0
  for (let index = 1; index < spelling.length; index++) {
    while (matched > 0 && spelling[index] !== spelling[matched]) {
      matched = borders[matched - 1] ?? 0
    }
    matched += spelling[index] === spelling[matched] ? 1 : 0
    borders.push(matched)
  }
  return borders
}

const replace = (text: string, spans: ReadonlyArray<Span>): string => {
  const pieces: Array<string> = []
  let done = 0
  for (const { end, start } of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (start >= done) {
      pieces.push(text.slice(done, start), mask)
    }
    done = Math.max(done, end)
  }
  return [...pieces, text.slice(done)].join("")
}

const spell = (secret: string): ReadonlyArray<string> => {
  const wellFormed = secret.toWellFormed()
  const percent = encodeURIComponent(wellFormed)
  const strictPercent = percent.replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  )
  const form = new URLSearchParams([["", wellFormed]]).toString().slice(1)
  const html = secret
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("\"", "&quot;")
  const base64 = Encoding.encodeBase64(wellFormed)
  return [
    secret,
    wellFormed,
    JSON.stringify(secret).slice(1, -1),
    ...[percent, strictPercent, form].flatMap((
      encoded
    ) => [encoded, encoded.replace(/%../g, (hex) => hex.toLowerCase())]),
    ...["'", "&#39;", "&#x27;", "&apos;"].map((apostrophe) => html.replaceAll("'", apostrophe)),
    base64,
    base64.replace(/=+$/, ""),
    Encoding.encodeBase64Url(wellFormed),
    Encoding.encodeHex(wellFormed),
    Encoding.encodeHex(wellFormed).toUpperCase()
  ]
}

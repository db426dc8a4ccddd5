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
 * tokens do. A text of more than 65,536 characters loses its end.
 *
 * @category combinators
 */
export const hide = (secrets: ReadonlyArray<string>): (text: string) => string => {
  const spellings = [...new Set(secrets.flatMap(spell))].filter((spelling) => spelling !== "")
  const longestSpelling = Math.max(0, ...spellings.map(({ length }) => length))
  return (whole) => {
    const text = whole.slice(0, longestRead)
    const spans = [
      ...spellings.flatMap((spelling) => occurrences(text, spelling)),
      ...Array.from(text.matchAll(encodedJson), ({ 0: found, index }) => ({ start: index, end: index + found.length }))
    ]
    // Behind this a secret may begin whose end is cut off, so that it was not found.
    const end = whole.length > longestRead ? Math.max(0, longestRead - longestSpelling) : text.length
    return replace(text.slice(0, end), spans.filter(({ start }) => start < end))
  }
}

const occurrences = (text: string, spelling: string): ReadonlyArray<Span> => {
  const spans: Array<Span> = []
  for (let start = text.indexOf(spelling); start !== -1; start = text.indexOf(spelling, start + 1)) {
    spans.push({ start, end: start + spelling.length })
  }
  return spans
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
    Encoding.encodeBase64Url(wellFormed)
  ]
}

/**
 * A client's id and secret in the header `authorization`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
 */
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"

/** None where the header has no Basic credentials; empty ones where they are malformed. */
export const readBasic = (
  authorization: string | undefined
): { readonly id: string; readonly secret: string } | undefined => {
  const [, encoded] = /^basic ([\w+/=-]+)$/i.exec(authorization ?? "") ?? []
  if (encoded === undefined) return undefined
  const text = Either.getOrElse(Encoding.decodeBase64String(encoded), () => "")
  const colon = text.indexOf(":")
  try {
    return { id: formDecode(text.slice(0, colon)), secret: formDecode(text.slice(colon + 1)) }
  } catch {
    return { id: "", secret: "" }
  }
}

const formDecode = (text: string): string => decodeURIComponent(text.replaceAll("+", " "))

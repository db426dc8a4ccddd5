/**
 * What the request log shows of a path: names of routes, tenants and people, and no more.
 */
import * as Directory from "../directory/Directory.js"
import { mask } from "../protocol/Masking.js"

/**
 * The path of a request to a route, as `HttpRouter` writes that.
 *
 * @category combinators
 */
export const shownPath = (route: string, path: string, directory: Directory.Directory): string => {
  const segments = path.split("/")
  return route.split("/").map((part, index) => {
    const segment = segments[index] ?? ""
    if (!part.startsWith(":")) return part
    const isKnown = part === ":tenant"
      ? Directory.authority(directory, segment) !== undefined
      : part === ":username" && Directory.personByName(directory, decoded(segment)) !== undefined
    return isKnown ? segment : mask
  }).join("/")
}

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return ""
  }
}

import type * as Directory from "../directory/Directory.js"
import type { Scopes } from "../protocol/Scopes.js"
import type { Step } from "../state/SignIn.js"

/** A step that a page is shown for. */
export type ShownStep = Exclude<Step, { readonly _tag: "Done" | "Refuse" }>

/** What a page of a sign-in shows. */
export interface View<Tag extends ShownStep["_tag"] = ShownStep["_tag"]> {
  readonly step: ShownStep & { readonly _tag: Tag }
  readonly app: Directory.App
  readonly authority: Directory.Authority
  /** Who could sign in here, to be named to who tries things out. */
  readonly people: ReadonlyArray<Directory.Person>
  readonly scopes: Scopes
  readonly alert: string | undefined
}

import { type Account, AuthError, type TokenResult } from "@grantwork/promise"
import {
  type Answer,
  type Chapter,
  type Ending,
  endsAnswered,
  endsGranted,
  endsListed,
  endsRefused,
  endsShared
} from "../chapters.js"
import { narrate, PlotTwist } from "../narrate.js"
import type { Shared } from "../sharedStory.js"

type Call<A> = () => Promise<A>

const errorOf = (error: unknown): AuthError => {
  if (error instanceof AuthError) return error
  throw error
}

const tell = async <A>(chapter: Chapter, call: Call<A>, endingOf: (value: A) => Ending): Promise<A | AuthError> => {
  const start = performance.now()
  const outcome = await call().catch(errorOf)
  const elapsed = performance.now() - start
  const twist = narrate(chapter, outcome instanceof AuthError ? endsRefused(outcome) : endingOf(outcome), elapsed)
  if (twist !== undefined) throw twist
  return outcome
}

const grantedTo = (result: TokenResult) => endsGranted(result, result.account ?? undefined)

/** Tells a chapter that ends with a token, and returns whose it is. */
export const granted = async (chapter: Chapter, call: Call<TokenResult>): Promise<Account> => {
  const outcome = await tell(chapter, call, grantedTo)
  if (outcome instanceof AuthError || outcome.account === null) throw new PlotTwist("nobody was signed in")
  return outcome.account
}

/** Tells a chapter that ends with a list. */
export const listed = async (chapter: Chapter, call: Call<ReadonlyArray<Account>>): Promise<void> => {
  await tell(chapter, call, endsListed)
}

/** Tells a chapter that ends with a refusal, and returns it. */
export const refused = async (chapter: Chapter, call: Call<TokenResult>): Promise<AuthError> => {
  const outcome = await tell(chapter, call, grantedTo)
  if (outcome instanceof AuthError) return outcome
  throw new PlotTwist("nothing was refused")
}

/** Tells a chapter in which an application gets a token in its own name. */
export const issued = async (chapter: Chapter, call: Call<TokenResult>): Promise<void> => {
  await tell(chapter, call, grantedTo)
}

/** Tells a chapter in which an API is called. */
export const answered = async (chapter: Chapter, call: Call<Answer>): Promise<void> => {
  await tell(chapter, call, endsAnswered)
}

/** Tells a chapter in which processes share a cache. */
export const shared = async (chapter: Chapter, call: Call<Shared>): Promise<void> => {
  await tell(chapter, call, ({ refreshes, sources }) => endsShared(sources, refreshes))
}

import type { Account, AuthError, TokenResult } from "@grantwork/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import {
  type Answer,
  type Chapter,
  type Ending,
  endsAnswered,
  endsGranted,
  endsListed,
  endsRefused,
  endsShared,
  type Refusal
} from "../chapters.js"
import { narrate, PlotTwist } from "../narrate.js"
import type { Shared } from "../sharedStory.js"

type Program<A, R> = Effect.Effect<A, AuthError.AuthError, R>
type Told<A, R> = Effect.Effect<A, PlotTwist, R>

const tell = <A, R>(chapter: Chapter, program: Program<A, R>, endingOf: (value: A) => Ending) =>
  Effect.gen(function*() {
    const [elapsed, outcome] = yield* Effect.timed(Effect.either(program))
    const ending = Either.match(outcome, { onLeft: endsRefused, onRight: endingOf })
    const twist = narrate(chapter, ending, Duration.toMillis(elapsed))
    return twist === undefined ? outcome : yield* Effect.fail(twist)
  })

const grantedTo = (result: TokenResult.TokenResult) => endsGranted(result, Option.getOrUndefined(result.account))

/** Tells a chapter that ends with a token, and returns whose it is. */
export const granted = <R>(chapter: Chapter, program: Program<TokenResult.TokenResult, R>): Told<Account.Account, R> =>
  Effect.gen(function*() {
    const outcome = yield* tell(chapter, program, grantedTo)
    return yield* Option.flatMap(Either.getRight(outcome), ({ account }) => account)
  }).pipe(Effect.catchTag("NoSuchElementException", () => Effect.fail(new PlotTwist("nobody was signed in"))))

/** Tells a chapter that ends with a list. */
export const listed = <R>(chapter: Chapter, program: Program<ReadonlyArray<Account.Account>, R>): Told<void, R> =>
  Effect.asVoid(tell(chapter, program, endsListed))

/** Tells a chapter that ends with a refusal, and returns it. */
export const refused = <R>(chapter: Chapter, program: Program<TokenResult.TokenResult, R>): Told<Refusal, R> =>
  Effect.flatMap(
    tell(chapter, program, grantedTo),
    Either.match({ onLeft: Effect.succeed, onRight: () => Effect.fail(new PlotTwist("nothing was refused")) })
  )

/** Tells a chapter in which an application gets a token in its own name. */
export const issued = <R>(chapter: Chapter, program: Program<TokenResult.TokenResult, R>): Told<void, R> =>
  Effect.asVoid(tell(chapter, program, grantedTo))

/** Tells a chapter in which an API is called. */
export const answered = <R>(chapter: Chapter, program: Program<Answer, R>): Told<void, R> =>
  Effect.asVoid(tell(chapter, program, endsAnswered))

/** Tells a chapter in which processes share a cache. */
export const shared = (chapter: Chapter, program: Effect.Effect<Shared>): Told<void, never> =>
  Effect.asVoid(tell(chapter, program, ({ refreshes, sources }) => endsShared(sources, refreshes)))

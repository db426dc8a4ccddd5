import * as Effect from "effect/Effect"
import type { Cache, Setting } from "../Setting.js"
import { tellMainStory } from "./mainStory.js"
import { tellMicrosoftStory } from "./microsoftStory.js"
import { tellSharedStory } from "./sharedStory.js"
import { stack } from "./stack.js"

/** The story in Effect: grants are programs, composed here and run on layers. */
export const tellInEffect = (setting: Setting, cache: Cache): Promise<void> => {
  const { microsoft } = setting
  return Effect.gen(function*() {
    yield* tellMainStory(setting)
    if (microsoft !== undefined) {
      yield* tellMicrosoftStory(setting, microsoft)
      if (cache.kind !== "memory") {
        yield* tellSharedStory(setting, microsoft, cache)
      }
    }
  }).pipe(Effect.provide(stack(setting, cache)), Effect.runPromise)
}

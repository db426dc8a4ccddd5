import * as Effect from "effect/Effect"
import { sharedChapter } from "../chapters.js"
import type { Cache, MicrosoftSetting, Setting } from "../Setting.js"
import { askTwice } from "../sharedStory.js"
import { shared } from "./tellChapter.js"

/** What only processes that share a cache can show. */
export const tellSharedStory = (setting: Setting, microsoft: MicrosoftSetting, cache: Cache) =>
  shared(
    sharedChapter(setting),
    Effect.promise(() => askTwice(new URL("./errand.ts", import.meta.url), setting, microsoft, cache))
  )

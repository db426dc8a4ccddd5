/**
 * What a number stands for that a refusal came with.
 */
import * as Effect from "effect/Effect"
import { Exchange } from "../http/Exchange.js"
import * as Reply from "../http/Reply.js"
import type { Handler } from "../http/serve.js"
import { messagePage } from "../pages/messagePage.js"
import { entraError, isCode } from "../protocol/EntraError.js"

/** @category endpoints */
export const errorCode: Handler = Effect.gen(function*() {
  const text = (yield* Exchange).query.get("code") ?? ""
  if (!/^\d{1,9}$/.test(text)) return yield* entraError(90100, { field: "code" })
  const code = Number(text)
  const title = `AADSTS${code}`
  return isCode(code)
    ? Reply.page(messagePage({ title, text: entraError(code).description }))
    : Reply.page(messagePage({ title, text: "The emulator has no words for this number of its own accord." }), 404)
})

/**
 * Forms that do something in the signed-in person's name, and that no other site may post.
 */
import type { RequestHandler } from "express"
import { createHash, timingSafeEqual } from "node:crypto"

/** The form was not made by this session's pages. */
export class FormRefused extends Error {
  override readonly name = "FormRefused"
}

const isSame = (one: string, other: string): boolean => {
  const digest = (text: string) => createHash("sha256").update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}

/** Lets the form pass if it brings the token that this session put into its forms. */
export const checkFormToken: RequestHandler = ({ body, session }, _response, next) => {
  const form: unknown = body
  const sent = typeof form === "object" && form !== null && "form_token" in form ? form.form_token : undefined
  const expected = session.signedIn?.formToken
  const isRight = typeof sent === "string" && expected !== undefined && isSame(sent, expected)
  next(isRight ? undefined : new FormRefused("The form token is missing or wrong."))
}

/**
 * What browsers are told about every page.
 */
import type { RequestHandler } from "express"
import { styleHash } from "./layout.js"

/** Nothing from elsewhere is loaded, run, framed or kept, and no address leaks to the next site. */
export const securityHeaders = ({ formsLeadTo }: { readonly formsLeadTo: string }): RequestHandler => {
  const contentSecurityPolicy = [
    "default-src 'none'",
    `style-src '${styleHash}'`,
    "img-src data:",
    "base-uri 'none'",
    // Signing out is a form whose answer leads on to the identity provider.
    `form-action 'self' ${new URL(formsLeadTo).origin}`,
    "frame-ancestors 'none'"
  ].join("; ")
  return (_request, response, next) => {
    response.set({
      "Cache-Control": "no-store",
      "Content-Security-Policy": contentSecurityPolicy,
      "Cross-Origin-Opener-Policy": "same-origin",
      "Cross-Origin-Resource-Policy": "same-origin",
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
      "X-Frame-Options": "DENY"
    })
    next()
  }
}

import fc from "fast-check"

const part = fc.string({ unit: fc.constantFrom(..."abz09-._~%:@!$&'()*+,;=/\u00E9"), maxLength: 8 })

/** Addresses and what looks like them; faster to build than `fc.webUrl`. */
export const anyAddress = fc.tuple(
  fc.constantFrom("https://", "http://", "ftp://", "https:", "//", ""),
  fc.constantFrom("", "user@", "user:password@"),
  fc.constantFrom("issuer.example", "localhost", "127.0.0.1", "[::1]", "login.microsoftonline.com", ""),
  fc.constantFrom("", ":443", ":8080", ":99999"),
  part.map((path) => `/${path}`),
  fc.oneof(fc.constant(""), part.map((query) => `?${query}`)),
  fc.oneof(fc.constant(""), part.map((fragment) => `#${fragment}`))
).map((parts) => parts.join(""))

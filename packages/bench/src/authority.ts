/**
 * Where the accounts are signed in.
 */
export interface Authority {
  readonly origin: string
  /** What caches call it. */
  readonly environment: string
}

export const microsoft: Authority = {
  origin: "https://login.microsoftonline.com",
  environment: "login.windows.net"
}

/** The token server. */
export const authorityAt = (origin: string): Authority => ({ origin, environment: new URL(origin).host })

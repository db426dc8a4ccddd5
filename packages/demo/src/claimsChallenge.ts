/**
 * The claims that an API demands in its `WWW-Authenticate` header.
 *
 * @see {@link https://learn.microsoft.com/entra/identity-platform/claims-challenge}
 */
export const claimsChallenge = (header: string | null | undefined): string | undefined => {
  const [, claims] = /claims="([^"]+)"/.exec(header ?? "") ?? []
  return claims === undefined ? undefined : atob(claims)
}

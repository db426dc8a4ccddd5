export const apiScopes: ReadonlyArray<string> = ["read", "write"]

export const supportedScopes: ReadonlyArray<string> = ["openid", "profile", "email", "offline_access", ...apiScopes]

export const splitScope = (scope: unknown): ReadonlyArray<string> =>
  typeof scope === "string" ? scope.split(" ").filter((value) => value !== "") : []

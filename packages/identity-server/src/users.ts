import type { AccountClaims } from "oidc-provider"

/** A person the server knows. */
export interface User {
  readonly sub: string
  readonly username: string
  readonly password: string
  readonly name: string
  readonly email: string
}

export const defaultUsers: ReadonlyArray<User> = [
  { sub: "248289761001", username: "jane", password: "correct horse", name: "Jane Doe", email: "jane@example.com" },
  { sub: "248289761002", username: "sam", password: "battery staple", name: "Sam Roe", email: "sam@example.com" }
]

export const authenticate = (
  users: ReadonlyArray<User>,
  username: string | undefined,
  password: string | undefined
): User | undefined => users.find((user) => user.username === username && user.password === password)

export const claimsOf = ({ email, name, sub, username }: User): AccountClaims => ({
  sub,
  name,
  preferred_username: username,
  email,
  email_verified: true
})

export const claimsByScope = {
  openid: ["sub", "auth_time", "amr"],
  profile: ["name", "preferred_username"],
  email: ["email", "email_verified"]
}

/**
 * Who and what an emulator knows unless told otherwise.
 */
import type { Input } from "./Scenario.js"

/** @category constants */
export const contoso = "c0000000-0000-4000-8000-000000000001"

/** @category constants */
export const fabrikam = "f0000000-0000-4000-8000-000000000002"

/**
 * Tenant of personal Microsoft accounts.
 *
 * @category constants
 */
export const consumers = "9188040d-6c67-4c5b-b112-36a304b66dad"

/**
 * Client ids of the applications.
 *
 * @category constants
 */
export const clientIds = {
  /** Without a secret, and never asks for consent. */
  public: "a0000000-0000-4000-8000-000000000001",
  /** Without a secret, and asks each person for consent. */
  native: "a0000000-0000-4000-8000-000000000002",
  /** With the secret of `webSecret`. */
  web: "a0000000-0000-4000-8000-000000000003",
  /** One of two that share refresh tokens. */
  family: "a0000000-0000-4000-8000-000000000004",
  /** The other one. */
  sibling: "a0000000-0000-4000-8000-000000000005",
  /** The resource of `api://notes`, and a client on behalf of its callers with the secret of `apiSecret`. */
  api: "a0000000-0000-4000-8000-000000000006"
} as const

/** @category constants */
export const webSecret = "web-secret-of-the-emulator"

/** @category constants */
export const apiSecret = "api-secret-of-the-emulator"

const redirectUris = [
  "http://localhost",
  "http://localhost/callback",
  "http://127.0.0.1/callback",
  "https://app.example/callback"
]

/** @category constants */
export const defaultScenario: Input = {
  tenants: [
    { id: contoso, name: "Contoso", domains: ["contoso.example", "contoso.onmicrosoft.com"] },
    { id: fabrikam, name: "Fabrikam", domains: ["fabrikam.example"] },
    { id: consumers, name: "Personal accounts", domains: ["outlook.example"], personal: true }
  ],
  users: [
    { username: "jane@contoso.example", password: "correct horse", name: "Jane Doe" },
    { username: "sam@contoso.example", password: "battery staple", name: "Sam Roe", guestIn: ["fabrikam.example"] },
    { username: "mia@contoso.example", password: "two of a kind", name: "Mia Moe", mfa: true },
    { username: "new@contoso.example", password: "first password", name: "Noa New", mustChangePassword: true },
    { username: "bob@contoso.example", password: "locked out", name: "Bob Loe", blocked: true },
    { username: "kim@fabrikam.example", password: "rainy window", name: "Kim Poe" },
    { username: "pat@outlook.example", password: "paper moon", name: "Pat Coe" }
  ],
  apps: [
    { id: clientIds.public, name: "Public client", redirectUris },
    { id: clientIds.native, name: "Native client", redirectUris, consent: "ask" },
    { id: clientIds.web, name: "Web app", redirectUris, secrets: [webSecret] },
    { id: clientIds.family, name: "Family client", redirectUris, family: "1" },
    { id: clientIds.sibling, name: "Sibling client", redirectUris, family: "1" },
    {
      id: clientIds.api,
      name: "Notes",
      secrets: [apiSecret],
      identifierUris: ["api://notes"],
      permissions: [
        { name: "read", description: "Read your notes" },
        { name: "write", description: "Write your notes" },
        { name: "share", description: "Share your notes with others", mfa: true },
        { name: "purge", description: "Delete everybody's notes", adminOnly: true }
      ],
      roles: ["Notes.Read.All"]
    }
  ]
}

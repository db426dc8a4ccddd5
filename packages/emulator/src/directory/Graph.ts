/**
 * The resource every tenant has: people, their mail, calendars and files.
 */
import type { App, Permission } from "../scenario/Scenario.js"

/** @category constants */
export const identifierUri = "https://graph.microsoft.com"

const permission = (name: string, description: string, adminOnly = false): Permission => ({
  name,
  description,
  adminOnly,
  mfa: false
})

/** @category constants */
export const app: App = {
  id: "00000003-0000-0000-c000-000000000000",
  name: "Microsoft Graph",
  tenant: undefined,
  audience: "everyone",
  redirectUris: [],
  secrets: [],
  certificates: [],
  family: undefined,
  ropc: false,
  consent: "granted",
  identifierUris: [identifierUri, "https://graph.microsoft.com/"],
  permissions: [
    permission("User.Read", "Sign you in and read your profile"),
    permission("User.ReadBasic.All", "Read the basic profiles of all users"),
    permission("User.Read.All", "Read the full profiles of all users", true),
    permission("Mail.Read", "Read your mail"),
    permission("Mail.Send", "Send mail as you"),
    permission("Calendars.Read", "Read your calendars"),
    permission("Files.Read", "Read your files"),
    permission("Group.Read.All", "Read all groups", true)
  ],
  roles: ["User.Read.All", "Mail.Read", "Group.Read.All"]
}

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
    permission("User.ReadWrite", "Read and change your profile"),
    permission("User.ReadBasic.All", "Read the basic profiles of all users"),
    permission("User.Read.All", "Read the full profiles of all users", true),
    permission("User.ReadWrite.All", "Read and change the full profiles of all users", true),
    permission("Mail.Read", "Read your mail"),
    permission("Mail.ReadWrite", "Read and change your mail"),
    permission("Mail.Send", "Send mail as you"),
    permission("MailboxSettings.Read", "Read your mailbox settings"),
    permission("Calendars.Read", "Read your calendars"),
    permission("Calendars.ReadWrite", "Read and change your calendars"),
    permission("Contacts.Read", "Read your contacts"),
    permission("Contacts.ReadWrite", "Read and change your contacts"),
    permission("Files.Read", "Read your files"),
    permission("Files.ReadWrite", "Read and change your files"),
    permission("Files.Read.All", "Read all files that you can reach"),
    permission("Files.ReadWrite.All", "Read and change all files that you can reach"),
    permission("Sites.Read.All", "Read items in all sites"),
    permission("Sites.ReadWrite.All", "Read and change items in all sites"),
    permission("Chat.Read", "Read your chats"),
    permission("Chat.ReadWrite", "Read your chats and write in them"),
    permission("ChannelMessage.Send", "Write in channels as you"),
    permission("Team.ReadBasic.All", "Read the names of teams"),
    permission("People.Read", "Read whom you work with"),
    permission("Presence.Read", "Read whether you are there"),
    permission("Tasks.Read", "Read your tasks"),
    permission("Tasks.ReadWrite", "Read and change your tasks"),
    permission("Notes.Read", "Read your notebooks"),
    permission("Notes.ReadWrite", "Read and change your notebooks"),
    permission("Group.Read.All", "Read all groups", true),
    permission("Group.ReadWrite.All", "Read and change all groups", true),
    permission("GroupMember.Read.All", "Read the members of all groups", true),
    permission("Directory.Read.All", "Read the directory", true),
    permission("Directory.ReadWrite.All", "Read and change the directory", true),
    permission("AuditLog.Read.All", "Read the audit log", true),
    permission("Application.Read.All", "Read all applications", true)
  ],
  roles: [
    "User.Read.All",
    "User.ReadWrite.All",
    "Mail.Read",
    "Mail.Send",
    "Calendars.Read",
    "Files.Read.All",
    "Sites.Read.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
    "AuditLog.Read.All",
    "Application.Read.All"
  ]
}

import { Partition } from "@grantwork/core"
import * as Account from "@grantwork/core/Account"
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"

export const issuer = "https://issuer.example"

export const keyOf = (homeAccountId: string, provider = issuer): Partition.UserKey =>
  Partition.userKeyAt(provider, homeAccountId)

export const appKey: Partition.AppKey = { _tag: "App", provider: issuer, clientId: "client", tenant: "" }

/** Seconds from now, in whole seconds as MSAL's JSON has them. */
export const after = (seconds: number): DateTime.Utc =>
  DateTime.unsafeMake((Math.floor(Date.now() / 1000) + seconds) * 1000)

/** Adds what a sign-in brings. */
export const signIn = (
  { homeAccountId, provider }: Partition.UserKey,
  secret: string,
  { clientId = "client" }: { readonly clientId?: string } = {}
) =>
(partition: Partition.Partition): Partition.Partition =>
  Partition.setRefreshToken(
    Partition.setAccount(
      partition,
      new Account.Account({
        homeAccountId,
        localAccountId: homeAccountId,
        environment: provider,
        tenantId: "",
        username: `${homeAccountId}@name.example`,
        name: Option.none(),
        authorityType: "Generic"
      })
    ),
    {
      environment: provider,
      clientId,
      familyId: Option.none(),
      secret: Redacted.make(secret),
      modifiedAt: Option.some(after(0))
    }
  )

export const signedIn = (key: Partition.UserKey, secret: string): Partition.Partition =>
  signIn(key, secret)(Partition.empty)

/** Adds an access token that ends in so many seconds. */
export const withAccessToken =
  (secret: string, expiresIn: number, scope = "read") => (partition: Partition.Partition): Partition.Partition =>
    Partition.addAppToken(partition, {
      environment: issuer,
      clientId: "client",
      tenantId: "",
      requestedTenant: "",
      scopes: [scope],
      tokenType: "Bearer",
      secret: Redacted.make(secret),
      cachedAt: after(0),
      expiresAt: after(expiresIn),
      extendedExpiresAt: Option.none(),
      refreshAt: Option.none()
    }, true)

export const secretOf = (partition: Partition.Partition, clientId = "client"): string | undefined =>
  Option.getOrUndefined(
    Option.map(Partition.refreshToken(partition, clientId), ({ secret }) => Redacted.value(secret))
  )

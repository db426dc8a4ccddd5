/**
 * An account: who signed in, as the token cache knows them.
 */
import * as Schema from "effect/Schema"

/**
 * Who keeps the account: Microsoft's cloud (`MSSTS`), an AD FS server, or another OpenID Connect provider (`Generic`).
 *
 * @category models
 */
export const AuthorityType = Schema.Literal("MSSTS", "ADFS", "Generic")

/** @category models */
export type AuthorityType = typeof AuthorityType.Type

/**
 * One person at one provider.
 *
 * @category models
 */
export class Account extends Schema.Class<Account>("@grantwork/core/Account")({
  /** Stable identifier: `uid.utid` at Microsoft, the ID token's `sub` elsewhere. */
  homeAccountId: Schema.NonEmptyString,
  /** Host of the authority at Microsoft, the issuer elsewhere. */
  environment: Schema.NonEmptyString,
  /** Tenant (realm) that answered; empty where the provider has none. */
  tenantId: Schema.String,
  /** Identifier within the tenant: `oid`, else `sub`. */
  localAccountId: Schema.String,
  /** Sign-in name; empty where the provider tells none. */
  username: Schema.String,
  name: Schema.optionalWith(Schema.String, { as: "Option" }),
  authorityType: AuthorityType
}) {}

/**
 * Everything one emulator knows and remembers.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import type * as Scope from "effect/Scope"
import type { Directory } from "../directory/Directory.js"
import type { ClaimsRequest } from "../protocol/ClaimsRequest.js"
import type { Scopes } from "../protocol/Scopes.js"
import type { Authentication } from "./Authentication.js"
import * as Faults from "./Faults.js"
import * as Identifiers from "./Identifiers.js"
import * as RequestLog from "./RequestLog.js"
import type { SignedIn, SignIn } from "./SignIn.js"
import * as SigningKeys from "./SigningKeys.js"
import * as Store from "./Store.js"

interface Code {
  readonly clientId: string
  readonly redirectUri: string
  readonly personId: string
  readonly tenantId: string
  readonly authentication: Authentication
  readonly scopes: Scopes
  readonly claims: ClaimsRequest
  readonly nonce: string | undefined
  readonly challenge: string | undefined
  readonly expiresAt: number
  /** Names the refresh tokens that come of the code. */
  readonly lineage: string
  readonly isRedeemed: boolean
}

interface RefreshToken {
  readonly clientId: string
  readonly family: string | undefined
  readonly personId: string
  readonly authentication: Authentication
  /** Those it brings again where the request names none. */
  readonly scopes: Scopes
  readonly expiresAt: number
  /** All refresh tokens that came of one sign-in share it. */
  readonly lineage: string
  readonly isUsed: boolean
}

/** @category models */
export interface DeviceCode {
  readonly clientId: string
  readonly userCode: string
  readonly segment: string
  readonly scopes: Scopes
  readonly claims: ClaimsRequest
  readonly expiresAt: number
  readonly outcome:
    | { readonly _tag: "Pending" }
    | { readonly _tag: "Declined" }
    | {
      readonly _tag: "Approved"
      readonly personId: string
      readonly tenantId: string
      readonly authentication: Authentication
    }
}

/** What a reset forgets. */
interface Memory {
  readonly directory: Ref.Ref<Directory>
  readonly identifiers: Identifiers.Identifiers
  readonly faults: Faults.Faults
  readonly log: RequestLog.RequestLog
  readonly codes: Store.Store<Code>
  readonly refreshTokens: Store.Store<RefreshToken>
  /** Lineages whose refresh tokens are worth nothing any more. */
  readonly revokedLineages: Store.Store<true>
  readonly deviceCodes: Store.Store<DeviceCode>
  /** Who is signed in, by browser. */
  readonly sessions: Store.Store<ReadonlyArray<SignedIn>>
  readonly signIns: Store.Store<SignIn>
  /** Names of the permissions consented to, by person, tenant and application. */
  readonly consents: Store.Store<ReadonlySet<string>>
  /** Counts what is issued. */
  readonly serial: Ref.Ref<number>
  /** The last serial of a person's sign-ins that is worth nothing any more, and neither is what came of it. */
  readonly revokedUpTo: Store.Store<number>
  /** The last serial of a person's access tokens that resources challenge. */
  readonly challengedUpTo: Store.Store<number>
}

/** @category models */
export interface Service extends Memory {
  /** Ends with the emulator. */
  readonly scope: Scope.Scope
  readonly keys: SigningKeys.SigningKeys
  /** The world as it is until the next reset, for those who are at work in it. */
  readonly present: Effect.Effect<Service>
  /** Begins anew: nothing is issued, and identifiers come in the same order again. */
  readonly restart: (directory: Directory) => Effect.Effect<void>
}

/** @category services */
export class World extends Context.Tag("@grantwork/emulator/World")<World, Service>() {}

const capacity = 10_000
const hour = 60 * 60
const month = 30 * 24 * hour

/** @category constructors */
export const make = (directory: Directory, seed: string): Effect.Effect<Service, never, Scope.Scope> =>
  Effect.gen(function*() {
    const keys = yield* SigningKeys.make
    const live: Service = {
      scope: yield* Effect.scope,
      keys,
      ...remember(directory, seed),
      present: Effect.sync(() => ({ ...live })),
      restart: (directory) =>
        Effect.zipRight(keys.reset, Effect.sync(() => void Object.assign(live, remember(directory, seed))))
    }
    return live
  })

/**
 * Counts one more that is issued.
 *
 * @category programs
 */
export const nextSerial: Effect.Effect<number, never, World> = Effect.flatMap(
  World,
  ({ serial }) => Ref.updateAndGet(serial, (last) => last + 1)
)

/** Codes and refresh tokens are known for a month longer than they hold, so that those who come late are told why. */
const remember = (directory: Directory, seed: string): Memory => {
  const { codeLifetime, deviceCodeLifetime, refreshTokenLifetime } = directory.scenario.policies
  return {
    directory: Ref.unsafeMake(directory),
    identifiers: Identifiers.make(seed),
    faults: Faults.make(directory.scenario.faults),
    log: RequestLog.make(),
    codes: Store.make<Code>(capacity, codeLifetime + month),
    refreshTokens: Store.make<RefreshToken>(capacity, refreshTokenLifetime + month),
    revokedLineages: Store.make<true>(capacity, refreshTokenLifetime + month),
    deviceCodes: Store.make<DeviceCode>(capacity, deviceCodeLifetime + month),
    sessions: Store.make<ReadonlyArray<SignedIn>>(capacity),
    signIns: Store.make<SignIn>(capacity, hour),
    consents: Store.make<ReadonlySet<string>>(capacity),
    serial: Ref.unsafeMake(0),
    revokedUpTo: Store.make<number>(capacity),
    challengedUpTo: Store.make<number>(capacity)
  }
}

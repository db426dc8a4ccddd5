import { Partition, type TokenCache } from "@grantwork/core"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"

const issuer = "https://id.example.com"

/** Someone at an issuer. */
export const person = (subject: string): Partition.UserKey => Partition.userKeyAt(issuer, subject)

/** A partition with a client's refresh token in it. */
const withToken = (partition: Partition.Partition, clientId: string, secret: string): Partition.Partition =>
  Partition.setRefreshToken(partition, {
    environment: issuer,
    clientId,
    familyId: Option.none(),
    secret: Redacted.make(secret),
    modifiedAt: Option.none()
  })

export const tokenIn = (partition: Partition.Partition, clientId: string): string | undefined =>
  Option.getOrUndefined(Option.map(Partition.refreshToken(partition, clientId), ({ secret }) => Redacted.value(secret)))

export const put = (cache: TokenCache.Service, key: Partition.Key, clientId: string, secret: string) =>
  cache.modify(key, (partition) => [undefined, withToken(partition, clientId, secret)])

/**
 * What our caches hold, read out of MSAL's JSON.
 */
import { type Partition, UnifiedCache } from "@grantwork/core"
import * as Option from "effect/Option"

export interface KeyAndPartition {
  readonly key: Partition.Key
  readonly partition: Partition.Partition
}

/** A part at a time, so that what they are made from can go. */
export function* partitionsOf(parts: Iterable<string>): Generator<KeyAndPartition> {
  for (const part of parts) {
    const parsed = Option.getOrThrow(UnifiedCache.parse(part))
    for (const key of UnifiedCache.keys(parsed)) {
      yield { key, partition: UnifiedCache.read(parsed, key) }
    }
  }
}

/**
 * Fake layers for testing programs that use Grantwork: no network, no waiting, no randomness.
 */

/** A provider that answers every request well until told otherwise. */
export * as FakeProvider from "./FakeProvider.js"

/** Who signs in. */
export * as Person from "./Person.js"

/** A token cache that knows accounts from the start, and can be out of order. */
export * as PrefilledTokenCache from "./PrefilledTokenCache.js"

/** What a scripted HTTP client was asked. */
export * as RecordedRequest from "./RecordedRequest.js"

/** What a scripted HTTP client answers. */
export * as Reply from "./Reply.js"

/** An HTTP client that answers from a script. */
export * as ScriptedHttpClient from "./ScriptedHttpClient.js"

/** Randomness that repeats itself. */
export * as SeededCrypto from "./SeededCrypto.js"

/** Keys to sign ID tokens with. */
export * as SigningKey from "./SigningKey.js"

/** Metadata, keys, ID tokens and token answers of a provider. */
export * as TokenFactory from "./TokenFactory.js"

/** What every token cache promises. */
export * as TokenCacheContract from "./TokenCacheContract.js"

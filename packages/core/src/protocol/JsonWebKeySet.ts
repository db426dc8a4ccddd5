/**
 * The keys a provider signs with.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7517#section-5
 */
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"

/**
 * A public key; members beyond `kty` are read by whoever verifies with it.
 *
 * @category models
 */
export const JsonWebKey = Schema.Struct(
  { kty: Schema.NonEmptyString },
  { key: Schema.String, value: Schema.Unknown }
)

/** @category models */
export type JsonWebKey = typeof JsonWebKey.Type

/** @category models */
export interface JsonWebKeySet {
  readonly keys: ReadonlyArray<JsonWebKey>
}

const maximumKeys = 100

const Keys = Schema.Struct({ keys: Schema.Array(Schema.Unknown) })
const decodeKeys = Schema.decodeUnknownOption(Keys)
const isJsonWebKey = Schema.is(JsonWebKey)
const isSymmetric = (key: JsonWebKey) => key.kty === "oct"
const isPrivate = (key: JsonWebKey) => "d" in key

/**
 * Reads a key set, leaving out what is no public key; none where the body is no key set. At most 100 keys count.
 *
 * @category constructors
 */
export const decode = (body: unknown): Option.Option<JsonWebKeySet> =>
  Option.map(decodeKeys(body), ({ keys }) => ({
    keys: keys.filter(isJsonWebKey).filter((key) => !isSymmetric(key) && !isPrivate(key)).slice(0, maximumKeys)
  }))

/**
 * The issuer that Microsoft binds a key to, none for a key of every tenant's.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-signing-key-issuer
 * @category getters
 */
export const issuerOf = ({ keys }: JsonWebKeySet, keyId: Option.Option<string>): Option.Option<string> =>
  Option.flatMap(
    keyId,
    (kid) => Option.filter(Option.fromNullable(keys.find((key) => key["kid"] === kid)?.["issuer"]), Predicate.isString)
  )

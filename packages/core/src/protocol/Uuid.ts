/**
 * Identifiers that are random.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9562#section-5.4
 */

/**
 * A UUID of version 4 from 16 random bytes.
 *
 * @category constructors
 */
export const fromRandomBytes = (bytes: Uint8Array): string =>
  [...bytes]
    .map((byte, index) => index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte)
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")

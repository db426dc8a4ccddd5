const offset = 0x6c62272e07bb014262b821756295c58dn
const prime = 0x1000000000000000000013bn

/** 128 bits of a text, after Fowler, Noll and Vo. */
const hash = (text: string): bigint =>
  new TextEncoder().encode(text).reduce((bits, byte) => BigInt.asUintN(128, (bits ^ BigInt(byte)) * prime), offset)

/** The same GUID for the same text, marked as version 4. */
export const deriveGuid = (text: string): string => {
  const digits = hash(text).toString(16).padStart(32, "0")
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `8${digits.slice(17, 20)}`,
    digits.slice(20)
  ].join("-")
}

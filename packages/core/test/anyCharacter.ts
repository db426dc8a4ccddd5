import fc from "fast-check"

/** Every character there is; `unit: "binary"` is the same, and takes seconds to build. */
export const anyCharacter = fc.integer({ min: 0, max: 0x10F7FF }).map((code) =>
  String.fromCodePoint(code < 0xD800 ? code : code + 0x800)
)

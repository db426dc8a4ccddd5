const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")

type Members = Readonly<Record<string, unknown>>

const decode = (jws: string, part: number): Members =>
  JSON.parse(Buffer.from(jws.split(".")[part] ?? "", "base64url").toString()) as Members

/** A compact JWS that nobody signed. */
export const make = (header: object, claims: object, signature: string): string =>
  `${encode(header)}.${encode(claims)}.${signature}`

export const header = (jws: string) => decode(jws, 0)

export const claims = (jws: string) => decode(jws, 1)

import * as Either from "effect/Either"
import * as ScenarioFile from "../../src/directory/ScenarioFile.js"

export const parse = (text: string) => ScenarioFile.parse(text, "my.json")

export const messageOf = (text: string): string => Either.getOrThrow(Either.flip(parse(text))).message

export const tenant = { id: "c0000000-0000-4000-8000-000000000001", name: "Contoso", domains: ["contoso.example"] }
export const user = { username: "jane@contoso.example", password: "s3cr3t of Jane's", name: "Jane Doe" }
export const app = { id: "a0000000-0000-4000-8000-000000000001", name: "App" }

/** A scenario with a line for each tenant, user and application, in this order. */
export const file = (
  { apps = [], tenants = [tenant], users = [], ...rest }: Readonly<Record<string, ReadonlyArray<unknown>>>
): string => {
  const list = (values: ReadonlyArray<unknown>) => values.map((value) => JSON.stringify(value)).join(",\n")
  const others = Object.entries(rest).map(([name, value]) => `,\n"${name}": ${JSON.stringify(value)}`).join("")
  return `{\n"tenants": [\n${list(tenants)}],\n"users": [\n${list(users)}],\n"apps": [\n${list(apps)}]${others}}`
}

/** Line and column of where these words stand last. */
export const place = (text: string, words: string): string => {
  const lines = text.slice(0, text.lastIndexOf(words)).split("\n")
  return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`
}

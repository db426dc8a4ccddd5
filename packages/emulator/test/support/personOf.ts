import type { Person } from "../../src/Browser.js"
import { defaultScenario } from "../../src/scenario/defaultScenario.js"

/** Somebody of the default scenario. */
export const personOf = (name: "mia" | "new" | "bob" | "kim" | "pat"): Person => {
  const user = (defaultScenario.users ?? []).find(({ username }) => username.startsWith(`${name}@`))
  if (user === undefined) throw new Error(`There is no ${name}.`)
  return { username: user.username, password: user.password }
}

import { execFileSync } from "node:child_process"

/** What a shell would hand to `curl`. */
export const argumentsOf = (command: string): ReadonlyArray<string> => {
  if (!command.startsWith("curl ")) throw new Error(`This is no curl command: ${command}`)
  const printing = command.replace("curl", "printf '%s\\0'")
  return execFileSync("sh", ["-c", printing], { encoding: "utf8" }).split("\0").slice(0, -1)
}

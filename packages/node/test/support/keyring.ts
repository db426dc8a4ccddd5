import { execFile, spawnSync } from "node:child_process"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

const program = fileURLToPath(new URL("keychainProgram.ts", import.meta.url))
const packageRoot = fileURLToPath(new URL("../..", import.meta.url))

const isThere = (command: string): boolean => spawnSync(command, ["--version"]).status === 0

/** Whether there can be a session with a keyring of its own: Debian's packages dbus-daemon and gnome-keyring. */
export const isInstalled = process.platform === "linux" && isThere("dbus-run-session") &&
  isThere("gnome-keyring-daemon")

if (!isInstalled && process.env["CI"] === undefined) {
  process.emitWarning("Tests with a real keyring are skipped: install the packages dbus-daemon and gnome-keyring.")
}

/** The command line of the program that uses the keychain. */
const node = (loaders: ReadonlyArray<string>) => [
  process.execPath,
  "--conditions=@grantwork/source",
  "--import=tsx",
  ...loaders,
  program
]

const run = async (command: ReadonlyArray<string>, env: NodeJS.ProcessEnv): Promise<string> => {
  const [file = "", ...parameters] = command
  const { stdout } = await promisify(execFile)(file, parameters, { cwd: packageRoot, env })
  return stdout
}

/** Runs the program once where no keychain can be reached. */
export const withoutSession = (parameters: ReadonlyArray<string>, ...loaders: ReadonlyArray<string>): Promise<string> =>
  run([...node(loaders), ...parameters], {
    PATH: process.env["PATH"],
    HOME: "/nowhere",
    DBUS_SESSION_BUS_ADDRESS: "unix:path=/nowhere/bus"
  })

/** Runs programs in a session of their own: at the same time those of one step, one after the other the steps. */
export const inSession = (
  home: string,
  keyring: "unlocked" | "locked",
  ...steps: ReadonlyArray<ReadonlyArray<ReadonlyArray<string>>>
): Promise<string> => {
  mkdirSync(join(home, "run"), { recursive: true, mode: 0o700 })
  const start = keyring === "unlocked"
    ? "printf password | gnome-keyring-daemon --unlock --components=secrets"
    : "gnome-keyring-daemon --start --components=secrets"
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
  const line = (parameters: ReadonlyArray<string>) => [...node([]), ...parameters].map(quote).join(" ")
  const script = [
    `${start} >"$HOME/keyring.log" 2>&1`,
    ...steps.flatMap((step) => [...step.map((parameters) => `${line(parameters)} &`), "wait"])
  ]
  return run(["dbus-run-session", "--", "sh", "-c", script.join("\n")], {
    PATH: process.env["PATH"],
    HOME: home,
    XDG_RUNTIME_DIR: join(home, "run")
  })
}

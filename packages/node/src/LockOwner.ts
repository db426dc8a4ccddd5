/**
 * Who holds a lock file: a line that begins with the process's number, as MSAL writes it too.
 */
import { readFileSync, readlinkSync } from "node:fs"
import { hostname } from "node:os"

/** @category models */
export interface LockOwner {
  readonly processId: number
  /** Whether it runs where this process does, or cannot be told apart from one that does. */
  readonly isHere: boolean
  /** Whether the line says where the process runs; MSAL's does not. */
  readonly namesPlace: boolean
  /** By the system's own count, empty where it is not known: numbers of processes are used again. */
  readonly startedAt: string
}

/**
 * The line of this process; the token tells its locks apart.
 *
 * @category encoders
 */
export const line = (token: string): string => `${process.pid} grantwork ${place()}@${startOf(process.pid)} ${token}`

/**
 * Where numbers of processes mean the same: a host, and on Linux a container on it, until the next boot.
 *
 * @category getters
 */
export const place = (): string =>
  [
    hostname(),
    ofLinux(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8")),
    ofLinux(() => readlinkSync("/proc/self/ns/pid")).replaceAll(/\D/g, "")
  ].join("/").replaceAll(/[\s@]/g, "")

/** The process's name, which comes before, may have anything in it but a last parenthesis. */
const startOf = (processId: number): string => {
  const status = ofLinux(() => readFileSync(`/proc/${processId}/stat`, "utf8"))
  return status.slice(status.lastIndexOf(")") + 2).split(" ")[19] ?? ""
}

const ofLinux = (read: () => string): string => {
  try {
    return read()
  } catch {
    return ""
  }
}

const largestProcessId = 2 ** 31 - 1

/**
 * None where the line does not begin with a number, as while its writer has not written it yet.
 *
 * @category decoders
 */
export const parse = (text: string): LockOwner | undefined => {
  const [, digits = "", rest = ""] = /^(\d{1,10})(?:\s(.*))?$/s.exec(text.trim()) ?? []
  const processId = Number(digits)
  const [, where, startedAt = ""] = /^grantwork ([^\s@]+)(?:@(\d*))? \S+$/.exec(rest) ?? []
  return processId > 0 && processId <= largestProcessId
    ? { processId, isHere: where === undefined || where === place(), namesPlace: where !== undefined, startedAt }
    : undefined
}

/**
 * Whether the process has ended, as far as can be told from here.
 *
 * @category predicates
 */
export const hasEnded = ({ isHere, processId, startedAt }: LockOwner): boolean =>
  isHere && (isGone(processId) || (startedAt !== "" && !["", startedAt].includes(startOf(processId))))

/**
 * Whether no process of this number runs here.
 *
 * @category predicates
 */
export const isGone = (processId: number): boolean => {
  try {
    process.kill(processId, 0)
    return false
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH"
  }
}

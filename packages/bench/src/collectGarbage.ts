import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

const isCollector = (value: unknown): value is () => void => typeof value === "function"

setFlagsFromString("--expose-gc")

const collector: unknown = runInNewContext("gc")

/** Takes away all that nobody holds. */
export const collectGarbage: () => void = isCollector(collector) ? collector : () => {}

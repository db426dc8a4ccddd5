import { type Chapter, type Ending, summarize } from "./chapters.js"

/** A chapter ended otherwise than it has to. */
export class PlotTwist extends Error {
  override readonly name = "PlotTwist"
}

const columns = (title: string, who: string, scopes: string, from: string, time: string): string =>
  `  ${title.padEnd(43)}${who.padEnd(24)}${scopes.padEnd(36)}${from.padEnd(9)}${time.padStart(9)}`

const row = ({ title, who }: Chapter, ending: Ending, time: string): string => {
  switch (ending._tag) {
    case "Granted":
      return columns(title, ending.who, ending.scopes.join(" "), ending.from, time)
    case "Listed":
      return withRemark(columns(title, `${ending.who.length} people`, "", "cache", time), ending.who.join(", "))
    case "Refused": {
      const { _tag, error, message } = ending.error
      const from = error === undefined ? "here" : "network"
      return withRemark(columns(title, who, `refused: ${_tag}`, from, time), withoutTraces(message))
    }
    case "Answered": {
      return columns(title, who, `HTTP ${ending.answer.status}`, "network", time)
    }
    case "Shared": {
      const { origins, refreshes } = ending
      const said = `one from the ${origins.join(", one from the ")}; refreshes: ${refreshes}`
      return withRemark(columns(title, who, "", "network", time), said)
    }
  }
}

const withRemark = (line: string, remark: string): string => `${line}\n    ${remark}`

/** Without the identifiers that Microsoft ends its messages with. */
const withoutTraces = (message: string): string => message.replace(/ Trace ID:.*(?=\)$)/s, "")

export const heading = (text: string): string => `\n${text}\n\n${columns("Chapter", "Who", "Scopes", "From", "Time")}`

/** Prints a chapter, and objects where it did not end as it has to. */
export const narrate = (chapter: Chapter, ending: Ending, milliseconds: number): PlotTwist | undefined => {
  console.log(row(chapter, ending, `${milliseconds.toFixed(1)} ms`))
  const actual = summarize(ending)
  const { expected, title } = chapter
  return actual === expected
    ? undefined
    : new PlotTwist(`"${title}" has to end with ${expected}, and ended with ${actual}.`)
}

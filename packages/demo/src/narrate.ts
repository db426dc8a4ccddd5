import { type Chapter, type Ending, summarize } from "./chapters.js"

/** A chapter ended otherwise than it has to. */
export class PlotTwist extends Error {
  override readonly name = "PlotTwist"
}

const columns = (title: string, who: string, scopes: string, from: string, time: string): string =>
  `  ${title.padEnd(41)}${who.padEnd(15)}${scopes.padEnd(36)}${from.padEnd(9)}${time.padStart(9)}`

const row = ({ title, who }: Chapter, ending: Ending, time: string): string => {
  switch (ending._tag) {
    case "Granted":
      return columns(title, ending.who, ending.scopes.join(" "), ending.from, time)
    case "Listed":
      return columns(title, ending.who.join(", "), "", "cache", time)
    case "Refused": {
      const { _tag, error, message } = ending.error
      return `${
        columns(title, who, `refused: ${_tag}`, error === undefined ? "here" : "network", time)
      }\n    ${message}`
    }
  }
}

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

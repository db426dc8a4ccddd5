/**
 * What is printed: tables, and which aims are met.
 */
export interface Aim {
  readonly aim: string
  readonly measured: string
  readonly met: boolean
}

const digits = (value: number) =>
  value < 1 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: value >= 100 ? 0 : 2 }

/** A number with two decimals, or none from 100 on; nothing for what was not measured. */
export const number = (value: number): string => Number.isNaN(value) ? "" : value.toLocaleString("en-US", digits(value))

export const times = (ratio: number): string => Number.isNaN(ratio) ? "" : `${number(ratio)}x`

/** An aim for a ratio to be no less than a bound. */
export const atLeast = (bound: number, aim: string, ratio: number): Aim => ({
  aim: `${aim}, at least ${times(bound)}`,
  measured: times(ratio),
  met: ratio >= bound
})

/** An aim for a ratio to be no more than a bound. */
export const atMost = (bound: number, aim: string, ratio: number): Aim => ({
  aim: `${aim}, at most ${times(bound)}`,
  measured: times(ratio),
  met: ratio <= bound
})

/** An aim for a count. */
export const exactly = (expected: number, aim: string, counted: number): Aim => ({
  aim: `${aim}, ${number(expected)}`,
  measured: number(counted),
  met: counted === expected
})

type Row = ReadonlyArray<string>

/** Lines of a table whose first column is its labels. */
export const table = (head: Row, rows: ReadonlyArray<Row>): ReadonlyArray<string> => {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)))
  const line = (row: Row) =>
    widths.map((width, column) => {
      const cell = row[column] ?? ""
      return column === 0 ? cell.padEnd(width) : cell.padStart(width)
    }).join("   ").trimEnd()
  return [line(head), widths.map((width) => "-".repeat(width)).join("   "), ...rows.map(line)].map((text) =>
    `  ${text}`
  )
}

export const summary = (aims: ReadonlyArray<Aim>): ReadonlyArray<string> =>
  aims.map(({ aim, measured, met }) => `  ${met ? "met    " : "NOT met"}  ${aim}: ${measured}`)

export const print = (...lines: ReadonlyArray<string>): void => console.log(lines.join("\n"))

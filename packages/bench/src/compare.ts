/**
 * Runs contestants in turns, round after round, so that drift of the machine meets them all alike.
 */
import { performance } from "node:perf_hooks"

export interface Contestant {
  readonly name: string
  /** The work, once for each account. */
  readonly runs: ReadonlyArray<() => Promise<unknown>>
}

interface Options {
  /** An odd number. */
  readonly rounds: number
  /** About how long a contestant's turn lasts. */
  readonly turnMillis: number
  /** How many lanes work at the same time, each on accounts of its own. */
  readonly inFlight: number
}

export interface Comparison {
  /** Median time for one run, in microseconds; with lanes, the time of all shared among their runs. */
  readonly micros: (name: string) => number
  /** Median over the rounds of how many times slower one is than another. */
  readonly ratio: (slower: string, faster: string) => number
  /** How often all contestants ran, warm-up included. */
  readonly runs: number
}

const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((a, b) => a - b).at(Math.floor(values.length / 2)) ?? NaN

/** Runs so often and gives the microseconds for one. */
const turn = async ({ runs }: Contestant, count: number, inFlight: number): Promise<number> => {
  const lanes = Array.from({ length: inFlight }, (_, lane) => runs.filter((_, account) => account % inFlight === lane))
  const work = async (own: Contestant["runs"]) => {
    for (let left = count / inFlight; left > 0; left -= own.length) {
      for (const run of own.slice(0, left)) {
        await run()
      }
    }
  }
  const start = performance.now()
  await Promise.all(lanes.map(work))
  return (performance.now() - start) * 1000 / count
}

/** Doubles the count until a turn is long enough, which warms up as well. */
const calibrate = async (contestant: Contestant, { inFlight, turnMillis }: Options) => {
  let runs = 0
  for (let count = inFlight;; count *= 2) {
    const micros = await turn(contestant, count, inFlight)
    runs += count
    if (micros * count >= turnMillis * 1000) {
      return { count: Math.ceil(turnMillis * 1000 / micros / inFlight) * inFlight, runs }
    }
  }
}

export const compare = async (contestants: ReadonlyArray<Contestant>, options: Options): Promise<Comparison> => {
  const entries: Array<{ readonly contestant: Contestant; readonly count: number; readonly samples: Array<number> }> =
    []
  let runs = 0
  for (const contestant of contestants) {
    const calibration = await calibrate(contestant, options)
    entries.push({ contestant, count: calibration.count, samples: [] })
    runs += calibration.runs + calibration.count * options.rounds
  }
  for (let round = 0; round < options.rounds; round++) {
    for (const { contestant, count, samples } of round % 2 === 0 ? entries : entries.toReversed()) {
      samples.push(await turn(contestant, count, options.inFlight))
    }
  }
  const samplesOf = (name: string) => entries.find(({ contestant }) => contestant.name === name)?.samples ?? []
  return {
    micros: (name) => median(samplesOf(name)),
    ratio: (slower, faster) => {
      const others = samplesOf(faster)
      return median(samplesOf(slower).map((sample, round) => sample / (others[round] ?? NaN)))
    },
    runs
  }
}

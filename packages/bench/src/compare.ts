/**
 * Runs contestants in turns, round after round, so that drift of the machine meets them all alike.
 */
import { performance } from "node:perf_hooks"
import { collectGarbage } from "./collectGarbage.js"

export interface Contestant {
  readonly name: string
  /** The work, once for each account, which are taken in turns. */
  readonly runs: ReadonlyArray<() => Promise<unknown>>
}

interface Options {
  /** An odd number. */
  readonly rounds: number
  /** About how long a contestant's turn lasts. */
  readonly turnMillis: number
  /** How many lanes work at the same time, each on accounts of its own. */
  readonly inFlight: number
  /** Whether each turn begins without what the others have left to collect. */
  readonly isSwept?: boolean
}

/** Each turn is long enough for the garbage it leaves to be collected in it. */
export const evenTurns: Options = { rounds: 15, turnMillis: 50, inFlight: 1 }

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

interface Runner {
  readonly name: string
  /** Each goes on where its last turn ended. */
  readonly lanes: ReadonlyArray<Generator<() => Promise<unknown>, never>>
}

function* endlessly<A>(items: ReadonlyArray<A>): Generator<A, never> {
  for (;;) {
    yield* items
  }
}

const runnerOf = ({ name, runs }: Contestant, { inFlight }: Options): Runner => ({
  name,
  lanes: Array.from(
    { length: inFlight },
    (_, lane) => endlessly(runs.filter((_, account) => account % inFlight === lane))
  )
})

/** Runs so often and gives the microseconds for one. */
const turn = async ({ lanes }: Runner, count: number): Promise<number> => {
  const work = async (lane: Runner["lanes"][number]) => {
    for (let left = count / lanes.length; left > 0; left--) {
      await lane.next().value()
    }
  }
  const start = performance.now()
  await Promise.all(lanes.map(work))
  return (performance.now() - start) * 1000 / count
}

/** Doubles the count until it takes four turns' time, which warms up as well. */
const calibrate = async (runner: Runner, { inFlight, turnMillis }: Options) => {
  let runs = 0
  for (let count = inFlight;; count *= 2) {
    const micros = await turn(runner, count)
    runs += count
    if (micros * count >= turnMillis * 4000) {
      return { count: Math.ceil(turnMillis * 1000 / micros / inFlight) * inFlight, runs }
    }
  }
}

export const compare = async (contestants: ReadonlyArray<Contestant>, options: Options): Promise<Comparison> => {
  const entries: Array<{ readonly runner: Runner; readonly count: number; readonly samples: Array<number> }> = []
  let runs = 0
  for (const contestant of contestants) {
    const runner = runnerOf(contestant, options)
    const calibration = await calibrate(runner, options)
    entries.push({ runner, count: calibration.count, samples: [] })
    runs += calibration.runs + calibration.count * options.rounds
  }
  for (let round = 0; round < options.rounds; round++) {
    for (const { count, runner, samples } of round % 2 === 0 ? entries : entries.toReversed()) {
      if (options.isSwept === true) {
        collectGarbage()
      }
      samples.push(await turn(runner, count))
    }
  }
  const samplesOf = (name: string) => entries.find(({ runner }) => runner.name === name)?.samples ?? []
  return {
    micros: (name) => median(samplesOf(name)),
    ratio: (slower, faster) => {
      const others = samplesOf(faster)
      return median(samplesOf(slower).map((sample, round) => sample / (others[round] ?? NaN)))
    },
    runs
  }
}

/**
 * What goes between a client and its Redis server, by the server's own count.
 */
interface Client {
  readonly info: (section: "stats") => Promise<string>
}

export interface Traffic {
  readonly roundTrips: number
  /** What the server answered with. */
  readonly bytes: number
}

const count = async (client: Client): Promise<Traffic> => {
  const info = await client.info("stats")
  const numberOf = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, "m").exec(info)?.[1])
  return { roundTrips: numberOf("total_reads_processed"), bytes: numberOf("total_net_output_bytes") }
}

const between = (before: Traffic, after: Traffic): Traffic => ({
  roundTrips: after.roundTrips - before.roundTrips,
  bytes: after.bytes - before.bytes
})

const rounds = 2000

/** Of one run, on the average over many, one after the other. */
export const trafficOf = async (client: Client, runs: ReadonlyArray<() => Promise<unknown>>): Promise<Traffic> => {
  const first = await count(client)
  const second = await count(client)
  for (let round = 0; round < rounds; round++) {
    await runs[round % runs.length]?.()
  }
  const last = await count(client)
  const counting = between(first, second)
  const { bytes, roundTrips } = between(second, last)
  return { roundTrips: (roundTrips - counting.roundTrips) / rounds, bytes: (bytes - counting.bytes) / rounds }
}

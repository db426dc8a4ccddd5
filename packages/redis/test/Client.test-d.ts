/**
 * What node-redis makes fits; checked by the compiler alone.
 */
import { createClient, createClientPool, createCluster, createSentinel } from "redis"
import type { Client } from "../src/Client.js"

export const clients: ReadonlyArray<Client> = [
  createClient(),
  createClient({ RESP: 2 }),
  createClient({ RESP: 3, commandOptions: { timeout: 1000 } }),
  createClientPool(),
  createCluster({ rootNodes: [] }),
  createSentinel({ name: "main", sentinelRootNodes: [] })
]

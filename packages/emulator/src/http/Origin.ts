/**
 * Under which names the emulator answers.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 */

/** Hosts of Microsoft's clouds, the preferred one first; the cache's preferred host is not always the same. */
const clouds: ReadonlyArray<{ readonly hosts: ReadonlyArray<string>; readonly cache: string }> = [
  {
    hosts: ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
    cache: "login.windows.net"
  },
  {
    hosts: ["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
    cache: "login.partner.microsoftonline.cn"
  },
  { hosts: ["login.microsoftonline.us", "login.usgovcloudapi.net"], cache: "login.microsoftonline.us" },
  { hosts: ["login-us.microsoftonline.com"], cache: "login-us.microsoftonline.com" }
]

const resourceHosts = new Set(["graph.microsoft.com"])

/**
 * Whether a host, with its port where it is not the scheme's own, is one of Microsoft's that the emulator stands in for.
 *
 * @category predicates
 */
export const isMicrosofts = (host: string): boolean =>
  resourceHosts.has(host) || clouds.some(({ hosts }) => hosts.includes(host))

/**
 * The issuer of a tenant's tokens; a cloud's hosts share one.
 *
 * @category getters
 */
export const issuer = (origin: string, tenantId: string): string => `${preferred(origin)}/${tenantId}/v2.0`

const preferred = (origin: string): string => {
  const { host, protocol } = new URL(origin)
  const cloud = clouds.find(({ hosts }) => hosts.includes(host)) ?? (resourceHosts.has(host) ? clouds[0] : undefined)
  return cloud === undefined ? origin : `${protocol}//${cloud.hosts[0]}`
}

/**
 * One cloud as instance discovery tells it.
 *
 * @category models
 */
export interface Instance {
  readonly preferred_network: string
  readonly preferred_cache: string
  readonly aliases: ReadonlyArray<string>
}

/**
 * The clouds that are known where the emulator was found under this origin.
 *
 * @category getters
 */
export const instances = (origin: string): ReadonlyArray<Instance> => {
  const { host } = new URL(origin)
  const own = isMicrosofts(host) ? [] : [{ preferred_network: host, preferred_cache: host, aliases: [host] }]
  const microsofts = clouds.map(({ cache, hosts: [first = cache, ...more] }) => ({
    preferred_network: first,
    preferred_cache: cache,
    aliases: [first, ...more]
  }))
  return [...own, ...microsofts]
}

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
  { hosts: ["login.microsoftonline.de"], cache: "login.microsoftonline.de" },
  { hosts: ["login.microsoftonline.us", "login.usgovcloudapi.net"], cache: "login.microsoftonline.us" },
  { hosts: ["login-us.microsoftonline.com"], cache: "login-us.microsoftonline.com" },
  { hosts: ["login.sovcloud-identity.fr"], cache: "login.sovcloud-identity.fr" },
  { hosts: ["login.sovcloud-identity.de"], cache: "login.sovcloud-identity.de" },
  { hosts: ["login.sovcloud-identity.sg"], cache: "login.sovcloud-identity.sg" },
  {
    hosts: ["login.windows-ppe.net", "sts.windows-ppe.net", "login.microsoft-ppe.com"],
    cache: "login.windows-ppe.net"
  }
]

const resourceHosts = new Set(["graph.microsoft.com"])

const publicRegional = "login.microsoft.com"

/** The cloud of a host, which may be one of its regions' own. */
const cloudOf = (host: string) => {
  const [, global] = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?\.(.+)$/.exec(host) ?? []
  return clouds.find(({ hosts }) => hosts.includes(host))
    ?? clouds.find(({ hosts }) =>
      global !== undefined && (hosts.includes(publicRegional) ? global === publicRegional : hosts.includes(global))
    )
}

/**
 * Whether a host, with its port where it is not the scheme's own, is one of Microsoft's that the emulator stands in for.
 *
 * @category predicates
 */
export const isMicrosofts = (host: string): boolean => resourceHosts.has(host) || cloudOf(host) !== undefined

/**
 * Whether only this machine reaches an address.
 *
 * @category predicates
 */
export const isLoopback = (host: string): boolean => {
  const { hostname } = new URL(make(host, 443) ?? "https://elsewhere.invalid")
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$|^\[::ffff:7f/.test(hostname)
}

/**
 * The origin at a host and a port; none where the host is neither a name nor an address.
 *
 * @category constructors
 */
export const make = (host: string, port: number): string | undefined => {
  const authority = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host
  const url = /^(\[[\da-f:.]+\]|[\w.-]+)$/i.test(authority) ? `https://${authority}:${port}` : ""
  return URL.canParse(url) ? new URL(url).origin : undefined
}

/**
 * The origin that a header `host` names, in one way of writing.
 *
 * @category decoders
 */
export const fromHeader = (header: string): string | undefined => {
  const [, host = "", port = "443"] = /^(\[[^\]]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(header) ?? []
  return make(host, Number(port))
}

/**
 * The issuer of a tenant's tokens; a cloud's hosts share one.
 *
 * @category getters
 */
export const issuer = (origin: string, tenantId: string): string => `${preferred(origin)}/${tenantId}/v2.0`

const preferred = (origin: string): string => {
  const { host, protocol } = new URL(origin)
  const cloud = cloudOf(host) ?? (resourceHosts.has(host) ? clouds[0] : undefined)
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

/**
 * Microsoft's clouds, and the hosts at which each of them answers.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 */

/** @category models */
export interface Cloud {
  /** The first one names the cloud. */
  readonly hosts: readonly [string, ...ReadonlyArray<string>]
  /** Whether every tenant's endpoints at its first host are where they are expected. */
  readonly hasKnownEndpoints: boolean
}

/**
 * Microsoft's own cloud, for all but some countries and governments.
 *
 * @category constants
 */
export const publicCloud: Cloud = {
  hosts: ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
  hasKnownEndpoints: true
}

const clouds: ReadonlyArray<Cloud> = [
  publicCloud,
  { hosts: ["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"], hasKnownEndpoints: true },
  { hosts: ["login.microsoftonline.de"], hasKnownEndpoints: false },
  { hosts: ["login.microsoftonline.us", "login.usgovcloudapi.net"], hasKnownEndpoints: true },
  { hosts: ["login-us.microsoftonline.com"], hasKnownEndpoints: false },
  { hosts: ["login.sovcloud-identity.fr"], hasKnownEndpoints: true },
  { hosts: ["login.sovcloud-identity.de"], hasKnownEndpoints: true },
  { hosts: ["login.sovcloud-identity.sg"], hasKnownEndpoints: true },
  {
    hosts: ["login.windows-ppe.net", "sts.windows-ppe.net", "login.microsoft-ppe.com"],
    hasKnownEndpoints: false
  }
]

/**
 * The cloud that answers at a host.
 *
 * @category getters
 */
export const at = (host: string): Cloud | undefined => clouds.find(({ hosts }) => hosts.includes(host))

/**
 * Whether a host is one of these, or a region's at one of them.
 *
 * @category predicates
 */
export const includes = (hosts: ReadonlyArray<string>, host: string): boolean => {
  const [region = "", ...others] = host.split(".")
  return hosts.includes(host) || (dnsLabel.test(region) && hosts.includes(others.join(".")))
}

const dnsLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * Whether a host is one of a cloud's, or of a region's in it.
 *
 * @category predicates
 */
export const isMicrosofts = (host: string): boolean => clouds.some(({ hosts }) => includes(hosts, host))

/**
 * Whether tenants' endpoints at this host need not be looked up.
 *
 * @category predicates
 */
export const hasKnownEndpoints = (host: string): boolean =>
  clouds.some((cloud) => cloud.hasKnownEndpoints && cloud.hosts[0] === host)

/**
 * Tenant of personal Microsoft accounts.
 *
 * @category constants
 */
export const consumersTenantId = "9188040d-6c67-4c5b-b112-36a304b66dad"

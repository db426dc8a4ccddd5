import { startEmulatorProvider } from "./emulator.js"
import { startOidcProvider } from "./oidcProvider.js"
import type { Provider, ProviderOptions } from "./Provider.js"

const start = { "oidc-provider": startOidcProvider, "the emulator": startEmulatorProvider } as const

export type ProviderName = keyof typeof start

/** Who answers every test of a grant: a server of others, and ours. */
export const providerNames: ReadonlyArray<ProviderName> = ["oidc-provider", "the emulator"]

export const startProvider = (name: ProviderName, options?: ProviderOptions): Promise<Provider> => start[name](options)

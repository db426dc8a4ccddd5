import { vi } from "vitest"

// These bounds end what hangs; a slow machine is no failure.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

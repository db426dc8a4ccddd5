import { existsSync, readdirSync, readFileSync } from "node:fs"
import { defineWorkspace } from "vitest/config"
import { packed } from "./.ci/packed.mjs"

const packages = readdirSync("packages").filter((name) => existsSync(`packages/${name}/test`))

/** Whoever uses the facade tests it as it will be published: packed, installed and without a build of its own. */
const usesFacade = (name: string): boolean =>
  readFileSync(`packages/${name}/package.json`, "utf8").includes("\"@grantwork/promise\"")

export default defineWorkspace(packages.map((name) => ({
  resolve: { conditions: ["@grantwork/source", "module", "browser", "development|production"] },
  ssr: { resolve: { conditions: ["@grantwork/source", "module", "node", "development|production"] } },
  test: {
    name,
    root: `packages/${name}`,
    include: ["test/**/*.test.ts"],
    // Ends what hangs; no test waits.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    ...(usesFacade(name) && {
      globalSetup: [`${import.meta.dirname}/.ci/packed.mjs`],
      alias: { "@grantwork/promise": packed.entry }
    })
  }
})))

// Who may import whom. `.ci/imports.mjs` runs these rules and proves that each one still catches what it forbids.
import { Visitor } from "@swc/core/Visitor.js"

// The visitor that comes with the parser stops at `using`.
const visitStatement = Visitor.prototype.visitStatement
Visitor.prototype.visitStatement = function(statement) {
  if (statement.type !== "UsingDeclaration") return visitStatement.call(this, statement)
  this.visitVariableDeclarators(statement.decls)
  return statement
}

/** The rings of core, innermost first: a ring imports from itself and from the rings before it. */
const rings = ["AuthError.ts", "domain/", "protocol/", "cache/", "services/", "endpoints/", "acquisition/", "grants/"]

/** The rooms of the emulator in the same order; what stands beside them puts them together. */
const emulatorRings = [
  "scenario/",
  "directory/",
  "protocol/",
  "state/",
  "pages/",
  "http/",
  "issuing/",
  "grants/",
  "endpoints/"
]

/** The packages of this repository that a package's sources may import; demos and tests may import any. */
const mayImport = {
  core: [],
  testing: ["core"],
  promise: ["core", "node", "redis"],
  emulator: [],
  node: ["core"],
  redis: ["core"],
  server: ["core"],
  cli: ["core", "node"],
  // For the certificates of a server on loopback.
  "identity-server": ["emulator"],
  "express-sample": ["promise", "emulator"]
}

const oneOf = (paths) => `(${paths.map((path) => path.replaceAll(".", "\\.")).join("|")})`
const error = (name, from, to) => ({ name, severity: "error", from, to })

const ringRules = rings.slice(0, -1).map((ring, index) =>
  error(`core-ring-${ring.replace(/\W.*/, "")}`, { path: `^packages/core/src/${oneOf([ring])}` }, {
    path: `^packages/core/src/${oneOf([...rings.slice(index + 1), "Grantwork.ts", "index.ts"])}`
  })
)

const emulatorRingRules = emulatorRings.map((ring, index) =>
  error(`emulator-ring-${ring.slice(0, -1)}`, { path: `^packages/emulator/src/${ring}` }, {
    path: "^packages/emulator/src/",
    pathNot: `^packages/emulator/src/${oneOf(emulatorRings.slice(0, index + 1))}`
  })
)

const packageRules = Object.entries(mayImport).map(([name, others]) =>
  error(`package-${name}`, { path: `^packages/${name}/src/`, pathNot: "^packages/testing/src/emulator" }, {
    path: "^packages/",
    pathNot: `^packages/${oneOf([name, ...others])}/`
  })
)

export default {
  forbidden: [
    ...ringRules,
    ...emulatorRingRules,
    ...packageRules,
    error("core-only-rings", { path: "^packages/core/src/" }, {
      path: "^packages/core/src/",
      pathNot: `^packages/core/src/${oneOf([...rings, "Grantwork.ts", "index.ts"])}`
    }),
    error("core-runs-anywhere", { path: "^packages/core/src/" }, {
      pathNot: ["^packages/", "(^|/)node_modules/(effect|@effect/platform|jose)/"]
    }),
    error("core-jose-in-crypto", { path: "^packages/core/src/", pathNot: "^packages/core/src/services/Crypto\\.ts$" }, {
      path: "(^|/)node_modules/jose/"
    }),
    error("testing-only-effect", { path: "^packages/testing/src/" }, {
      pathNot: ["^packages/", "(^|/)node_modules/(effect|@effect/platform)/"]
    }),
    error("sample-without-effect", { path: "^packages/express-sample/src/" }, {
      path: "(^|/)node_modules/(effect|@effect)/"
    }),
    error("effect-deep", { path: "^packages/" }, {
      path: "(^|/)node_modules/(effect|@effect/platform|@effect/platform-node)/(src|dist/[^/]+)/index\\.(ts|js|d\\.ts)$"
    }),
    error("package-by-name", { path: "^packages/([^/]+)/" }, {
      path: "^packages/",
      pathNot: "^packages/$1/",
      dependencyTypes: ["local"]
    }),
    error("no-cycle", {}, { circular: true }),
    error("resolvable", {}, { couldNotResolve: true })
  ],
  options: {
    // TypeScript 7 offers no parser to other tools, and without any the cruiser reads nothing and passes.
    parser: "swc",
    doNotFollow: { path: "(^|/)node_modules/" },
    exclude: { path: ["^packages/[^/]+/dist/", "/\\.cache/"] },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@grantwork/source", "import", "node", "default"],
      extensions: [".ts", ".js", ".mjs"]
    }
  }
}

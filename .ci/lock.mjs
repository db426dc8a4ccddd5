// Run after `npm install` behind a mirror that lacks the packages of other platforms: npm leaves those out of the lock
// file, and `npm ci` then rejects it. This writes them back by name, version, system and processor, without a hash.
import { readFileSync, writeFileSync } from "node:fs"

const file = new URL("../package-lock.json", import.meta.url)
const lock = JSON.parse(readFileSync(file, "utf8"))

const systems = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"]
const processors = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64"]
const libraries = { glibc: "glibc", gnu: "glibc", musl: "musl" }

const isLocked = (from, name) =>
  lock.packages[`${from}${from && "/"}node_modules/${name}`] !== undefined ||
  (from !== "" && isLocked(from.slice(0, Math.max(from.lastIndexOf("/node_modules/"), 0)), name))

const only = (key, values) => values.length > 0 ? { [key]: values } : {}

const missing = Object.entries(lock.packages).flatMap(([from, { dev, optionalDependencies = {} }]) =>
  Object.entries(optionalDependencies)
    .filter(([name]) => !isLocked(from, name))
    .map(([name, version]) => {
      const words = name.split(/[/-]/)
      const os = words.filter((word) => systems.includes(word))
      return [`node_modules/${name}`, {
        version,
        ...only("cpu", words.filter((word) => processors.includes(word))),
        ...(dev && { dev }),
        ...(os.includes("linux") && only("libc", words.flatMap((word) => libraries[word] ?? []))),
        optional: true,
        ...only("os", os)
      }]
    })
)

for (const [path, { version, os }] of missing) {
  if (os === undefined || !/^\d/.test(version)) throw new Error(`${path} is missing from the lock file: ${version}`)
}

if (missing.length > 0) {
  const { "": root, ...locked } = lock.packages
  const sorted = Object.entries({ ...locked, ...Object.fromEntries(missing) }).sort(([a], [b]) =>
    a.localeCompare(b, "en")
  )
  lock.packages = { "": root, ...Object.fromEntries(sorted) }
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
}
console.log(`${missing.length} packages of other platforms added to package-lock.json`)

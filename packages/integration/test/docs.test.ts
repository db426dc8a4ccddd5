import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { beforeAll, expect, it } from "vitest"

const root = fileURLToPath(new URL("../../..", import.meta.url))
const directory = join(root, "packages/integration/.cache/docs")

interface Fence {
  readonly file: string
  readonly info: string
  readonly code: string
}

/** Every fence that claims to be TypeScript, padded so that its lines have the numbers they have in the document. */
const fencesOf = (name: string, text: string): ReadonlyArray<Fence> =>
  [...text.matchAll(/^ *```(ts|typescript|tsx)\b([^\n]*)\n([\s\S]*?)^ *```$/gm)].map((match) => {
    const [, language = "", rest = "", code = ""] = match
    const line = text.slice(0, match.index).split("\n").length
    return {
      file: `${name.replaceAll("/", "+")}.${line}.ts`,
      info: `${language}${rest}`.trim(),
      code: "\n".repeat(line) + code
    }
  })

const documents = [
  "README.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).map((path) => `docs/${path}`)
]
  .filter((path) => path.endsWith(".md") && existsSync(join(root, path)))

const fences = documents.flatMap((path) => fencesOf(path, readFileSync(join(root, path), "utf8")))

const node = (args: ReadonlyArray<string>): { readonly status: number | null; readonly output: string } => {
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" })
  return { status, output: status === 0 ? "" : `${stdout}${stderr}` }
}

const success = { status: 0, output: "" }

beforeAll(() => {
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  for (const { file, code } of fences) writeFileSync(join(directory, file), code)
  writeFileSync(
    join(directory, "tsconfig.json"),
    JSON.stringify({
      extends: "../../../../tsconfig.json",
      compilerOptions: { composite: false, noEmit: true, emitDeclarationOnly: false, noUnusedLocals: false },
      files: fences.map(({ file }) => file)
    })
  )
})

it("finds fences, their kind and their line", () => {
  const text = "# Title\n\n```ts run\nconst one = 1\n```\n\n- a list\n\n  ```ts\n  one\n  ```\n\n```sh\nls\n```\n"
  expect(fencesOf("docs/a.md", text)).toEqual([
    { file: "docs+a.md.3.ts", info: "ts run", code: "\n\n\nconst one = 1\n" },
    { file: "docs+a.md.9.ts", info: "ts", code: `${"\n".repeat(9)}  one\n` }
  ])
})

it("are fenced as `ts` or `ts run`", () => {
  expect(fences.filter(({ info }) => info !== "ts" && info !== "ts run")).toEqual([])
})

it.skipIf(fences.length === 0)("compile", () => {
  expect(node(["node_modules/typescript/bin/tsc", "-p", directory, "--pretty", "false"])).toEqual(success)
}, 120_000)

it.each(fences.filter(({ info }) => info === "ts run"))("$file runs", ({ file }) => {
  expect(node(["--conditions=@grantwork/source", "--import=tsx", join(directory, file)])).toEqual(success)
}, 120_000)

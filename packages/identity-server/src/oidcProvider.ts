// All that oidc-provider 9 misses on Node.js 20.
if (!("parse" in URL)) {
  Object.defineProperty(URL, "parse", {
    value: (url: string, base?: string) => URL.canParse(url, base) ? new URL(url, base) : null
  })
}

const importQuietly = async () => {
  const { warn } = console
  console.warn = (...message: ReadonlyArray<unknown>) => {
    if (!String(message[0]).includes("oidc-provider WARNING: Unsupported runtime")) warn(...message)
  }
  try {
    return await import("oidc-provider")
  } finally {
    console.warn = warn
  }
}

export const { Provider, errors } = await importQuietly()

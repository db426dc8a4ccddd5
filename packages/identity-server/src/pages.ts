const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "\"": "&quot;",
  "'": "&#39;"
}

const escape = (text: string): string => text.replace(/[&<>"']/gu, (character) => escapes[character] ?? character)

const page = (title: string, body: string): string =>
  `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; margin: 4rem auto; max-width: 22rem; padding: 0 1rem }
label, input { box-sizing: border-box; display: block; width: 100% }
input, button { font: inherit; margin: .25rem 0 1rem; padding: .5rem }
[role=alert] { color: #a00 }
</style>
</head>
<body>
<h1>${title}</h1>
${body}
</body>
</html>`

export const loginPage = (
  { action, alert, client, username }: {
    readonly action: string
    readonly alert?: string
    readonly client: string
    readonly username: string
  }
): string =>
  page(
    "Sign in",
    `<p>to continue to <strong>${escape(client)}</strong></p>
${alert === undefined ? "" : `<p role="alert">${escape(alert)}</p>`}
<form method="post" action="${escape(action)}">
<label>Username <input name="username" autocomplete="username" required autofocus value="${escape(username)}"></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button type="submit">Sign in</button>
</form>`
  )

export const consentPage = (
  { action, client, scopes }: {
    readonly action: string
    readonly client: string
    readonly scopes: ReadonlyArray<string>
  }
): string =>
  page(
    "Permission",
    `<p><strong>${escape(client)}</strong> asks for:</p>
<ul>${scopes.map((scope) => `<li>${escape(scope)}</li>`).join("")}</ul>
<form method="post" action="${escape(action)}">
<button type="submit" name="decision" value="accept">Accept</button>
<button type="submit" name="decision" value="deny">Deny</button>
</form>`
  )

export const errorPage = (error: string, description = ""): string =>
  page("This did not work", `<p role="alert">${escape(`${error}: ${description}`)}</p>`)

import type * as Directory from "../directory/Directory.js"
import { type Html, html } from "./Html.js"
import { name, sheet } from "./layout.js"
import { credentials, notes } from "./person.js"
import { tokenCommand } from "./tokenCommand.js"

/** What the emulator is, and whom and what it knows. */
export const homePage = (directory: Directory.Directory, origin: string): Html => {
  const command = tokenCommand(directory, origin)
  return sheet({
    title: name,
    header: html`<p>Answers as Microsoft Entra does, with people and applications made up. All is kept in memory,
and the signing keys are published: never let it guard anything real.</p>
<div class="links"><a href="/_emulator/requests">Request log</a><a href="/device">Enter a device's code</a></div>`,
    body: html`${
      command === undefined ? undefined : html`<section class="panel">
<h2>Get a token</h2>
<p class="hint">Start the emulator with <code>--ca-out ca.pem</code>, and run this where the file is.</p>
<pre class="copy"><code>${command}</code></pre>
</section>`
    }
<div class="pair">
<section class="panel">
<h2>People</h2>
${
      credentials(directory.people, (person) => [
        ...notes(person),
        ...person.guestOf.map(({ name }) => `guest in ${name}`)
      ])
    }
</section>
<section class="panel">
<h2>Applications</h2>
<ul class="people">${directory.scenario.apps.map(application)}
</ul>
</section>
</div>
<section class="panel">
<h2>Tenants</h2>
<dl class="facts">${
      directory.tenants.map(({ domains, id, name }) =>
        html`
<dt>${name}</dt><dd><code>${id}</code><br><code>${domains.join(", ")}</code></dd>`
      )
    }
</dl>
</section>
<section class="panel">
<h2>Endpoints</h2>
<p class="hint">In place of <code>{tenant}</code> stands an id, a domain, <code>common</code>, <code>organizations</code> or <code>consumers</code>.</p>
<dl class="facts">${
      endpoints.map(([name, path]) =>
        html`
<dt>${name}</dt><dd><code>${origin}${path}</code></dd>`
      )
    }
</dl>
</section>`
  })
}

const application = (app: Directory.Directory["scenario"]["apps"][number]): Html =>
  html`
<li>
<p><strong>${app.name}</strong></p>
<p><span class="muted">Client id</span> <code>${app.id}</code></p>
${app.secrets.map((secret) => html`<p><span class="muted">Secret</span> <code>${secret}</code></p>`)}
${app.identifierUris.map((uri) => html`<p><span class="muted">Resource</span> <code>${uri}</code></p>`)}
${
    app.permissions.length === 0
      ? undefined
      : html`<p><span class="muted">Permissions</span> <code>${
        app.permissions.map((permission) => permission.name).join(" ")
      }</code></p>`
  }
<p class="notes">${applicationNotes(app).map((note) => html`<span class="note">${note}</span> `)}</p>
</li>`

const applicationNotes = (app: Directory.Directory["scenario"]["apps"][number]): ReadonlyArray<string> => [
  ...(app.secrets.length + app.certificates.length === 0 ? ["public"] : []),
  ...(app.certificates.length === 0 ? [] : ["has a certificate"]),
  ...(app.consent === "ask" ? ["asks for consent"] : []),
  ...(app.family === undefined ? [] : [`in family ${app.family}`]),
  ...(app.ropc ? [] : ["takes no passwords"])
]

const endpoints = [
  ["Metadata", "/{tenant}/v2.0/.well-known/openid-configuration"],
  ["Keys", "/{tenant}/discovery/v2.0/keys"],
  ["Authorization", "/{tenant}/oauth2/v2.0/authorize"],
  ["Token", "/{tenant}/oauth2/v2.0/token"],
  ["Device authorization", "/{tenant}/oauth2/v2.0/devicecode"],
  ["Sign-out", "/{tenant}/oauth2/v2.0/logout"],
  ["User info", "/oidc/userinfo"],
  ["Profile, as Graph's", "/v1.0/me"],
  ["Request log", "/_emulator/requests"]
] as const

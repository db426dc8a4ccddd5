import * as Directory from "../directory/Directory.js"

const quote = (text: string): string => /^[\w.:/@=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`

/** A command for a shell that gets a token with a password; none where no person or no application would do. */
export const tokenCommand = (directory: Directory.Directory, origin: string): string | undefined => {
  const person = directory.people.find(({ blocked, mfa, mustChangePassword }) =>
    !blocked && !mfa && !mustChangePassword
  )
  const app = person &&
    directory.apps.find((one) =>
      one.ropc && one.consent === "granted" && !Directory.isConfidential(one) && Directory.admits(one, person.home)
    )
  if (person === undefined || app === undefined) return undefined
  const parameters = {
    client_id: app.id,
    grant_type: "password",
    scope: "openid User.Read",
    username: person.username,
    password: person.password
  }
  return [
    `curl --cacert ca.pem ${quote(`${origin}/${person.home.domains[0]}/oauth2/v2.0/token`)}`,
    ...Object.entries(parameters).map(([name, value]) => `  --data-urlencode ${quote(`${name}=${value}`)}`)
  ].join(" \\\n")
}

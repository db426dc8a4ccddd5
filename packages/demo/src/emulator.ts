import { issueClientCertificate } from "@grantwork/emulator/certificates"
import { clientIds } from "@grantwork/emulator/defaultScenario"
import { startEmulator } from "@grantwork/emulator/startEmulator"
import { createFetch } from "@grantwork/identity-server"
import { importedRefreshToken } from "./importedRefreshToken.js"
import type { Setting } from "./Setting.js"

const jane = { username: "jane@contoso.example", password: "correct horse" }
const sam = { username: "sam@contoso.example", password: "battery staple" }
const mia = { username: "mia@contoso.example", password: "two of a kind" }
const kim = { username: "kim@fabrikam.example", password: "rainy window" }

const scope = "User.Read"
const daemonId = "a0000000-0000-4000-8000-0000000000da"

/** Our emulator of Microsoft's platform on loopback, over TLS. */
export const startMicrosoftEmulator = async (): Promise<Setting> => {
  const emulator = await startEmulator()
  const { caCertificate, origin } = emulator
  const authority = `${origin}/organizations`
  const knownAuthorities = [new URL(origin).host]
  const clientId = clientIds.public
  const registered = (clientId: string) => ({ clientId, authority, knownAuthorities })
  const daemonCertificate = await issueClientCertificate("daemon")
  await emulator.putApp({ id: daemonId, name: "Daemon", certificates: [daemonCertificate.certificate] })
  return {
    address: authority,
    caCertificate,
    registration: { ...registered(clientId), clientCapabilities: ["cp1"] },
    redirectUri: "http://localhost/callback",
    scope,
    jane,
    sam,
    kim,
    kimsRefreshToken: () =>
      importedRefreshToken(createFetch(caCertificate), `${authority}/oauth2/v2.0/token`, {
        clientId,
        person: kim,
        scope
      }),
    browse: async (authorizationUrl, person, consent = "accept") => {
      const { parameters } = await emulator.signIn(authorizationUrl, { ...person, consent })
      return parameters
    },
    microsoft: {
      askingRegistration: registered(clientIds.native),
      family: [registered(clientIds.family), registered(clientIds.sibling)],
      daemon: { clientId: daemonId, authority: `${origin}/contoso.example`, knownAuthorities },
      daemonCertificate,
      daemonScope: "api://notes/.default",
      mia,
      otherTenant: `${origin}/fabrikam.example`,
      otherScope: "api://notes/read",
      refreshes: async () =>
        (await emulator.requests()).filter(({ grantType }) => grantType === "refresh_token").length,
      profileAddress: `${origin}/v1.0/me`,
      demandNewerToken: ({ username }) => emulator.challenge(username)
    },
    [Symbol.asyncDispose]: () => emulator.close()
  }
}

/**
 * Every address the emulator answers at.
 */
import * as Effect from "effect/Effect"
import * as Admin from "./endpoints/Admin.js"
import { authorize } from "./endpoints/Authorize.js"
import * as Device from "./endpoints/Device.js"
import { deviceAuthorization } from "./endpoints/DeviceAuthorization.js"
import { errorCode } from "./endpoints/ErrorCode.js"
import { instanceDiscovery } from "./endpoints/InstanceDiscovery.js"
import { keys } from "./endpoints/Keys.js"
import { logout } from "./endpoints/Logout.js"
import { me } from "./endpoints/Me.js"
import { openIdConfiguration } from "./endpoints/OpenIdConfiguration.js"
import * as SignInPages from "./endpoints/SignInPages.js"
import { token } from "./endpoints/Token.js"
import { userInfo } from "./endpoints/UserInfo.js"
import { userRealm } from "./endpoints/UserRealm.js"
import * as Reply from "./http/Reply.js"
import { refuseClient, type Route } from "./http/serve.js"
import { errorPage } from "./pages/messagePage.js"

const refusePerson: Route["refusesWith"] = ({ description, error, number, status }, { correlationId, traceId }) =>
  Effect.succeed(
    Reply.page(errorPage({ code: number, error, text: description, correlationId, traceId }), status)
  )

const forClients = { isLogged: true, refusesWith: refuseClient } as const
const steering = { isLogged: false, refusesWith: refuseClient, endpoint: undefined } as const
const forPeople = { isLogged: true, refusesWith: refusePerson } as const

/** Where a browser begins to sign in. */
export const authorizeRoute: Route = {
  ...forPeople,
  method: "GET",
  path: "/:tenant/oauth2/v2.0/authorize",
  endpoint: "authorize",
  handler: authorize
}

/** Where it answers the pages. */
export const signInRoute: Route = {
  ...forPeople,
  method: "POST",
  path: "/sign-in/:id",
  endpoint: undefined,
  handler: SignInPages.submit
}

/** Where a person enters what a device shows. */
export const devicePageRoute: Route = {
  ...forPeople,
  method: "GET",
  path: "/device",
  endpoint: undefined,
  handler: Device.show
}

/** Where the code goes. */
export const deviceRoute: Route = { ...devicePageRoute, method: "POST", handler: Device.submit }

/** Where a session ends. */
export const logoutRoute: Route = {
  ...forPeople,
  method: "GET",
  path: "/:tenant/oauth2/v2.0/logout",
  endpoint: "logout",
  handler: logout
}

/** @category constants */
export const routes: ReadonlyArray<Route> = [
  {
    ...forClients,
    method: "GET",
    path: "/common/discovery/instance",
    endpoint: "instance",
    handler: instanceDiscovery
  },
  {
    ...forClients,
    method: "GET",
    path: "/:tenant/v2.0/.well-known/openid-configuration",
    endpoint: "metadata",
    handler: openIdConfiguration
  },
  { ...forClients, method: "GET", path: "/:tenant/discovery/v2.0/keys", endpoint: "keys", handler: keys },
  authorizeRoute,
  { ...authorizeRoute, method: "POST" },
  { ...forClients, method: "POST", path: "/:tenant/oauth2/v2.0/token", endpoint: "token", handler: token },
  {
    ...forClients,
    method: "POST",
    path: "/:tenant/oauth2/v2.0/devicecode",
    endpoint: "devicecode",
    handler: deviceAuthorization
  },
  logoutRoute,
  { ...logoutRoute, method: "POST" },
  { ...forClients, method: "GET", path: "/common/userrealm/:username", endpoint: "userrealm", handler: userRealm },
  { ...forClients, method: "GET", path: "/oidc/userinfo", endpoint: "userinfo", handler: userInfo },
  { ...forClients, method: "POST", path: "/oidc/userinfo", endpoint: "userinfo", handler: userInfo },
  { ...forClients, method: "GET", path: "/v1.0/me", endpoint: "me", handler: me },
  { ...forPeople, method: "GET", path: "/sign-in/:id", endpoint: undefined, handler: SignInPages.show },
  signInRoute,
  devicePageRoute,
  deviceRoute,
  { ...forPeople, method: "GET", path: "/error", endpoint: undefined, handler: errorCode },
  { ...steering, method: "GET", path: "/", handler: Admin.home },
  { ...steering, method: "GET", path: "/_emulator/requests", handler: Admin.requests },
  { ...steering, method: "DELETE", path: "/_emulator/requests", handler: Admin.clearRequests },
  { ...steering, method: "GET", path: "/_emulator/faults", handler: Admin.faults },
  { ...steering, method: "POST", path: "/_emulator/faults", handler: Admin.addFault },
  { ...steering, method: "DELETE", path: "/_emulator/faults", handler: Admin.clearFaults },
  { ...steering, method: "POST", path: "/_emulator/users", handler: Admin.putUser },
  { ...steering, method: "PATCH", path: "/_emulator/users/:username", handler: Admin.changeUser },
  { ...steering, method: "POST", path: "/_emulator/users/:username/revoke-sessions", handler: Admin.revokeSessions },
  { ...steering, method: "POST", path: "/_emulator/users/:username/challenge", handler: Admin.challenge },
  { ...steering, method: "POST", path: "/_emulator/apps", handler: Admin.putApp },
  { ...steering, method: "POST", path: "/_emulator/keys/rotate", handler: Admin.rotateSigningKey },
  { ...steering, method: "POST", path: "/_emulator/reset", handler: Admin.reset }
]

/**
 * Where the client found the emulator, which is the name it answers under.
 */
import * as Context from "effect/Context"

/**
 * Scheme, host and port.
 *
 * @category services
 */
export class RequestOrigin extends Context.Tag("@grantwork/emulator/RequestOrigin")<RequestOrigin, string>() {}

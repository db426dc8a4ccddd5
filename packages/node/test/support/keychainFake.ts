import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Keychain from "../../src/Keychain.js"

export type KeychainFake = ReturnType<typeof make>

/** A keychain in memory that can be out of order, and notes what it is asked. */
export const make = () => {
  const entries = new Map<string, string>()
  const asked: Array<string> = []
  let failure = Option.none<string>()
  let gate: Effect.Effect<void> = Effect.void

  const nameOf = ({ account, service }: Keychain.Entry) => `${service} ${account}`

  const answer = <A>(operation: string, entry: Keychain.Entry, use: () => A) =>
    Effect.suspend(() => {
      asked.push(`${operation} ${nameOf(entry)}`)
      return Option.match(failure, {
        onNone: () => Effect.zipRight(gate, Effect.sync(use)),
        onSome: (message) => Effect.fail(new Keychain.KeychainUnavailable({ message }))
      })
    })

  const service: Keychain.Service = {
    get: (entry) =>
      answer(
        "get",
        entry,
        () => Option.map(Option.fromNullable(entries.get(nameOf(entry))), (it) => Redacted.make(it))
      ),
    set: (entry, secret) => answer("set", entry, () => void entries.set(nameOf(entry), Redacted.value(secret)))
  }

  return {
    service,
    entries,
    asked,
    count: (operation: string) => asked.filter((one) => one.startsWith(operation)).length,
    breakDown: (message: string) => {
      failure = Option.some(message)
    },
    mend: () => {
      failure = Option.none()
    },
    /** Every answer from now on comes after this. */
    waitFor: (effect: Effect.Effect<void>) => {
      gate = effect
    }
  }
}

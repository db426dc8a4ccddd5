/**
 * A connection that hears of changes by other servers, and tells the first level whether it does.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Backoff from "./Backoff.js"
import type * as Client from "./Client.js"
import type { FirstLevel } from "./FirstLevel.js"

/** @category models */
export interface Options {
  readonly duplicate: () => Client.Subscriber
  readonly channel: string
  readonly firstLevel: FirstLevel
}

/** What a client, or a cluster, says when messages may be lost. */
const signsOfTrouble = [
  "disconnect",
  "end",
  "error",
  "node-disconnect",
  "node-error",
  "node-reconnecting",
  "reconnecting",
  "terminated"
]

/**
 * Listens for ever: a connection in trouble is given up, the first level closed, and another connection opened.
 *
 * @category programs
 */
export const listen = (options: Options): Effect.Effect<never> =>
  Effect.ignore(Effect.scoped(listenOnce(options))).pipe(
    Effect.ensuring(Effect.sync(options.firstLevel.close)),
    Effect.repeat(Backoff.doubling("1 second", "1 second")),
    Effect.zipRight(Effect.never),
    Effect.interruptible
  )

const listenOnce = ({ channel, duplicate, firstLevel }: Options) =>
  Effect.gen(function*() {
    const trouble = yield* Deferred.make<never, "trouble">()
    const connection = yield* Effect.acquireRelease(
      Effect.try(() => connectionOf(duplicate())),
      ({ close }) => Effect.sync(close)
    )
    connection.onTrouble(() => {
      firstLevel.close()
      Deferred.unsafeDone(trouble, Effect.fail("trouble"))
    })
    const subscribed = Effect.tryPromise(() => connection.subscribe(channel, (message) => hear(firstLevel, message)))
    yield* Effect.raceFirst(subscribed, Deferred.await(trouble))
    yield* Effect.sync(() => connection.isOpen() && firstLevel.open())
    return yield* Deferred.await(trouble)
  })

/** A subscriber that is closed for good, at the first sign of trouble or when it is told to. */
const connectionOf = (subscriber: Client.Subscriber) => {
  let isOpen = true
  const close = () => {
    isOpen = false
    // Some versions throw where nothing is open.
    Either.try(() => subscriber.destroy())
  }
  return {
    close,
    isOpen: () => isOpen,
    onTrouble: (listener: () => void) => {
      for (const event of signsOfTrouble) {
        subscriber.on(event, () => {
          // To be closed is a sign of trouble, too.
          if (isOpen) {
            // At once, or it has begun to connect again.
            close()
            listener()
          }
        })
      }
    },
    subscribe: async (channel: string, listener: (message: string) => void) => {
      await subscriber.connect()
      if (isOpen) {
        await subscriber.subscribe(channel, listener)
      } else {
        // It was connecting when it was closed, and did not notice.
        close()
      }
    }
  }
}

const hear = (firstLevel: FirstLevel, message: string) => {
  const [hash = "", version = ""] = message.split(" ")
  firstLevel.changed(hash, version)
}

/**
 * One look for many: whoever asks while a look is under way shares the next one, so that nobody is told what was seen
 * before they asked.
 */

/** @category combinators */
export const share = <A>(look: () => Promise<A>): () => Promise<A> => {
  let underWay: Promise<unknown> | undefined
  let next: Promise<A> | undefined
  const start = (): Promise<A> => {
    const looking = look()
    const ended = looking.then(() => undefined, () => undefined).then(() => {
      underWay = underWay === ended ? undefined : underWay
    })
    underWay = ended
    return looking
  }
  return () => {
    if (underWay === undefined) {
      return start()
    }
    next ??= underWay.then(() => {
      next = undefined
      return start()
    })
    return next
  }
}

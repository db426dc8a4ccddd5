/**
 * When to try again.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */

const longest = 3600

/**
 * Seconds to wait, from a number of seconds or a date; at most an hour, undefined where the header says nothing.
 *
 * @category constructors
 */
export const seconds = (header: string | undefined, nowMillis: number): number | undefined => {
  const value = header?.trim() ?? ""
  const wait = /^\d+$/.test(value) ? Number(value) : (parseDate(value) - nowMillis) / 1000
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(Math.ceil(wait), 0), longest)
}

/**
 * The three forms of a date, the last of which does not say that it is in GMT.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7
 */
const zonedDates = [
  /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]+day, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/
]
const unzonedDate = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/

const parseDate = (value: string): number => {
  if (unzonedDate.test(value)) {
    return Date.parse(`${value} GMT`)
  }
  return zonedDates.some((form) => form.test(value)) ? Date.parse(value) : Number.NaN
}

/**
 * How somebody proved who they are; times in seconds since 1970.
 *
 * @category models
 */
export interface Authentication {
  readonly authTime: number
  /** Methods, such as `pwd` and `mfa`. */
  readonly methods: ReadonlyArray<string>
  readonly sessionId: string
  /** Its place among all that was issued. */
  readonly serial: number
}

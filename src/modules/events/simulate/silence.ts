/** A sensor that says nothing for a while. */
/** A member's sensor that says nothing in this time. */
export interface Silence {
  sensor: string
  fromMs: number
  toMs: number
}

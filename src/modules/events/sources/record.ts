/** What a body is cut into, whatever its format. */

/** `line` is the number of the line, from 1, on which the record begins. */
export type RecordItem =
  | {
      line: number
      /** The record as received, without separators; of a record above the limit its first 500 bytes. */
      bytes: Buffer
      value: unknown
      /** CSV only: the line that names the columns, without which the record says nothing. */
      header?: Buffer
      /** EVE only: a `drop` whose alert is in the same input, so it is no event of its own. */
      echo?: true
      error?: undefined
      blank?: undefined
    }
  | {
      line: number
      bytes: Buffer
      error: string
      value?: undefined
      header?: undefined
      echo?: undefined
      blank?: undefined
    }
  | {
      line: number
      blank: true
      bytes?: undefined
      value?: undefined
      header?: undefined
      echo?: undefined
      error?: undefined
    }

/** Takes bytes as they come and gives the records that are complete; `end` gives what is left. */
export interface Splitter {
  push(chunk: Uint8Array): RecordItem[]
  end(): RecordItem[]
}

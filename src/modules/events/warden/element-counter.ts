/** Counts the top-level elements of a JSON array that goes by in pieces, without keeping any of it. */

const code = {
  quote: 0x22,
  backslash: 0x5c,
  comma: 0x2c,
  open: 0x5b,
  close: 0x5d,
  brace: 0x7b,
  unbrace: 0x7d,
}
const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

export class ElementCounter {
  elements = 0
  private depth = 0
  private inString = false
  private escaped = false
  private begun = false
  /** What the body is, told by its first sign. */
  private root: 'unseen' | 'array' | 'other' = 'unseen'

  push(chunk: Uint8Array): void {
    if (this.root === 'other') return
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] as number
      if (this.inString) {
        if (this.escaped) this.escaped = false
        else if (byte === code.backslash) this.escaped = true
        else if (byte === code.quote) this.inString = false
      } else if (!isSpace(byte)) this.take(byte)
    }
  }

  private take(byte: number): void {
    if (this.root === 'unseen') {
      this.begin(byte)
      return
    }
    if (this.depth === 1) this.atTop(byte)
    if (byte === code.quote) this.inString = true
    else if (byte === code.open || byte === code.brace) this.depth++
    else if (byte === code.close || byte === code.unbrace) {
      if (--this.depth === 0) this.root = 'other'
    }
  }

  private begin(byte: number): void {
    // The three bytes of a byte order mark may stand first.
    if (byte === 0xef || byte === 0xbb || byte === 0xbf) return
    this.root = byte === code.open ? 'array' : 'other'
    this.depth = 1
  }

  private atTop(byte: number): void {
    if (byte === code.comma || byte === code.close) this.begun = false
    else if (!this.begun) {
      this.begun = true
      this.elements++
    }
  }
}

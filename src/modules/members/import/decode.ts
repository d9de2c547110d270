/** From bytes to text: UTF-8, with or without a mark, else windows-1250; anything else is refused. */
import type { Sentence } from './words.ts'

export type Decoded = { ok: true; text: string; as1250: boolean } | { ok: false; sentence: Sentence }

/** Reads the text of a CSV or YAML file. UTF-8 wins wherever the bytes allow it. */
export function decode(bytes: Buffer): Decoded {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return { ok: false, sentence: 'utf16' }
  }
  if (bytes.includes(0)) return { ok: false, sentence: 'binary' }
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  const whole = asUtf8(bytes, false)
  if (whole !== null) return { ok: true, text: whole, as1250: false }
  const begun = asUtf8(bytes, true)
  // Only the last character is incomplete. Without any accent before it, it may as well be windows-1250.
  if (begun !== null && (marked || /[^\0-\x7f]/.test(begun))) return { ok: false, sentence: 'cutCharacter' }
  if (marked) return { ok: false, sentence: 'badEncoding' }
  const text = new TextDecoder('windows-1250').decode(bytes)
  // The five bytes that windows-1250 leaves unassigned come out as control characters.
  return /[\x80-\x9f]/.test(text) ? { ok: false, sentence: 'badEncoding' } : { ok: true, text, as1250: true }
}

function asUtf8(bytes: Buffer, mayEndCut: boolean): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: mayEndCut })
  } catch {
    return null
  }
}

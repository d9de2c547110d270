/** Texts from outside as plain text: nothing that a database or a page could stumble over, and never longer than a page can bear. */

/** Control and formatting characters but for tab and line end: they hide or reverse what is read. */
const unseen = /(?![\t\n])[\p{Cc}\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF\uD800-\uDFFF]/gu

const loneSurrogates = (text: string): string => text.toWellFormed()

/** The text with its lines, cut to `most` characters; anything but a text is empty. */
export function plain(value: unknown, most: number): string {
  if (typeof value !== 'string') return ''
  const text = loneSurrogates(value.length > most * 2 ? value.slice(0, most * 2) : value)
    .replace(/\r\n?/g, '\n')
    .replace(unseen, '')
    .trim()
  return text.length > most ? `${text.slice(0, most - 1).toWellFormed()}…` : text
}

/** The same on one line. */
export const line = (value: unknown, most: number): string => plain(value, most).replace(/\s+/g, ' ')

/** An address that a page may link to, or null. */
export function webAddress(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 2_000) return null
  const text = value.trim()
  const url = URL.canParse(text) ? new URL(text) : null
  return url && (url.protocol === 'https:' || url.protocol === 'http:') && !url.username && !url.password
    ? url.href
    : null
}

const markup = /<\/?[a-z][a-z0-9]*(\s[^<>]*)?\/?>|javascript:|&#x?[0-9a-f]+;/i

/** True for a text that brings markup along. */
export const hasMarkup = (text: string): boolean => markup.test(text)

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

/** The five entities of XML, a blank, and numbers; anything else stays as it was written. */
export const unescaped = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,4}));/gi, (whole, hex, decimal, name) => {
    if (name) return entities[String(name).toLowerCase()] ?? whole
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
      ? String.fromCodePoint(code)
      : ''
  })

/** HTML as plain text: scripts and styles go with what is in them, other tags go alone. */
export function withoutMarkup(html: string): string {
  const text = html
    .replace(/<(script|style)\b[\s\S]*?(<\/\1\s*>|$)/gi, ' ')
    .replace(/<(br|\/p|\/div|\/li|\/h[1-6])\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>?/g, ' ')
  return unescaped(text)
    .replace(/[ \t]+/g, ' ')
    .replace(/ *\n[ \n]*/g, '\n')
    .trim()
}

/** Texts of short messages: the 7-bit alphabet (3GPP TS 23.038), and how many parts a text takes. */

const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
/** Each of these takes two places. */
const extended = '^{}\\[~]|€\f'

/** Without diacritics and in the 7-bit alphabet alone: what it does not have becomes a question mark. */
export const plain = (text: string): string =>
  [...text.normalize('NFD').replace(/\p{M}/gu, '').normalize('NFC')]
    .map((sign) => typographic[sign] ?? (basic.includes(sign) || extended.includes(sign) ? sign : '?'))
    .join('')

const typographic: Record<string, string> = {
  '–': '-',
  '—': '-',
  '„': '"',
  '“': '"',
  '”': '"',
  '‘': "'",
  '’': "'",
  '…': '...',
  ' ': ' ',
  '\t': ' ',
}

export interface Measure {
  encoding: 'gsm7' | 'ucs2'
  length: number
  parts: number
}

/** One part holds 160 signs of the alphabet or 70 others; of several parts each 153 or 67. */
export function measure(text: string): Measure {
  const signs = [...text]
  const isPlain = signs.every((sign) => basic.includes(sign) || extended.includes(sign))
  const length = isPlain
    ? signs.reduce((sum, sign) => sum + (extended.includes(sign) ? 2 : 1), 0)
    : text.length
  const [one, each] = isPlain ? [160, 153] : [70, 67]
  return { encoding: isPlain ? 'gsm7' : 'ucs2', length, parts: length <= one ? 1 : Math.ceil(length / each) }
}

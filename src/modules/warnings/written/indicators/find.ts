/** Indicators in what people write and paste: each once, with where it stands. Bounded, and linear in the length of the text. */
import {
  type Indicator,
  type IndicatorKind,
  indicatorOf,
  longestIndicator,
  refang,
} from '../../../../values/indicators.ts'

/** Characters of one text that are looked at. */
export const longestText = 200_000
export const mostFound = 500
const mostPlaces = 3
const longestExcerpt = 120

export interface Place {
  /** Which of the texts. */
  where: string
  /** From one. */
  line: number
  /** The line as it was written, or its beginning. */
  excerpt: string
}

export interface Found extends Indicator {
  places: Place[]
  /** `hostbits`: not clear whether the address or the network is meant. */
  fault: 'hostbits' | null
}

export interface Finding {
  /** In the order of the texts. */
  found: Found[]
  /** Something was left out: a text is too long, or there are too many. */
  cut: boolean
}

/** Named texts in, what stands in them out. */
export function findIn(texts: { where: string; text: string }[]): Finding {
  const found = new Map<string, Found>()
  let cut = false
  for (const { where, text } of texts) {
    cut ||= text.length > longestText
    for (const [at, line] of text.slice(0, longestText).split('\n').entries()) {
      for (const { part, ...one } of inLine(line)) {
        const place = { where, line: at + 1, excerpt: excerptOf(line, part) }
        const key = keyOf(one)
        const known = found.get(key)
        if (known) {
          if (known.places.length < mostPlaces) known.places.push(place)
        } else if (found.size < mostFound) found.set(key, { ...one, places: [place] })
        else cut = true
      }
    }
  }
  return { found: [...found.values()], cut }
}

export const keyOf = ({ kind, value }: Indicator): string => `${kind}:${value}`

/** `part`: how far into the line it stands, from 0 to 1; refanging hardly moves that. */
function excerptOf(line: string, part: number): string {
  const plain = line.trim()
  if (plain.length <= longestExcerpt) return plain
  const from = Math.max(0, Math.min(Math.round(plain.length * part) - 30, plain.length - longestExcerpt))
  const to = from + longestExcerpt
  return `${from > 0 ? '…' : ''}${plain.slice(from, to)}${to < plain.length ? '…' : ''}`
}

type Read = Indicator & { fault: Found['fault'] }

function inLine(line: string): (Read & { part: number })[] {
  // Quotes, angle brackets and bars end a word; whatever is longer than an indicator can be is none.
  const plain = refang(line).trim()
  const words = [...plain.matchAll(/[^\s<>"'`|„“”‘’«»]+/g)].filter(
    ([word]) => word.length <= longestIndicator,
  )
  return words.flatMap(({ 0: word, index }) =>
    inWord(word).map((one) => ({ ...one, part: index / plain.length })),
  )
}

function inWord(word: string): Read[] {
  const scheme = word.search(/https?:\/\//i)
  if (scheme >= 0) return sound(indicatorOf(bare(word.slice(scheme), '.,;:!?…*_')), word)
  return word.split(/[,;()[\]{}=]/).flatMap((piece) => inPiece(bare(piece, '.:!?…*_-/\\')))
}

/** `sha256:…`, `198.51.100.7:8080` and `evil.example/gate.php` besides what stands alone. */
function inPiece(piece: string): Read[] {
  if (piece.length < 4) return []
  const whole = indicatorOf(piece)
  if (whole) return sound(whole, piece)
  const slash = piece.indexOf('/')
  if (slash > 0) return withPath(piece, piece.slice(0, slash))
  const colon = piece.indexOf(':')
  if (colon < 0) return []
  const parted = indicatorOf(piece.slice(colon + 1)) ?? indicatorOf(piece.slice(0, piece.lastIndexOf(':')))
  return sound(parted, piece)
}

function withPath(piece: string, host: string): Read[] {
  const kind = indicatorOf(host)?.kind
  if (kind === 'ip' && /\/\d{1,3}$/.test(piece)) return [{ kind: 'net', value: piece, fault: 'hostbits' }]
  if (kind === 'ip' || kind === 'domain')
    return isFile(host) ? [] : sound(indicatorOf(`http://${piece}`), piece)
  return []
}

/** Names of files look like names of hosts. */
const files =
  /\.(txt|pdf|exe|dll|docx?|docm|xlsx?|xlsm|pptx?|json|html?|php|aspx?|jsp|bat|cmd|ps1|vbs|js|hta|lnk|iso|img|vhd|png|jpe?g|gif|svg|csv|xml|log|tmp|cfg|ini|conf|msi|jar|apk|bin|dat|rar|7z|gz|tar|scr|sys|eml|msg|ya?ml|css|ts|tsx|dcm)$/i
const isFile = (name: string): boolean => files.test(name)

/** No word of Latin letters with accents is the end of a name: `konec.Začátek` is two sentences. */
const accented = /\.(?=[^.]*[À-ɏ])[^.]*$/u

const sound = (one: Indicator | null, written: string): Read[] =>
  one === null || (one.kind === 'domain' && (isFile(one.value) || accented.test(written)))
    ? []
    : [{ ...one, fault: null }]

/** Without what only stands beside it; a closing bracket goes where nothing opened it. */
function bare(word: string, beside: string): string {
  let from = 0
  let to = word.length
  while (from < to && beside.includes(word.charAt(from))) from++
  const unopened = {
    ')': surplus(word, '(', ')'),
    ']': surplus(word, '[', ']'),
    '}': surplus(word, '{', '}'),
  }
  while (to > from) {
    const last = word.charAt(to - 1)
    const bracket = last === ')' || last === ']' || last === '}' ? last : null
    if (bracket ? unopened[bracket]-- <= 0 : !beside.includes(last)) break
    to--
  }
  return word.slice(from, to)
}

const surplus = (word: string, open: string, close: string): number =>
  word.split(close).length - word.split(open).length

/** Words of kinds are in the locales; this is their order on pages. */
export const orderOf = (kind: IndicatorKind): number =>
  ['ip', 'net', 'domain', 'url', 'email', 'sha256', 'sha1', 'md5', 'cve'].indexOf(kind)

/**
 * Names of products by the Common Platform Enumeration. Source: NIST IR 7695 (naming), 6.1 the URI binding of 2.2 that
 * scanners still write, 6.2 the formatted string of 2.3 that we keep.
 */

const part = String.raw`(?:[A-Za-z0-9_\-.*?~%$&#!]|\\[!-/:-@[-\x60{-~])+`
const formatted = new RegExp(`^cpe:2\\.3:[aho*-](?::${part}){10}$`)
/** What a URI may not hold in percent signs, or at all: blanks, control characters, anything past ASCII; `~` packs fields of its own. */
const unwanted = /%(?![0-9a-fA-F]{2})|%(?:[01]|20|7[fF]|[89a-fA-F])|~/
const uri = /^cpe:\/([aho])((?::[A-Za-z0-9._\-~%]*){1,6})$/

/** A component of the URI as the formatted string writes it: percent signs undone, special characters quoted. */
function quoted(component: string): string {
  const text = component.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return text === '' ? '*' : text.replace(/[^A-Za-z0-9_]/g, (letter) => `\\${letter}`)
}

/** The formatted string of either binding; null for what is neither. */
export function cpeOf(text: string): string | null {
  const given = text.trim()
  if (given.length > 500) return null
  if (formatted.test(given)) return given
  const found = uri.exec(given)
  if (!found) return null
  const components = (found[2] ?? '').slice(1).split(':')
  if ((components[1] ?? '') === '' || unwanted.test(given)) return null
  const all = Array.from({ length: 10 }, (_, index) => quoted(components[index] ?? ''))
  return `cpe:2.3:${found[1]}:${all.join(':')}`
}

/** Words of vendor, product and version of a formatted string; `*` and `-` are none. */
export function cpeWords(cpe: string): { vendor: string; product: string; version: string } {
  const parts = cpe.split(/(?<!\\):/).map((one) => one.replace(/\\(.)/g, '$1'))
  const word = (index: number): string => {
    const found = parts[index] ?? ''
    return found === '*' || found === '-' ? '' : found.replaceAll('_', ' ')
  }
  return { vendor: word(3), product: word(4), version: [word(5), word(6)].filter(Boolean).join(' ') }
}

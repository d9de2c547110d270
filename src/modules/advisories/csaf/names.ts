/** Names of products in the two registers of names: CPE and package URL. */

/** The eleven parts of a CPE 2.3 formatted string; `:` inside a part is quoted. */
const formatted = /^cpe:2\.3:[aho*-](:(\\.|[^:\\\s])+){10}$/i

/** The value of a part of the older form, as the newer form writes it. */
function part(text: string | undefined): string {
  if (!text) return '*'
  if (text === '-') return '-'
  const said = text.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return [...said].map((c) => (/[a-z0-9_]/i.test(c) ? c : `\\${c}`)).join('')
}

/** A CPE as a 2.3 formatted string, also from the older URI (`cpe:/a:vendor:product`); null for anything else. */
export function cpeOf(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 500) return null
  const text = value.trim()
  if (formatted.test(text)) return text.toLowerCase()
  const uri = /^cpe:\/([aho])((?::[^:\s]*){1,6})$/i.exec(text)
  if (!uri) return null
  const parts = (uri[2] ?? '').slice(1).split(':')
  const seven = [uri[1] as string, ...Array.from({ length: 6 }, (_, i) => part(parts[i]))]
  return `cpe:2.3:${[...seven, '*', '*', '*', '*'].join(':')}`.toLowerCase()
}

/** A package URL (`pkg:type/name`), or null. */
export function purlOf(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 1_000) return null
  const text = value.trim()
  return /^pkg:[a-z][a-z0-9+.-]*\/[^\s]+$/i.test(text) ? text : null
}

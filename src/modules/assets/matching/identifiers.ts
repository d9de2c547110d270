/** CPE and purl as far as they name a product. A name that stands for everything names nothing. */

export interface Identifier {
  /** What has to be equal: "cpe:offis:dcmtk", "purl:npm//left-pad". */
  key: string
  vendor: string
  product: string
  version: string | null
}

const longest = 300

/** CPE 2.3 as a formatted string (NISTIR 7695, 6.2) or the older URI of 2.2. */
export function cpeOf(text: string | null): Identifier | null {
  const said = text?.slice(0, longest).trim().toLowerCase() ?? ''
  const fields = said.startsWith('cpe:2.3:')
    ? said.slice(8).split(/(?<!\\):/)
    : said.startsWith('cpe:/')
      ? said.slice(5).split(':').map(decoded)
      : []
  const [, vendor = '', product = '', version = ''] = fields.map((field) => field.replace(/\\(.)/g, '$1'))
  if (isOpen(vendor) || isOpen(product)) return null
  const names = { vendor: vendor.replaceAll('_', ' '), product: product.replaceAll('_', ' ') }
  return { key: `cpe:${vendor}:${product}`, ...names, version: isOpen(version) ? null : version }
}

const isOpen = (field: string): boolean => /^[*?\-\s]*$/.test(field)

/** pkg:type/namespace/name@version?qualifiers#subpath */
export function purlOf(text: string | null): Identifier | null {
  const said = text?.slice(0, longest).trim() ?? ''
  const [, type = '', path = '', version = ''] =
    /^pkg:\/{0,2}([a-z0-9.+-]+)\/([^?#]+?)(?:@([^@/?#]*))?(?:[?#]|$)/i.exec(said) ?? []
  const steps = path
    .split('/')
    .map(decoded)
    .filter((step) => step !== '')
  const name = steps.at(-1) ?? ''
  if (isOpen(name)) return null
  const namespace = steps.slice(0, -1).join('/')
  const key = `purl:${type}/${namespace}/${name}`.toLowerCase()
  return { key, vendor: namespace, product: name, version: version === '' ? null : decoded(version) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

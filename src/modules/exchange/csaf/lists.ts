/** What a provider lists: index.txt, changes.csv, ROLIE feeds, service and category documents, folders, and who it is (CSAF 2.0, 7.1). */
import { type PublicKey, publicKeyPath } from '../../../platform/signing-key.ts'
import type { Listed } from '../released.ts'
import { type Making, publisherOf } from './document.ts'
import { type CsafLabel, distributionOf } from './labels.ts'
import { type Door, documentPath, doors, feedName, metadataPath, yearOf } from './places.ts'

const iso = (at: number): string => new Date(at).toISOString()
const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`

/** 7.1.12 */
export const indexTxt = (all: Listed[]): string => all.map((one) => `${documentPath(one)}\n`).join('')

/** 7.1.13: no head, the latest change first, the time as in the document. */
export const changesCsv = (all: Listed[]): string =>
  all.map((one) => `"${documentPath(one)}","${iso(one.at)}"\n`).join('')

const rolieCategory = { scheme: 'urn:ietf:params:rolie:category:information-type', term: 'csaf' }
const kindScheme = 'urn:hsoc:warning-kind'

/** 7.1.15. `since` stands for when nothing was ever published. */
export function rolieFeed(
  all: Listed[],
  label: CsafLabel,
  { base, door, since }: { base: string; door: Door; since: number },
): string {
  const listed = all.filter((one) => distributionOf(one).label === label)
  const self = `${base}${door.base}/${feedName(label)}`
  return json({
    feed: {
      id: feedName(label).replace('.json', ''),
      title: `hSOC TLP:${label}`,
      link: [
        { rel: 'self', href: self },
        { rel: 'service', href: `${base}${door.base}/service.json` },
      ],
      category: [rolieCategory],
      updated: iso(listed[0]?.at ?? since),
      entry: listed.map((one) => entryOf(one, `${base}${door.base}/${documentPath(one)}`)),
    },
  })
}

const entryOf = (one: Listed, place: string): object => ({
  id: one.number,
  title: one.title.cs,
  link: [
    { rel: 'self', href: place },
    { rel: 'hash', href: `${place}.sha256` },
    { rel: 'hash', href: `${place}.sha512` },
    { rel: 'signature', href: `${place}.asc` },
  ],
  published: iso(one.firstAt),
  updated: iso(one.at),
  category: [{ scheme: kindScheme, term: one.kind }],
  content: { type: 'application/json', src: place },
  format: { schema: 'https://docs.oasis-open.org/csaf/csaf/v2.0/csaf_json_schema.json', version: '2.0' },
})

/** 7.1.16 */
export const serviceDocument = (base: string, door: Door): string =>
  json({
    service: {
      workspace: [
        {
          title: 'hSOC CSAF',
          collection: door.labels.map((label) => ({
            title: `hSOC TLP:${label}`,
            href: `${base}${door.base}/${feedName(label)}`,
            categories: { category: [rolieCategory] },
          })),
        },
      ],
    },
  })

/** 7.1.17: by what the entries are told apart. */
export const categoryDocument = (): string =>
  json({
    categories: {
      category: ['info', 'vulnerability', 'campaign', 'emergency'].map((term) => ({
        scheme: kindScheme,
        term,
      })),
    },
  })

/** 7.1.7. The present key stands first and is the one that signs; earlier ones check what was fetched before. */
export function providerMetadata(making: Making, keys: readonly PublicKey[]): string {
  const { baseUrl } = making
  return json({
    canonical_url: `${baseUrl}${metadataPath}`,
    distributions: Object.values(doors).map((door) => ({
      directory_url: `${baseUrl}${door.base}/`,
      rolie: {
        categories: [`${baseUrl}${door.base}/category.json`],
        feeds: door.labels.map((label) => ({
          summary: label === 'WHITE' ? 'TLP:WHITE, open' : `TLP:${label}, with a key that has the right csaf`,
          tlp_label: label,
          url: `${baseUrl}${door.base}/${feedName(label)}`,
        })),
        services: [`${baseUrl}${door.base}/service.json`],
      },
    })),
    last_updated: iso(Math.max(0, ...keys.map((key) => key.madeAt))),
    list_on_CSAF_aggregators: true,
    metadata_version: '2.0',
    mirror_on_CSAF_aggregators: true,
    public_openpgp_keys: keys.map(({ fingerprint }) => ({
      fingerprint,
      url: `${baseUrl}${publicKeyPath(fingerprint)}`,
    })),
    publisher: publisherOf(making),
    role: 'csaf_trusted_provider',
  })
}

/** 7.1.14: a folder as a web server lists it, without script. Names are our own and hold nothing that markup could. */
export function folderPage(all: Listed[], door: Door, year: string | null): string {
  const years = [...new Set(all.map((one) => yearOf(one.firstAt)))].sort()
  const names = year
    ? all
        .filter((one) => yearOf(one.firstAt) === year)
        .flatMap((one) => {
          const name = documentPath(one).slice(year.length + 1)
          return [name, `${name}.asc`, `${name}.sha256`, `${name}.sha512`]
        })
        .sort()
    : [
        ...years.map((one) => `${one}/`),
        ...['category.json', 'changes.csv'],
        ...door.labels.map(feedName),
        ...['index.txt', 'service.json'],
      ]
  const place = `${door.base}/${year ? `${year}/` : ''}`
  const lines = names.map((name) => `<li><a href="${place}${name}">${name}</a></li>`)
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${place}</title></head>
<body><h1>${place}</h1><ul>
${year ? `<li><a href="${door.base}/">../</a></li>\n` : ''}${lines.join('\n')}
</ul></body></html>
`
}

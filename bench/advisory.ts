/** One advisory with its products against the assets of 500 members, beside the bare join on the same keys. */
import type pg from 'pg'
import { keysOf, keysOfAffected, matchesOf } from '../src/modules/assets/index.ts'
import type { AffectedProduct, ProductName } from '../src/values/product.ts'
import { labelledPairs } from '../test/interop/labelled-pairs.ts'
import type { Figure, Options } from './report.ts'
import { openStage } from './stage.ts'
import { median, rounded, since } from './statistics.ts'

const members = 500
const assetsEach = 1_000
const rounds = 5
/** Names that nobody's advisory means: of invented makers, so that most of what a hospital runs is not concerned. */
const invented = 6_000
const makers = [
  'Vlnka',
  'Meander',
  'Kosatec',
  'Borovice',
  'Pomněnka',
  'Havran',
  'Sněženka',
  'Rákos',
  'Jalovec',
  'Křemen',
]
const lines = [
  'Aurola',
  'Betavox',
  'Cirtera',
  'Dorvida',
  'Elmonex',
  'Farsita',
  'Gelanor',
  'Hytrion',
  'Ivalux',
  'Jorveta',
]
const kinds = [
  'Monitor',
  'infuzní pumpa',
  'Server',
  'PACS',
  'Viewer',
  'Workstation',
  'Windows',
  'CT',
  'Gateway',
  'ultrazvuk',
]

export async function measureAdvisory(options: Options, say: (line: string) => void): Promise<Figure[]> {
  const stage = await openStage({ keys: 0, prefixes: 0 })
  const client = await stage.owner.connect()
  try {
    await fill(client, options.seed)
    const products = advisory()
    const compared: Once[] = []
    for (let round = 0; round <= rounds; round++) compared.push(await once(client, products))
    const [, ...counted] = compared // the first warms the caches
    const ours = median(counted.map((one) => one.oursMs))
    const joined = median(counted.map((one) => one.joinMs))
    const heap = Math.max(...counted.map((one) => one.heapMb))
    const { matches, rows } = counted[0] ?? { matches: 0, rows: 0 }
    say(
      `${matches} matches among ${rows} joined rows: ${rounded(ours)} ms, the bare join ${rounded(joined)} ms`,
    )
    return figuresOf(ours, joined, {
      members,
      assets_each: assetsEach,
      products: products.length,
      matches,
      rows,
      heap_peak_mb: heap,
    })
  } finally {
    client.release()
    await stage.close()
  }
}

/** All that the recorded advisories say of one maker, more than any single advisory holds. */
function advisory(): AffectedProduct[] {
  const affected = labelledPairs().flatMap((pair) => (pair.by === 'Philips' ? [pair.affected] : []))
  return [...new Map(affected.map((one) => [JSON.stringify(one), one])).values()]
}

/** A list of names with their keys, of which each member has a thousand by lot. */
async function fill(client: pg.PoolClient, seed: string): Promise<void> {
  const names = [
    ...labelledPairs().map(({ asset }) => asset),
    ...Array.from({ length: invented }, (_, i) => inventedName(i)),
  ]
  const rows = names.map((name) => ({ ...name, ...keysOf(name) }))
  await client.query(
    `create temp table names as
     select row_number() over () as n, vendor, product, version, cpe, purl, "vendorKey" as vendor_key, "productKeys" as product_keys
     from json_to_recordset($1) as x (vendor text, product text, version text, cpe text, purl text, "vendorKey" text, "productKeys" text[])`,
    [JSON.stringify(rows)],
  )
  await client.query('create unique index on names (n)')
  await client.query('select setseed($1)', [seed.length / 100])
  await client.query(
    `create temp table assets as
     select row_number() over () as id, d.org_id, vendor, product, version, cpe, purl, vendor_key, product_keys,
            null::timestamptz as removed_at
     from (select org_id, 1 + floor(random() * $3)::int as n from generate_series(1, $1::int) org_id, generate_series(1, $2::int)) d
     join names using (n)`,
    [members, assetsEach, names.length],
  )
  await client.query('create index on assets using gin (product_keys)')
  await client.query('analyze assets')
}

const at = (list: string[], n: number): string => list[n % list.length] ?? ''
const inventedName = (n: number): ProductName => ({
  vendor: `${at(makers, n)} s.r.o.`,
  product: `${at(lines, Math.floor(n / 10))} ${at(kinds, Math.floor(n / 100))} ${1000 + n}`,
  version: `${n % 7}.${n % 13}`,
  cpe: null,
  purl: null,
})

interface Once {
  oursMs: number
  joinMs: number
  matches: number
  rows: number
  heapMb: number
}

async function once(client: pg.PoolClient, products: AffectedProduct[]): Promise<Once> {
  const joining = performance.now()
  const rows = await bareJoin(client, products)
  const joinMs = since(joining)
  let [matches, heap] = [0, 0]
  const from = performance.now()
  await client.query('begin')
  for await (const found of matchesOf(client, products)) {
    matches += found.length
    heap = Math.max(heap, process.memoryUsage().heapUsed)
  }
  await client.query('commit')
  return { oursMs: since(from), joinMs, matches, rows, heapMb: Math.round(heap / 2 ** 20) }
}

/** Each product with the assets that share a key with it: what SQL alone takes to pair them, counted where it is. */
async function bareJoin(client: pg.PoolClient, products: AffectedProduct[]): Promise<number> {
  const keys = products.map((one, product) => ({ product, keys: keysOfAffected(one) }))
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::int as n from json_to_recordset($1) as p (product int, keys text[]) join assets a on a.product_keys && p.keys`,
    [JSON.stringify(keys)],
  )
  return rows[0]?.n ?? 0
}

function figuresOf(ours: number, joined: number, detail: Record<string, unknown>): Figure[] {
  const ratio = rounded(ours / joined)
  return [
    {
      name: 'advisory',
      what: 'one advisory matched with half a million assets against the bare join on the same keys, medians',
      value: ratio,
      unit: '×',
      must: 3,
      aim: 1.5,
      smaller: true,
      detail: { ...detail, join_ms: rounded(joined) },
    },
    {
      name: 'advisory seconds',
      what: 'the same in seconds',
      value: rounded(ours / 1000),
      unit: 's',
      must: null,
      aim: 2,
      smaller: true,
    },
  ]
}

/** One advisory against the assets of many organisations, in the database. */
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../../test/harness.ts'
import { labelledPairs } from '../../../../test/interop/labelled-pairs.ts'
import type { AffectedProduct, ProductName } from '../../../values/product.ts'
import { type Found, keysOf, likely, matchesOf } from '../index.ts'
import { matcherOf } from './match.ts'
import { ownedOf } from './owned.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createDatabase()
})
afterAll(() => db.drop())

const assets: ProductName[] = labelledPairs().map(({ asset }) => asset)

/** Assets of three organisations in a table of the connection's own, and what the products match. */
async function found(products: AffectedProduct[], owned = assets): Promise<Found[]> {
  const rows = owned.map((asset, i) => ({ ...asset, ...keysOf(asset), org: (i % 3) + 1 }))
  const client = new pg.Client({ connectionString: db.url })
  await client.connect()
  try {
    await client.query(
      `create temp table assets as
       select row_number() over ()::int as id, org as org_id, vendor, product, version, cpe, purl,
              "vendorKey" as vendor_key, "productKeys" as product_keys, null::timestamptz as removed_at
       from json_to_recordset($1) as x (org int, vendor text, product text, version text, cpe text, purl text,
                                        "vendorKey" text, "productKeys" text[])`,
      [JSON.stringify(rows)],
    )
    await client.query('begin')
    const all: Found[] = []
    for await (const some of matchesOf(client, products)) all.push(...some)
    return all
  } finally {
    await client.end()
  }
}

const affected = (vendor: string, product: string, versions = 'vers:all/*'): AffectedProduct => ({
  ...{ vendor, product, versions, cpe: null, purl: null },
})

it('finds exactly what looking at every pair would find', async () => {
  const products = labelledPairs()
    .filter(({ by }) => by === 'GE')
    .map(({ affected: one }) => one)
  const owned = assets.map(ownedOf)
  const pairs = products.flatMap((product, place) => {
    const match = matcherOf(product)
    return owned.flatMap((one, i) => ((match(one)?.sure ?? 0) >= likely ? [`${i + 1} ${place}`] : []))
  })
  const rows = await found(products)
  expect(rows.map(({ assetId, product }) => `${assetId} ${product}`).sort()).toEqual(pairs.sort())
  expect(rows.every(({ assetId, orgId }) => orgId === ((assetId - 1) % 3) + 1)).toBe(true)
})

it('finds nothing for a product that would match everything, and asks for nothing', async () => {
  expect(await found([affected('', '*'), affected('*', '*', '*'), affected('Philips', 'System')])).toEqual([])
})

it('goes on past one batch', async () => {
  const many = Array.from({ length: 2100 }, () => ({
    vendor: 'Philips',
    product: 'MX40',
    version: null,
    cpe: null,
    purl: null,
  }))
  expect(await found([affected('Philips', 'IntelliVue MX40')], many)).toHaveLength(2100)
})

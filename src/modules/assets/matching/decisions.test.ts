/** What people said of a match is remembered for later advisories, by their organisation alone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from '../../../../test/harness.ts'
import { type Actor, asActor } from '../../../platform/access.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import type { AffectedProduct, ProductName } from '../../../values/product.ts'
import { decided, decideMatch, decisionsOf, matchOf, withdrawDecision } from '../index.ts'

let db: TestDatabase
let lipova: Hospital
let jana: Actor
let karel: Actor
let other: Actor
let coordinator: Actor

beforeAll(async () => {
  db = await createDatabase()
  lipova = await addHospital(db, 'Nemocnice Lipová', [])
  const vymysl = await addHospital(db, 'Nemocnice Dolní Výmysl', [])
  jana = await addPerson(db, 'Jana Nová', [['admin', lipova]])
  karel = await addPerson(db, 'Karel Ředitel', [['manager', lipova]])
  other = await addPerson(db, 'Ota Cizí', [['admin', vymysl]])
  coordinator = await addPerson(db, 'Eva Koordinátorka', [['coordinator', null]])
})
afterAll(() => db.drop())

const asset: ProductName = {
  vendor: 'Siemens',
  product: 'SINEMA Server',
  version: null,
  cpe: null,
  purl: null,
}
const affected: AffectedProduct = {
  ...{
    vendor: 'Siemens AG',
    product: 'SINEMA Remote Connect Server',
    versions: '<V3.2_SP1',
    cpe: null,
    purl: null,
  },
}
const match = matchOf(asset, affected)
const say = (by: Actor, same: boolean, reason = '') =>
  asActor(db, by, tuesday, (tx) => decideMatch(tx, lipova.id, { asset, affected, same, reason }, by, tuesday))
const takeBack = (by: Actor) =>
  asActor(db, by, tuesday, (tx) => withdrawDecision(tx, lipova.id, { asset, affected }, by, tuesday))
const read = (by: Actor) => asActor(db, by, tuesday, (tx) => decisionsOf(tx, lipova.id))

it('a rejection holds for later advisories about the same product, however both are written, until it is taken back', async () => {
  if (!match) throw new Error('the names are alike')
  await say(jana, false, 'Jiný produkt téže řady')
  const decisions = await read(karel)
  expect(decisions).toMatchObject([
    { same: false, asset: 'Siemens SINEMA Server', reason: 'Jiný produkt téže řady', actor: 'Jana Nová' },
  ])
  const later = {
    ...affected,
    versions: 'vers:all/*',
    vendor: 'SIEMENS',
    product: 'Sinema  remote connect server',
  }
  expect(decided(match, { ...asset, product: 'Sinema server' }, later, decisions)).toBeNull()
  expect(decided(match, { ...asset, product: 'SINEMA Remote Connect' }, later, decisions)).toBe(match)
  await takeBack(jana)
  expect(decided(match, asset, affected, await read(jana))).toBe(match)
  await expect(takeBack(jana)).rejects.toThrow(WrongState)
})

it('a confirmation makes it sure, but for the version, and what was said last counts', async () => {
  if (!match) throw new Error('the names are alike')
  await say(jana, false)
  await say(jana, true)
  const decisions = await read(jana)
  expect(decisions).toHaveLength(1)
  expect(decided(match, asset, affected, decisions)).toEqual({
    sure: 0.9,
    why: [
      { about: 'person', name: 'Jana Nová' },
      { about: 'version', how: 'unknown', asset: '', affected: '<V3.2_SP1' },
    ],
  })
})

describe('refused', () => {
  it('is who only reads there, and who does not even read', async () => {
    await expect(say(karel, false)).rejects.toThrow(Forbidden)
    for (const stranger of [other, coordinator]) {
      await expect(say(stranger, false)).rejects.toThrow(NotFound)
      await expect(takeBack(stranger)).rejects.toThrow(NotFound)
      expect(await read(stranger)).toEqual([])
    }
  })
  it('by the database too', async () => {
    const insert = `insert into match_decisions (org_id, asset_key, product_key, same, asset, product, person_id, actor, at)
      values ($1, 'a', 'b', false, 'a', 'b', $2, 'x', now())`
    for (const by of [karel, other, coordinator])
      await expect(
        asActor(db, by, tuesday, (tx) => tx.query(insert, [lipova.id, by.person])),
      ).rejects.toThrow('row-level security')
    // In somebody else's name.
    await expect(
      asActor(db, jana, tuesday, (tx) => tx.query(insert, [lipova.id, karel.person])),
    ).rejects.toThrow('row-level security')
    const gone = await asActor(db, other, tuesday, (tx) => tx.query('delete from match_decisions'))
    expect(gone.rowCount).toBe(0)
  })
  it('is a reason without end', async () => {
    await expect(say(jana, false, 'x'.repeat(501))).rejects.toThrow(Invalid)
  })
  it('and names of any kind are kept', async () => {
    const names = ['', '*', 'x'.repeat(100_000), '\u0301', '\0', '???']
    for (const name of names) {
      const odd = {
        asset: { vendor: name, product: name },
        affected: { vendor: name, product: name },
        same: false,
        reason: '',
      }
      await asActor(db, jana, tuesday, (tx) => decideMatch(tx, lipova.id, odd, jana, tuesday))
    }
  })
})

/** Names that match everything: coordinators are written to, once a day, and nobody else. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { addHospital, addPerson, tuesday } from '../../../test/harness.ts'
import { type MatchStage, openMatchStage } from '../../../test/match-stage.ts'
import type { Actor } from '../../platform/access.ts'
import { release } from './sector.ts'

const [minute, day] = [60_000, 86_400_000]
const gathered = 16 * minute

let stage: MatchStage
let source: number
let second: Actor
let named = 0
beforeAll(async () => {
  stage = await openMatchStage()
  source = await stage.sourceOf('Výrobce pump')
  second = await addPerson(stage.db, 'Klára Koordinační', [['coordinator', null]], 'en')
  await addPerson(stage.db, 'Ondřej Operátor', [['operator', null]])
  for (const maker of ['Alfa', 'Beta', 'Gama', 'Delta', 'Omega', 'Sigma', 'Kappa']) {
    const hospital = await addHospital(stage.db, `Nemocnice ${maker}`, [])
    const admin = await addPerson(stage.db, `Adam ${maker}`, [['admin', hospital]])
    for (const product of ['Kapka 500', 'Vlna 7', 'Vlna 8'])
      await stage.own(admin, { vendor: `${maker} Medical`, product })
  }
  await stage.step()
})
afterAll(() => stage.close())

/** An advisory of no maker about a product of that name. */
const wide = async (product: string, at = tuesday): Promise<number> => {
  const { rows } = await stage.db.engine.query<{ id: number }>(
    `insert into advisories (source_id, kind, namespace, tracking_id, publisher, seq, version, state, title, tlp, readers, level, says_exploited,
       patient_safety, words, content_hash, released_at, revised_at, taken_at, changed_at)
     values ($1, 'hand', 'x', $3, 'x', 1, '1', 'final', 'Tajný titulek', 'CLEAR', '{1}', 4, false, false, 'wide', 'x', $2, $2, $2, $2) returning id`,
    [source, new Date(at), `wide-${++named}`],
  )
  const id = rows[0]?.id ?? 0
  await stage.db.engine.query(
    `insert into advisory_products (advisory_id, status, vendor, product, versions, name, refs, cves) values ($1, 'known_affected', '', $2, '', 'x', '{}', '{}')`,
    [id, product],
  )
  await stage.step(at)
  return id
}
const sent = async (at: number) => {
  stage.office.clear()
  await stage.send(at)
  return stage.office.mails
}

it('are gathered into one mail to each coordinator, which names neither them nor the advisory', async () => {
  const first = await wide('Kapka 500')
  await wide('Vlna 7', tuesday + 5 * minute)
  expect(await sent(tuesday + 6 * minute)).toEqual([])
  const mails = await sent(tuesday + gathered)
  expect(mails).toHaveLength(2)
  expect(stage.mailsTo(stage.coordinator)[0]?.subject).toContain('čekají 2 názvy výrobků')
  expect(stage.mailsTo(second)[0]?.subject).toContain('2 product names wait for your decision')
  expect(stage.mailsTo(second)[0]?.text).toContain('/matches#held')
  for (const { text, subject } of mails) expect(`${subject} ${text}`).not.toMatch(/Kapka|Vlna|Tajn/)
  // The same advisory looked at anew is no news.
  await stage.db.engine.query('update advisories set changed_at = $2 where id = $1', [
    first,
    new Date(tuesday + 2 * day),
  ])
  await stage.step(tuesday + 2 * day)
  expect(await sent(tuesday + 2 * day + gathered)).toEqual([])
})

it('that come after the mail of a day are told on the next', async () => {
  const at = tuesday + 4 * day
  await wide('Vlna 8', at)
  expect(await sent(at + gathered)).toHaveLength(2)
  expect(stage.mailsTo(second)[0]?.subject).toContain('3 product names')
  await wide('Kapka 500', at + 30 * minute)
  await wide('Vlna 8', at + 40 * minute)
  expect(await sent(at + 60 * minute)).toEqual([])
  await stage.step(at + day)
  expect(await sent(at + day + gathered)).toHaveLength(2)
  await stage.step(at + 2 * day)
  expect(await sent(at + 2 * day + gathered)).toEqual([])
})

it('that were let go meanwhile, and who coordinates no more, need no mail', async () => {
  const at = tuesday + 8 * day
  await wide('Vlna 7', at)
  await stage.db.engine.query(
    'update engagements set valid_to = to_timestamp($2 / 1000.0) where person_id = $1',
    [second.person, at + minute],
  )
  expect((await sent(at + gathered)).map(({ subject }) => subject)).toEqual([
    expect.stringContaining('názvy'),
  ])
  await wide('Vlna 7', at + day)
  const { rows } = await stage.db.engine.query<{ id: number }>(
    'select distinct advisory_id as id from match_held where released_at is null',
  )
  for (const { id } of rows) await release(stage.db, id, stage.coordinator, at + day)
  expect(await sent(at + day + gathered)).toEqual([])
})

/** What all need is no indicator: the curated services of the release, and what coordinators put on the never-list. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tuesday } from '../../../../../test/harness.ts'
import { openWriting, type Writing } from '../../../../../test/writing.ts'
import { asActor } from '../../../../platform/access.ts'
import { submit } from '../edit.ts'
import { publish } from '../publish.ts'
import { choose } from './choose.ts'
import { findIn } from './find.ts'
import { askLists, groundsOf, judge } from './judge.ts'

const refused = { fields: { indicators: 'refused' } }

describe('the never-list and the indicators of a warning', () => {
  let stage: Writing
  beforeAll(async () => {
    stage = await openWriting()
  })
  afterAll(() => stage.close())

  const take = (id: number, values: string[]) =>
    choose(stage.db, id, stage.karel, values, groundsOf(stage.context.settings), tuesday)
  const never = (value: string) =>
    stage.db.engine.query(
      `insert into blocklist_never (value, net, host, reason, added_by, added_at)
       values ($1, case when $1 ~ '^[0-9./]+$' then $1::inet end, case when $1 !~ '^[0-9./]+$' then $1 end, 'Potřebují ji všichni.', $2, $3)`,
      [value, stage.kveta.person, new Date(tuesday)],
    )

  it('do not meet: an address, what is below a name, a network around one; each says with what', async () => {
    await never('laborator.example')
    await never('203.0.113.64/29')
    const { found } = findIn([
      {
        where: 'x',
        text: '8.8.8.8 8.8.8.0/24 vzorky.laborator.example http://laborator.example/a 203.0.113.66 203.0.113.9',
      },
    ])
    const grounds = groundsOf(stage.context.settings)
    const lists = await askLists(grounds, found)
    const judged = await asActor(stage.db, stage.karel, tuesday, (tx) =>
      judge(tx, found, grounds, lists, tuesday),
    )
    expect(Object.fromEntries(judged.map((one) => [one.value, one.refusal]))).toEqual({
      '8.8.8.8': { why: 'never', by: '8.8.8.8' },
      '8.8.8.0/24': { why: 'never', by: '8.8.8.8' },
      'vzorky.laborator.example': { why: 'never', by: 'laborator.example' },
      'http://laborator.example/a': { why: 'never', by: 'laborator.example' },
      '203.0.113.66': { why: 'never', by: '203.0.113.64/29' },
      '203.0.113.9': null,
    })
    const id = await stage.written()
    for (const value of ['8.8.8.8', 'laborator.example', '203.0.113.66'])
      await expect(take(id, ['203.0.113.9', value])).rejects.toMatchObject(refused)
  })

  it('are asked again when the warning goes out', async () => {
    const id = await stage.written()
    await take(id, ['203.0.113.201'])
    await submit(stage.db, id, stage.karel, tuesday)
    await never('203.0.113.201')
    await expect(publish(stage.db, id, stage.kveta, tuesday)).rejects.toMatchObject(refused)
    await stage.db.engine.query('update blocklist_never set removed_at = now(), removed_by = $1', [
      stage.kveta.person,
    ])
    await publish(stage.db, id, stage.kveta, tuesday)
    const { rows } = await stage.db.engine.query(
      'select state, value from written_indicators where warning_id = $1',
      [id],
    )
    expect(rows).toEqual([{ state: 'confirmed', value: '203.0.113.201' }])
  })
})

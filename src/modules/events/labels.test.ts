import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf } from '../../../test/belongings.ts'
import { createDatabase, type TestDatabase, tuesday } from '../../../test/harness.ts'
import type { Context } from '../../platform/context.ts'
import { openLabeller } from './labels.ts'

const minute = 60_000

describe('warning lists on sources', () => {
  let db: TestDatabase
  let context: Context
  let stop: () => Promise<void>
  const dir = mkdtempSync(join(tmpdir(), 'hsoc-lists-'))

  const put = (entries: string[], version: number, at: number): void => {
    mkdirSync(join(dir, 'censys-scanning'), { recursive: true })
    const file = join(dir, 'censys-scanning', 'list.json')
    writeFileSync(
      file,
      JSON.stringify({
        name: 'List of known Censys scanning IP',
        type: 'cidr',
        version,
        description: 'x',
        matching_attributes: ['ip-src'],
        list: entries,
      }),
    )
    utimesSync(file, at / 1000, at / 1000)
  }
  const labels = async (): Promise<unknown[]> =>
    (
      await db.engine.query(
        `select k.text, l.version, l.until = 'infinity' as holds from key_labels l join source_keys k on k.id = l.key_id order by k.text, l.since`,
      )
    ).rows

  beforeAll(async () => {
    db = await createDatabase()
    const made = contextOf(db)
    context = { ...made.context, settings: { ...made.context.settings, listsDir: dir } }
    stop = made.stop
    await db.engine.query(
      `insert into source_keys (text, counted, kind, addr) values ('203.0.113.5', true, 'address', '203.0.113.5'), ('203.0.113.9', true, 'address', '203.0.113.9')`,
    )
  })
  afterAll(async () => {
    await stop()
    await db.drop()
    rmSync(dir, { recursive: true, force: true })
  })

  it('marks the keys that a list holds, and only once', async () => {
    put(['203.0.113.0/29'], 20260301, tuesday)
    const labeller = openLabeller(context)
    expect(await labeller.work(tuesday)).toBe(2)
    expect(await labeller.work(tuesday + 1_000)).toBe(0)
    expect(await labels()).toEqual([{ text: '203.0.113.5', version: '20260301', holds: true }])
    expect((await db.engine.query('select grp, entries from warning_lists')).rows).toMatchObject([
      { grp: 'research-scanner', entries: 1 },
    ])
  })

  it('lets a new version say otherwise from now on, without rewriting what was', async () => {
    put(['203.0.113.9'], 20260303, tuesday + 10 * minute)
    const labeller = openLabeller(context)
    await labeller.work(tuesday + 10 * minute)
    expect(await labels()).toEqual([
      { text: '203.0.113.5', version: '20260301', holds: false },
      { text: '203.0.113.9', version: '20260303', holds: true },
    ])
  })

  it('leaves no moment without labels between the old lists and the new', async () => {
    const { rows } = await db.engine.query(
      `select count(*)::int as n from key_labels where until <> 'infinity' and until not in (select since from key_labels)`,
    )
    expect(rows).toEqual([{ n: 0 }])
  })

  it('says up to which key rules know what lists say, also of sources that are no address', async () => {
    await db.engine.query(`insert into source_keys (text, counted, kind) values ('none', false, 'none')`)
    await openLabeller(context).work(tuesday + 15 * minute)
    const { rows } = await db.engine.query(
      `select name, value = to_jsonb((select max(id) from source_keys)) as last, value from settings where name in ('labelled_key', 'labelling') order by name`,
    )
    expect(rows).toMatchObject([
      { name: 'labelled_key', last: true },
      { name: 'labelling', value: true },
    ])
    await openLabeller({ ...context, settings: { ...context.settings, listsDir: null } }).work(tuesday)
    expect((await db.engine.query(`select value from settings where name = 'labelling'`)).rows).toEqual([
      { value: false },
    ])
  })

  it('is not marked again by another node that reads the same files', async () => {
    const labeller = openLabeller(context)
    expect(await labeller.work(tuesday + 20 * minute)).toBe(0)
    expect((await labels()).length).toBe(2)
  })

  it('keeps the addresses and networks of sinkholes, and from when they are known', async () => {
    const sinkholes = (list: string[], at: number): void => {
      mkdirSync(join(dir, 'sinkholes'), { recursive: true })
      const file = join(dir, 'sinkholes', 'list.json')
      const matching_attributes = ['ip-dst']
      writeFileSync(
        file,
        JSON.stringify({ name: 'Sinkholes', type: 'cidr', version: 2, matching_attributes, list }),
      )
      utimesSync(file, at / 1000, at / 1000)
    }
    const labeller = openLabeller(context)
    sinkholes(['203.0.113.128/30'], tuesday + 22 * minute)
    await labeller.work(tuesday + 22 * minute)
    sinkholes(['203.0.113.128/30', '203.0.113.200'], tuesday + 24 * minute)
    await labeller.work(tuesday + 24 * minute)
    expect(
      (await db.engine.query(`select value from settings where name = 'sinkholes'`)).rows[0]?.value,
    ).toEqual([
      { net: '203.0.113.128/30', since: tuesday + 22 * minute },
      { net: '203.0.113.200', since: tuesday + 24 * minute },
    ])
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStage, type Stage } from '../../../../test/blocklist-stage.ts'
import { asActor } from '../../../platform/access.ts'
import { asEngine } from '../../../platform/database.ts'
import { readersOf } from '../../../values/scopes.ts'
import { choose } from './own.ts'
import { usual } from './types.ts'

describe('what written warnings give to firewalls', () => {
  let stage: Stage
  let lipova: string
  let bukova: string
  let javorova: string

  beforeAll(async () => {
    stage = await openStage()
    lipova = (await stage.firewall(stage.lipova, stage.jana)).key
    bukova = (await stage.firewall(stage.bukova, stage.bara)).key
    javorova = (await stage.firewall(stage.javorova, stage.jiri)).key
    await stage.db.engine.query(
      `insert into single_duty_periods (starts_at, ends_at, reason, declared_by, declared_at) values ($1, $1::timestamptz + interval '8 hours', 'Zkušební doba', $2, $1)`,
      [new Date(stage.now), stage.karel.person],
    )
  })
  afterAll(() => stage.close())

  let made = 0
  /** A warning that is out, with indicators that somebody confirmed. */
  async function published(
    tlp: 'GREEN' | 'AMBER' | 'AMBER+STRICT' | 'RED',
    orgs: number[] | null,
    indicators: [kind: string, value: string, state?: string][],
  ): Promise<number> {
    const { engine } = stage.db
    const audience =
      orgs === null ? { kind: 'all_members' as const } : { kind: 'organisations' as const, orgs }
    const readers = readersOf(audience, tlp, null, [stage.jana.person])
    const at = new Date(stage.now)
    const { rows } = await engine.query<{ id: number }>(
      `insert into written_warnings (number, state, version, author_id, created_at, changed_at, published_at, readers, readers_after)
       values ($1, 'published', 1, $2, $3, $3, $3, $4, '{2}') returning id`,
      [`HSOC-2026-${String(++made).padStart(4, '0')}`, stage.karel.person, at, readers],
    )
    const id = rows[0]?.id as number // one row was inserted
    await engine.query(
      `insert into written_versions (warning_id, no, state, kind, severity, tlp, audience, orgs, texts, translation, rules, readers, author_id, editor_id,
         approver_id, created_at, changed_at, published_at)
       values ($1, 1, 'published', 'campaign', 2, $2, $3, $4, '{}', 'missing', '{}', $5, $6, $6, $7, $8, $8, $8)`,
      [
        id,
        tlp,
        orgs === null ? 'all_members' : 'organisations',
        orgs ?? [],
        readers,
        stage.karel.person,
        stage.jana.person,
        at,
      ],
    )
    for (const [kind, value, state = 'confirmed'] of indicators)
      await engine.query(
        `insert into written_indicators (warning_id, version, kind, value, state, tlp, readers, proposed_by, proposed_at, confirmed_by, confirmed_at, valid_until)
         values ($1, 1, $2, $3, $4, $5, $6, $7, $8, case when $4 = 'proposed' then null else $7::int end, case when $4 = 'proposed' then null else $8::timestamptz end,
           $8::timestamptz + interval '7 days')`,
        [id, kind, value, state, tlp, readers, stage.karel.person, at],
      )
    return id
  }

  it('an indicator that somebody confirmed in a published warning is listed for whoever may read it', async () => {
    await published('GREEN', null, [
      ['ip', '203.0.113.1'],
      ['ip', '203.0.113.2', 'proposed'],
      ['cve', 'CVE-2026-10001'],
      ['email', 'evil@evil.example.org'],
    ])
    await published('AMBER', [stage.lipova.id], [['ip', '203.0.113.3']])
    await published('AMBER+STRICT', [stage.lipova.id], [['ip', '203.0.113.4']])
    await published('RED', [stage.lipova.id], [['ip', '203.0.113.5']])
    await stage.work()
    expect(await stage.list(lipova)).toBe('203.0.113.1\n203.0.113.3\n')
    expect(await stage.list(bukova)).toBe('203.0.113.1\n')
  })

  it('TLP:AMBER+STRICT reaches the firewalls of an organisation that chose it, and nobody else’s', async () => {
    const wish = (org: number, sources: typeof usual.sources, by = stage.jana) =>
      asEngine(stage.db, (tx) => choose(tx, org, { ...usual, sources }, by, stage.now))
    const id = await published('AMBER+STRICT', [stage.lipova.id], [['ip', '203.0.113.40']])
    await wish(stage.bukova.id, ['warning', 'strict'], stage.bara)
    await wish(stage.lipova.id, ['strict'])
    await stage.work()
    expect(await stage.list(lipova)).toBe('203.0.113.4\n203.0.113.40\n')
    expect(await stage.list(bukova)).toBe('203.0.113.1\n')
    await wish(stage.lipova.id, ['warning', 'strict'])
    await stage.work()
    expect(await stage.list(lipova)).toBe('203.0.113.1\n203.0.113.3\n203.0.113.4\n203.0.113.40\n')
    // Revoked, it leaves at once, and what is as strict and still out stays.
    await asActor(stage.db, stage.karel, stage.now, (tx) =>
      tx.query('select revoke_written($1, $2, $3)', [id, 'Omyl.', new Date(stage.now)]),
    )
    expect(await stage.list(lipova)).toBe('203.0.113.1\n203.0.113.3\n203.0.113.4\n')
    await wish(stage.lipova.id, usual.sources)
    await stage.work()
    expect(await stage.list(lipova)).toBe('203.0.113.1\n203.0.113.3\n')
  })

  it('a hospital that never accepted the rules of sharing gets nothing of what is for all members', async () => {
    await stage.db.engine.query('update organisations set rules_accepted_at = null where id = $1', [
      stage.javorova.id,
    ])
    await stage.work()
    expect(await stage.list(javorova)).toBe('')
  })

  it('a revoked warning’s indicators leave all lists in the transaction that revokes it', async () => {
    const id = await published('GREEN', null, [['ip', '203.0.113.9']])
    await stage.work()
    expect(await stage.list(bukova)).toContain('203.0.113.9\n')
    const inside = await asActor(stage.db, stage.karel, stage.now, async (tx) => {
      await tx.query('select revoke_written($1, $2, $3)', [id, 'Omyl.', new Date(stage.now)])
      const { rows } = await tx.query(`select value from blocklist_entries where value = '203.0.113.9'`)
      return rows
    })
    expect(inside).toEqual([])
    expect(await stage.list(bukova)).toBe('203.0.113.1\n')
    const { rows } = await stage.db.engine.query(
      `select version, entries from blocklist_lists where org_id = $1 and list = 'ip'`,
      [stage.bukova.id],
    )
    expect(rows[0]?.entries).toBe(1)
    await stage.work()
    expect(await stage.list(bukova)).toBe('203.0.113.1\n')
  })

  it('what is narrowed to one hospital leaves the lists of the others at once', async () => {
    const id = await published('GREEN', null, [['ip', '203.0.113.10']])
    await stage.work()
    expect(await stage.list(bukova)).toContain('203.0.113.10\n')
    const narrow = readersOf({ kind: 'organisations', orgs: [stage.lipova.id] }, 'AMBER', null)
    await stage.db.engine.query('update written_warnings set readers = $2 where id = $1', [id, narrow])
    expect(await stage.list(bukova)).not.toContain('203.0.113.10\n')
  })

  it('one that its author takes back leaves, the others stay', async () => {
    const id = await published('GREEN', null, [
      ['ip', '203.0.113.11'],
      ['domain', 'evil.example.org'],
    ])
    await stage.work()
    await stage.db.engine.query(
      `update written_indicators set state = 'withdrawn', withdrawn_at = $2 where warning_id = $1 and kind = 'ip'`,
      [id, new Date(stage.now)],
    )
    expect(await stage.list(bukova)).not.toContain('203.0.113.11')
    expect(await stage.list(bukova, 'domain.txt')).toBe('evil.example.org\n')
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addPerson, tuesday } from '../../../test/harness.ts'
import { openPagesStage, type PagesStage, textOf } from '../../../test/warning-pages.ts'
import { draftOf } from '../../../test/writing.ts'
import { asActor, asReader } from '../../platform/access.ts'
import { writeAdvisory } from '../advisories/hand.ts'
import { addSource } from '../advisories/sources.ts'
import { openGlass } from '../trail/glass.ts'
import { create, submit } from '../warnings/written/edit.ts'
import { decidedAt, decisions, decisionsOf } from './decisions.ts'

/** What one row looks like on the page where it is decided. */
const rowOf = {
  claims: /data-href="\/addresses\/claims\/\d+/g,
  applications: /data-href="\/applications\/\d+/g,
  recoveries: /action="\/recoveries\/\d+\/confirmation"/g,
  merges: /action="\/people\/doubles\/\d+\/confirmation"/g,
  glass: /href="\/trail\/glass\/\d+"/g,
  written: /data-href="\/warnings\/written\/\d+/g,
  advisories: /data-href="\/advisories\/\d+/g,
  sources: /class="row-title"/g,
  blocklists: /<th scope="row"/g,
}

const sayings = {
  ...{
    text: 'Co se stalo',
    action: '',
    link: '',
    cves: '',
    products: '',
    severity: '',
    tlp: 'GREEN',
    base: '',
  },
}

describe('what waits for a decision', () => {
  let stage: PagesStage
  beforeAll(async () => {
    stage = await openPagesStage()
  })
  afterAll(() => stage?.close())

  const counts = (body: string): Record<string, number> =>
    Object.fromEntries(
      decisions.map((kind) => {
        const href = decidedAt[kind].replace(/[?#]/g, '\\$&')
        return [kind, Number(new RegExp(`<a href="${href}">(\\d+)</a>`).exec(body)?.[1])]
      }),
    )
  const rowsOn = async (kind: keyof typeof rowOf): Promise<number> => {
    const coordinator = await stage.as(stage.people.coordinator)
    const [path = '', place] = decidedAt[kind].split('#')
    const { body } = await coordinator.get(path)
    // The banner of an open break-glass access is on every page, above the table.
    const from = body.indexOf(place ? `id="${place}"` : '<main')
    const start = kind === 'glass' ? body.indexOf('<tbody') : from
    if (start < 0) return 0
    const end = place === undefined ? -1 : body.indexOf('<h2', body.indexOf('<h2', from) + 1)
    return (body.slice(start, end < 0 ? undefined : end).match(rowOf[kind]) ?? []).length
  }

  it('is nothing at first, and says so', async () => {
    const { body } = await (await stage.as(stage.people.coordinator)).get('/')
    expect(counts(body)).toEqual({
      claims: 0,
      applications: 0,
      recoveries: 0,
      merges: 0,
      glass: 0,
      written: 0,
      advisories: 0,
      sources: 0,
      blocklists: 0,
    })
    expect(textOf(body)).toContain('Stůl je čistý')
  })

  it('is counted as the pages list it, without what is decided, open or over', async () => {
    const { db, people, horni } = stage
    const one = await addPerson(db, 'Ida Dvojí', [['admin', horni]])
    const two = await addPerson(db, 'Ida Druhá', [['admin', horni]])
    const at = [new Date(tuesday), people.coordinator.person]
    const sql = async (text: string, ...values: unknown[]) => db.engine.query(text, [...at, ...values])
    // Two that need a coordinator, one that its claimant can prove, one that was taken back.
    await sql(
      `insert into claims (org_id, kind, value, net_from, net_to, contested, state, asked_by, asked_at, readers)
       select $3, k, v, n::inet, n::inet, c, s, $2, $1, '{2}' from (values
         ('prefix', '192.0.2.200/32', '192.0.2.200', false, 'asked'), ('domain', 'cizi.example', null, true, 'asked'),
         ('domain', 'nase.example', null, false, 'asked'), ('domain', 'byla.example', null, true, 'withdrawn')) x (k, v, n, c, s)`,
      horni.id,
    )
    await db.engine.query(
      `insert into applications (kind, state, language, organisation, org_kind, name, position, email, message, token_hash, token_until, applied_at, confirmed_at, decided_at)
       select 'organisation', s, 'cs', 'Nemocnice ' || s, 'hospital', 'x', '', s || '@people.example', '', s::bytea, $1, $1, $1,
         case when s = 'refused' then $1::timestamptz end from unnest('{applied,vetted,refused}'::text[]) s`,
      [at[0]],
    )
    await sql(
      `insert into recoveries (person_id, reason, proposed_by, proposed_at, expires_at, withdrawn_at, readers)
       values ($3, 'x', $2, $1, 'infinity', null, '{2}'), ($4, 'y', $2, $1, 'infinity', $1, '{2}')`,
      one.person,
      two.person,
    )
    await sql(
      `insert into person_merges (person_id, into_id, reason, asked_by, asker, asked_at, merged_at)
       values ($3, $4, 'x', $2, 'x', $1, null), ($4, $3, 'y', $2, 'x', $1::timestamptz - interval '1 day', $1)`,
      one.person,
      two.person,
    )
    // The stage's clock stands four hours after: one is over, the other still open.
    for (const now of [tuesday, tuesday + 4 * 3_600_000])
      await asActor(db, people.coordinator, now, (tx) =>
        openGlass(tx, { org: horni.id, reason: 'Nemocnice nebere telefon.' }, people.coordinator, now),
      )
    // One that meets the never-list, one that does not.
    await sql(
      `with i as (insert into blocklist_items (kind, value, state, first_at, seen_at, ends_at, hits, hit_at)
           values ('ip', '203.0.113.1', 'candidate', $1, $1, $1, '[]', $1), ('ip', '203.0.113.2', 'listed', $1, $1, $1, null, null) returning id)
         insert into blocklist_sources (item_id, source, ref, observers, readers, added_at, seen_at, ends_at, person_id)
         select id, 'coordinator', 0, 1, '{2}', $1, $1, $1, $2 from i`,
    )
    // One in review, one that is still being written.
    await submit(db, await create(db, people.coordinator, draftOf(), tuesday), people.coordinator, tuesday)
    await create(db, people.coordinator, draftOf(), tuesday)
    const advisory = { ...sayings, title: 'Jedno čeká' }
    await asActor(db, people.coordinator, tuesday, (tx) =>
      writeAdvisory(tx, advisory, people.coordinator, tuesday),
    )
    const source = {
      label: 'Pumpy',
      url: 'https://pumpy.example/feed',
      tlp: 'CLEAR',
      everyMinutes: '60',
      key: '',
    }
    await asActor(db, people.coordinator, tuesday, (tx) =>
      addSource(tx, { kind: 'feed', ...source }, people.coordinator, tuesday),
    )
    const { body } = await (await stage.as(people.coordinator)).get('/')
    const found = counts(body)
    for (const kind of decisions) expect([kind, found[kind]]).toEqual([kind, await rowsOn(kind)])
    expect(found).toEqual({
      claims: 2,
      applications: 2,
      recoveries: 1,
      merges: 1,
      glass: 1,
      written: 1,
      advisories: 1,
      sources: 1,
      blocklists: 1,
    })
    expect(textOf(body)).not.toContain('Stůl je čistý')
  })

  it('is nobody else’s on the home page', async () => {
    for (const who of [stage.people.admin, stage.people.operator, null])
      expect((await (await stage.as(who)).get('/')).body).not.toContain('id="decisions"')
  })

  it('is counted for nobody of another organisation, nor for operators and visitors, should they ask', async () => {
    const { db, people } = stage
    for (const who of [people.foreign, people.operator, null])
      expect(await asReader(db, who, tuesday + 4 * 3_600_000, decisionsOf)).toEqual({
        claims: 0,
        applications: 0,
        recoveries: 0,
        merges: 0,
        glass: 0,
        written: 0,
        advisories: 0,
        sources: 0,
        blocklists: 0,
      })
  })
})

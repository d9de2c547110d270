import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addHospital, addPerson, type Hospital, tuesday } from '../../../../test/harness.ts'
import { openWriting, type Writing } from '../../../../test/writing.ts'
import { type Actor, asActor } from '../../../platform/access.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { refusedPair, widerThan } from '../../../values/audience.ts'
import { tlps } from '../../../values/tlp.ts'
import { save, submit } from './edit.ts'
import { derivationOf, grantWider, makeOfWarnings, noteSources } from './from-warnings.ts'
import { choose } from './indicators/choose.ts'
import { groundsOf } from './indicators/judge.ts'
import { publish } from './publish.ts'
import { versionOf } from './read.ts'
import { revoke } from './revoke.ts'
import { audienceOf, type Draft, type Version } from './types.ts'

const minute = 60_000
const hour = 60 * minute

describe('a warning made of other warnings', () => {
  let stage: Writing
  let db: Writing['db']
  let karel: Actor
  let kveta: Actor
  let petr: Actor
  let havel: Hospital
  beforeAll(async () => {
    stage = await openWriting()
    ;({ db, karel, kveta } = stage)
    petr = await addPerson(db, 'Petr Koordinátor', [['coordinator', null]])
    havel = await addHospital(db, 'Nemocnice Havel', [])
  })
  afterAll(() => stage.close())
  beforeEach(() => stage.clear())

  const working = async (id: number, which: 'working' | 'published' = 'working'): Promise<Version> => {
    const found = await asActor(db, petr, tuesday, (tx) => versionOf(tx, id, which))
    if (!found) throw new Error('there is no such version')
    return found
  }
  const where = ({ tlp, audience, orgs, group, named }: Version) => ({ tlp, audience, orgs, group, named })
  const make = (...sources: number[]) => makeOfWarnings(db, sources, petr, tuesday)
  const write = async (id: number, more: Partial<Draft>, by = petr): Promise<void> =>
    save(db, id, by, { ...(await working(id)), translated: true, ...more }, tuesday)
  const out = async (id: number, now = tuesday): Promise<void> => {
    await submit(db, id, petr, now)
    await publish(db, id, kveta, now)
  }
  const shown = async (id: number) => {
    const version = await asActor(
      db,
      petr,
      tuesday,
      async (tx) => (await versionOf(tx, id, 'working')) ?? versionOf(tx, id, 'published'),
    )
    if (!version) throw new Error('there is no such version')
    return asActor(db, petr, tuesday, (tx) => derivationOf(tx, version))
  }
  const amberOf = (...orgs: Hospital[]): Partial<Draft> => ({
    tlp: 'AMBER',
    audience: 'organisations',
    orgs: orgs.map((one) => one.id),
  })

  it('begins with their texts, and the narrowest of their labels and audiences', async () => {
    const a = await stage.published(amberOf(stage.jihlava, stage.trest))
    const b = await stage.published({ tlp: 'GREEN', audience: 'all_members', severity: 3 })
    const id = await make(a, b, a)
    const draft = await working(id)
    expect(where(draft)).toEqual({
      ...{ tlp: 'AMBER', audience: 'organisations', group: null, named: [] },
      orgs: [stage.jihlava.id, stage.trest.id],
    })
    expect(draft).toMatchObject({ kind: 'info', severity: 3, author: petr.person, state: 'draft' })
    const numbers = draft.refs.split('\n')
    expect(numbers).toHaveLength(2)
    for (const number of numbers) expect(draft.texts.cs.happened).toContain(`${number}: Několika nemocnicím`)
    expect((await shown(id)).sources.map((one) => one.id)).toEqual([a, b].toSorted((x, y) => x - y))
    // Two whose audiences do not meet are for coordinators.
    const c = await stage.published(amberOf(havel))
    expect(where(await working(await make(a, c)))).toMatchObject({
      tlp: 'AMBER',
      audience: 'coordinators',
      orgs: [],
    })
  })

  it('is refused wherever it would be wider, until the author of the source lets it', async () => {
    const a = await stage.published(amberOf(stage.jihlava, stage.trest))
    const b = await stage.published({ tlp: 'GREEN', audience: 'all_members' })
    const id = await make(a, b)
    const green: Partial<Draft> = { tlp: 'GREEN', audience: 'all_members', orgs: [] }
    await expect(write(id, green)).rejects.toMatchObject({ fields: { tlp: 'source', audience: 'source' } })
    await expect(write(id, { orgs: [stage.jihlava.id, havel.id] })).rejects.toMatchObject({
      fields: { audience: 'source' },
    })
    await write(id, { tlp: 'AMBER+STRICT', orgs: [stage.trest.id] })

    // Nobody but the author of the source, and never for what the author writes.
    await expect(grantWider(db, a, petr, { tlp: 'GREEN', audience: 'all_members' }, tuesday)).rejects.toThrow(
      Forbidden,
    )
    await expect(
      grantWider(db, a, stage.jana, { tlp: 'GREEN', audience: 'all_members' }, tuesday),
    ).rejects.toThrow(Forbidden)
    await expect(
      asActor(db, petr, tuesday, (tx) =>
        tx.query(
          `insert into written_grants (warning_id, version, tlp, audience, granted_by, granted_at) values ($1, 1, 'GREEN', 'all_members', $2, now())`,
          [a, petr.person],
        ),
      ),
    ).rejects.toThrow(/row-level security/)
    await grantWider(db, a, karel, { tlp: 'GREEN', audience: 'all_members' }, tuesday)
    await expect(write(id, green, karel)).rejects.toThrow(Invalid)
    await write(id, green)
    // Only as wide as was said, and no wider than the other source.
    await expect(write(id, { tlp: 'CLEAR', audience: 'public', orgs: [] })).rejects.toThrow(Invalid)
    // Taken back before it is out: it holds at publishing too.
    await grantWider(db, a, karel, null, tuesday)
    await submit(db, id, petr, tuesday)
    await expect(publish(db, id, kveta, tuesday)).rejects.toMatchObject({
      fields: { tlp: 'source', audience: 'source' },
    })
    await grantWider(db, a, karel, { tlp: 'GREEN', audience: 'all_members' }, tuesday)
    await publish(db, id, kveta, tuesday)
    expect(await stage.sees(await addPerson(db, 'Hana Havlová', [['admin', havel]]), id)).toBe(true)
  })

  it('is so for what is made of it in turn, and a word for one does not lift another', async () => {
    const a = await stage.published(amberOf(stage.jihlava))
    const b = await make(a)
    await write(b, { texts: (await working(b)).texts })
    await out(b)
    const c = await makeOfWarnings(db, [b], karel, tuesday)
    // Petr wrote the one between: his word does not reach past its own source.
    await grantWider(db, b, petr, { tlp: 'GREEN', audience: 'all_members' }, tuesday)
    const draft = await working(c)
    const wide = {
      ...draft,
      tlp: 'GREEN' as const,
      audience: 'all_members' as const,
      orgs: [],
      translated: true,
    }
    await expect(save(db, c, karel, wide, tuesday)).rejects.toThrow(Invalid)
    // Nor does a word for an earlier version.
    await grantWider(db, a, karel, { tlp: 'GREEN', audience: 'all_members' }, tuesday)
    const d = await make(a)
    await stage.again(a, amberOf(stage.jihlava), tuesday + hour)
    await expect(write(d, { tlp: 'GREEN', audience: 'all_members', orgs: [] })).rejects.toThrow(Invalid)
  })

  it('has no label and audience that any pair of sources does not allow, with a word and without', async () => {
    const places: Partial<Draft>[] = [
      { audience: 'coordinators' },
      { audience: 'organisations', orgs: [stage.jihlava.id] },
      { audience: 'organisations', orgs: [stage.jihlava.id, stage.trest.id] },
      { audience: 'all_members' },
      { audience: 'public' },
    ]
    const pairs = places.flatMap((place) =>
      tlps
        .filter((tlp) => refusedPair(place.audience ?? 'public', tlp) === null)
        .map((tlp) => ({ ...place, tlp })),
    )
    const everybody = [karel, kveta, petr].map((one) => one.person)
    const ids: number[] = []
    for (const pair of pairs)
      ids.push(await stage.published({ ...pair, named: pair.tlp === 'RED' ? everybody : [] }))
    const made: number[] = []
    const some = fc.sample(
      fc.tuple(fc.nat(pairs.length - 1), fc.nat(pairs.length - 1), fc.nat(pairs.length - 1)),
      { numRuns: 25, seed: 7 },
    )
    for (const [x, y, z] of some) {
      const id = await make(ids[x] as number, ids[y] as number)
      made.push(id)
      const draft = await working(id)
      const sources = [pairs[x], pairs[y]].map((pair) => ({
        tlp: pair?.tlp ?? 'RED',
        audience: audienceOf({ audience: pair?.audience ?? 'public', orgs: pair?.orgs ?? [], group: null }),
        named: pair?.tlp === 'RED' ? everybody : null,
      }))
      for (const source of sources)
        expect(widerThan({ ...draft, audience: audienceOf(draft) }, source)).toEqual([])
      // Any other choice is taken exactly where both sources allow it.
      const other = {
        ...pairs[z],
        orgs: pairs[z]?.orgs ?? [],
        named: pairs[z]?.tlp === 'RED' ? [petr.person] : [],
      } as Draft
      const allowed = sources.every(
        (source) =>
          widerThan({ ...other, audience: audienceOf({ ...other, group: null }) }, source).length === 0,
      )
      const saved = await write(id, { ...other, group: null }).then(
        () => true,
        (error) => {
          if (
            error instanceof Invalid &&
            Object.values(error.fields).every((code) => ['source', 'outside'].includes(code))
          )
            return false
          throw error
        },
      )
      expect([pairs[x], pairs[y], pairs[z], saved]).toEqual([pairs[x], pairs[y], pairs[z], allowed])
    }
    expect(made.length).toBe(25)
  })

  it('flags its author when a source is narrowed, and is held until it fits', async () => {
    const a = await stage.published({ tlp: 'GREEN', audience: 'all_members' })
    const waiting = await make(a)
    const told = await make(a)
    await out(told)
    await stage.send(tuesday + minute)
    stage.office.clear()
    await stage.again(a, amberOf(stage.jihlava), tuesday + hour)
    await stage.send(tuesday + hour + minute)
    const subjects = stage.to(petr).map((mail) => mail.subject)
    expect(subjects.filter((one) => one?.includes('ZDROJ SE ZMĚNIL'))).toHaveLength(2)
    expect(await shown(told)).toMatchObject({ wider: true, sources: [{ id: a, news: 'newer' }] })
    await submit(db, waiting, petr, tuesday + hour)
    await expect(publish(db, waiting, kveta, tuesday + hour)).rejects.toThrow(Invalid)
    // What is out is put right by a narrower version.
    await noteSources(db, told, petr, tuesday + hour)
    await stage.again(told, amberOf(stage.jihlava), tuesday + 2 * hour)
    expect(await shown(told)).toMatchObject({ wider: false, sources: [{ news: null }] })
    await expect(noteSources(db, told, petr, tuesday + 2 * hour)).rejects.toThrow(WrongState)
  })

  it('waits for its writers when a source is revoked', async () => {
    const a = await stage.published({ tlp: 'GREEN', audience: 'all_members' })
    const id = await make(a)
    await submit(db, id, petr, tuesday)
    await revoke(db, a, karel, 'Planý poplach.', tuesday)
    await revoke(db, a, kveta, 'Planý poplach.', tuesday)
    await stage.send(tuesday + minute)
    expect(stage.to(petr).some((mail) => mail.subject?.includes('ZDROJ SE ZMĚNIL'))).toBe(true)
    await expect(publish(db, id, kveta, tuesday + hour)).rejects.toThrow(WrongState)
    expect((await shown(id)).sources).toMatchObject([{ news: 'revoked' }])
    await noteSources(db, id, petr, tuesday + hour)
    await publish(db, id, kveta, tuesday + hour)
    await expect(make(a)).rejects.toThrow(WrongState)
  })

  it('is no way around by copying an indicator by hand', async () => {
    const grounds = groundsOf(stage.context.settings)
    const take = (id: number, by: Actor, ...values: string[]) => choose(db, id, by, values, grounds, tuesday)
    const a = await stage.written(amberOf(stage.jihlava))
    await take(a, karel, 'evil.example', 'CVE-2026-1234')
    await submit(db, a, karel, tuesday)
    await publish(db, a, kveta, tuesday)
    const copied = await stage.written({ tlp: 'GREEN', audience: 'all_members' })
    await take(copied, karel, 'evil.example')
    await submit(db, copied, karel, tuesday)
    await expect(publish(db, copied, kveta, tuesday)).rejects.toMatchObject({ fields: { tlp: 'source' } })
    // What everybody may know, or several know of, came from nobody alone.
    const free = await stage.written({ tlp: 'GREEN', audience: 'all_members' })
    await take(free, karel, 'CVE-2026-1234', 'other.example')
    await submit(db, free, karel, tuesday)
    await publish(db, free, kveta, tuesday)
    const second = await stage.written(amberOf(stage.trest))
    await take(second, karel, 'evil.example')
    await expect(
      save(db, second, karel, { ...(await working(second)), translated: true }, tuesday),
    ).rejects.toThrow(Invalid)
    // Indicators that go out have the readers of their version, never more.
    const { rows } = await db.engine.query(
      `select 1 from written_indicators i join written_versions v on v.warning_id = i.warning_id and v.no = i.version where i.readers <> v.readers or i.tlp <> v.tlp`,
    )
    expect(rows).toEqual([])
  })

  it('is made by coordinators of what they see, and of what is out', async () => {
    const a = await stage.published({ tlp: 'GREEN', audience: 'all_members' })
    await expect(makeOfWarnings(db, [a], stage.jana, tuesday)).rejects.toThrow(Forbidden)
    await expect(make()).rejects.toThrow(Invalid)
    await expect(make(...Array.from({ length: 21 }, (_, i) => i + 1))).rejects.toThrow(Invalid)
    await expect(make(999_999)).rejects.toThrow(NotFound)
    await expect(make(await stage.written())).rejects.toThrow(WrongState)
    const red = await stage.published({
      ...amberOf(stage.jihlava),
      tlp: 'RED',
      named: [stage.jana.person, kveta.person],
    })
    await expect(make(red)).rejects.toThrow(NotFound)
    const { rows } = await asActor(db, stage.jana, tuesday, (tx) =>
      tx.query('select * from inputs_of_written($1, $2)', [a, [a]]),
    )
    expect(rows).toEqual([])
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addHospital, addPerson, type Hospital, tuesday } from '../../../../test/harness.ts'
import { openWriting, type Writing } from '../../../../test/writing.ts'
import { type Actor, asActor } from '../../../platform/access.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { type Passing, passingOrgs, passingsOf, passOn, takeBack, targetOf } from './passing.ts'
import { expire, revoke } from './revoke.ts'
import type { Draft } from './types.ts'

const minute = 60_000
const hour = 60 * minute

describe('a warning that is passed on', () => {
  let stage: Writing
  let db: Writing['db']
  let jana: Actor
  let supplier: Hospital
  let sona: Actor
  let strangers: Hospital
  beforeAll(async () => {
    stage = await openWriting()
    ;({ db, jana } = stage)
    supplier = await outside('Servis Přístrojů')
    strangers = await outside('Cizí Dodavatel')
    sona = await addPerson(db, 'Soňa Servisní', [['admin', supplier]])
    await addPerson(db, 'Cyril Cizí', [['admin', strangers]])
  })
  afterAll(() => stage.close())
  beforeEach(() => stage.clear())

  const outside = async (name: string): Promise<Hospital> => {
    const made = await addHospital(db, name, [])
    await db.engine.query(
      `update organisations set status = 'follower', rules_accepted_at = null where id = $1`,
      [made.id],
    )
    return made
  }
  const given = (more: object = {}) => ({
    org: stage.jihlava.id,
    to: 'servis přístrojů',
    relation: 'supplier',
    need: 'Spravuje nám poštovní bránu.',
    ...more,
  })
  const pass = (id: number, by = jana, more: object = {}, now = tuesday) =>
    passOn(db, id, by, given(more), now)
  const list = (id: number, by: Actor): Promise<Passing[]> =>
    asActor(db, by, tuesday + hour, (tx) => passingsOf(tx, id))
  const amber = (more: Partial<Draft> = {}) =>
    stage.published({
      tlp: 'AMBER',
      audience: 'organisations',
      orgs: [stage.jihlava.id],
      severity: 3,
      ...more,
    })

  it('opens for the people of the supplier, comes to them by mail, and stands on record', async () => {
    const id = await amber()
    expect(await stage.sees(sona, id)).toBe(false)
    const target = await asActor(db, jana, tuesday, (tx) =>
      targetOf(tx, id, stage.jihlava.id, 'Servis Přístrojů'),
    )
    expect(target).toEqual({ id: supplier.id, name: supplier.name, people: 1, roles: ['admin'] })
    await pass(id)
    expect(await stage.sees(sona, id)).toBe(true)
    await stage.send(tuesday + minute)
    const [mail] = stage.to(sona)
    expect(mail?.subject).toContain('[TLP:AMBER] HSOC-2026-')
    expect(mail?.text).toContain('pro kterého pracujete')
    expect(mail?.text).not.toContain('faktura.zip')
    const [seen] = await list(id, stage.karel)
    expect(seen).toMatchObject({
      orgName: stage.jihlava.name,
      toName: supplier.name,
      need: 'Spravuje nám poštovní bránu.',
      passedBy: jana.name,
      people: 1,
      mine: false,
    })
    expect(await list(id, jana)).toEqual([seen])
    // The receiver knows from whom, and neither why nor who.
    expect((await list(id, sona))[0]).toMatchObject({ mine: true, need: '', passedBy: null })
    const { rows: trail } = await asActor(db, stage.karel, tuesday, (tx) =>
      tx.query(`select verb, detail from audit where object = $1 and verb = 'warnings.passOn'`, [
        `written warning ${id}`,
      ]),
    )
    expect(trail).toEqual([{ verb: 'warnings.passOn', detail: { receiver: supplier.name, people: 1 } }])
    await expect(pass(id)).rejects.toThrow(WrongState)
  })

  it('may be so under AMBER, GREEN and CLEAR alone', async () => {
    const org = { audience: 'organisations' as const, orgs: [stage.jihlava.id] }
    for (const tlp of ['AMBER', 'GREEN', 'CLEAR'] as const) {
      const id = await stage.published({ tlp, ...org })
      await pass(id)
      expect([tlp, await stage.sees(sona, id)]).toEqual([tlp, true])
    }
    const strict = await stage.published({ tlp: 'AMBER+STRICT', ...org })
    await expect(pass(strict)).rejects.toThrow(Forbidden)
    const red = await stage.published({
      tlp: 'RED',
      ...org,
      named: [jana.person, stage.kveta.person, stage.karel.person],
    })
    await expect(pass(red)).rejects.toThrow(Forbidden)
    await expect(pass(await stage.published({ tlp: 'CLEAR', audience: 'public' }))).rejects.toThrow(Forbidden)
    // Nor past the verbs.
    for (const id of [strict, red]) {
      const { rows } = await asActor(db, jana, tuesday, (tx) =>
        tx.query(`select pass_written_on($1, $2, 'Servis Přístrojů', 'supplier', 'x', now()) as made`, [
          id,
          stage.jihlava.id,
        ]),
      )
      expect(rows).toEqual([{ made: null }])
    }
  })

  it('is passed on by those who act for an organisation of its audience, and by nobody else', async () => {
    const id = await amber()
    const manager = await addPerson(db, 'Radka Ředitelka', [['manager', stage.jihlava]])
    await expect(pass(id, manager)).rejects.toThrow(Forbidden)
    await expect(pass(id, stage.karel)).rejects.toThrow(Forbidden)
    await expect(pass(id, stage.tomas, { org: stage.trest.id })).rejects.toThrow(NotFound)
    await expect(pass(id, jana, { org: stage.trest.id })).rejects.toThrow(Forbidden)
    await pass(id)
    // Who got it so passes it on to nobody.
    await expect(pass(id, sona, { org: supplier.id, to: 'Cizí Dodavatel' })).rejects.toThrow(Forbidden)
    await expect(
      asActor(db, null, tuesday, (tx) => passingOrgs(tx, id, { ...jana, engagements: [] })),
    ).resolves.toEqual([])
    for (const who of [manager, stage.karel, sona])
      expect(await asActor(db, who, tuesday, (tx) => passingOrgs(tx, id, who))).toEqual([])
  })

  it('names the receiver exactly, and lists nothing', async () => {
    const id = await stage.published()
    const empty = await outside('Prázdná Firma')
    for (const [to, why] of [
      ['Servis', 'unknown'],
      ['%', 'unknown'],
      ['', 'unknown'],
      ['x'.repeat(300), 'unknown'],
      [empty.name, 'nobody'],
      [stage.trest.name, 'own'],
      [stage.jihlava.name, 'own'],
    ])
      await expect(pass(id, jana, { to })).rejects.toMatchObject({ fields: { to: why } })
    for (const more of [{ need: ' ' }, { need: 'x'.repeat(1_001) }, { relation: 'friend' }, { to: 7 }])
      await expect(pass(id, jana, more)).rejects.toThrow(Invalid)
    // A stranger to the warning learns of no organisation by asking.
    const { rows } = await asActor(db, sona, tuesday, (tx) =>
      tx.query(`select * from passing_target($1, $2, 'Cizí Dodavatel')`, [id, supplier.id]),
    )
    expect(rows).toEqual([])
  })

  it('is taken back by who passed it on or a coordinator, and the receiver is told', async () => {
    const id = await amber()
    const { id: passing } = await pass(id)
    await stage.send(tuesday + minute)
    for (const who of [sona, stage.tomas])
      await expect(takeBack(db, passing, who, tuesday)).rejects.toThrow(NotFound)
    await takeBack(db, passing, jana, tuesday + hour)
    expect(await stage.sees(sona, id)).toBe(false)
    await stage.send(tuesday + hour + minute)
    expect(stage.to(sona).at(-1)?.text).toContain('už není určeno vám')
    await expect(takeBack(db, passing, jana, tuesday + hour)).rejects.toThrow(WrongState)
    const again = await pass(id, jana, {}, tuesday + 2 * hour)
    expect(await stage.sees(sona, id)).toBe(true)
    await takeBack(db, again.id, stage.karel, tuesday + 3 * hour)
    expect(await stage.sees(sona, id)).toBe(false)
    expect((await list(id, jana)).map((row) => row.endReason)).toEqual(['withdrawn', 'withdrawn'])
  })

  it('goes on with a new version, ends with a narrower one, and with the revocation', async () => {
    const id = await stage.published({ tlp: 'GREEN', severity: 3 })
    await pass(id)
    await stage.send(tuesday + minute)
    await stage.again(id, { tlp: 'AMBER', severity: 3 }, tuesday + hour)
    await stage.send(tuesday + hour + minute)
    expect(await stage.sees(sona, id)).toBe(true)
    expect(stage.to(sona)).toHaveLength(2)
    expect(stage.to(sona).at(-1)?.subject).toContain('[TLP:AMBER]')
    await stage.again(id, { tlp: 'AMBER+STRICT', severity: 3 }, tuesday + 2 * hour)
    await stage.send(tuesday + 2 * hour + minute)
    expect(await stage.sees(sona, id)).toBe(false)
    expect(await stage.sees(jana, id)).toBe(true)
    expect(stage.to(sona).at(-1)?.text).toContain('už není určeno vám')
    expect((await list(id, jana)).map((row) => row.endReason)).toEqual(['narrowed'])

    const other = await amber()
    await pass(other)
    await stage.send(tuesday + 3 * hour)
    await revoke(db, other, stage.karel, 'Planý poplach.', tuesday + 4 * hour)
    await revoke(db, other, stage.kveta, 'Planý poplach.', tuesday + 4 * hour)
    await stage.send(tuesday + 4 * hour + minute)
    expect(await stage.sees(sona, other)).toBe(false)
    expect(stage.to(sona).at(-1)?.text).toContain('odvolali')
  })

  it('ends with a version that no longer reaches the organisation, but not for whom another passed it to', async () => {
    const both = [stage.jihlava.id, stage.trest.id]
    const id = await amber({ orgs: both })
    await pass(id)
    await pass(id, stage.tomas, { org: stage.trest.id })
    await stage.again(id, { tlp: 'AMBER', audience: 'organisations', orgs: [stage.trest.id] }, tuesday + hour)
    expect(await stage.sees(sona, id)).toBe(true)
    expect((await list(id, stage.karel)).map((row) => [row.org, row.endReason])).toEqual([
      [stage.trest.id, null],
      [stage.jihlava.id, 'narrowed'],
    ])
    await stage.again(id, { tlp: 'AMBER', audience: 'coordinators' }, tuesday + 2 * hour)
    expect(await stage.sees(sona, id)).toBe(false)
  })

  it('is over when its time is, when the person leaves the supplier, and while the member is none', async () => {
    const id = await amber({ validUntil: tuesday + hour })
    await pass(id)
    expect(await stage.sees(sona, id, tuesday + 2 * hour)).toBe(false)
    await expire(db, tuesday + 2 * hour)
    expect(await stage.sees(sona, id)).toBe(false)

    const other = await amber()
    await pass(other)
    await db.engine.query(`update organisations set status = 'follower' where id = $1`, [stage.jihlava.id])
    expect(await stage.sees(sona, other)).toBe(false)
    await db.engine.query(`update organisations set status = 'participant' where id = $1`, [stage.jihlava.id])
    expect(await stage.sees(sona, other)).toBe(true)
    expect(await stage.sees({ ...sona, engagements: [] }, other)).toBe(false)
  })

  it('stays in a group: by whoever has a seat in it', async () => {
    const { rows } = await db.engine.query<{ id: number }>(
      `insert into groups (slug, name, purpose_cs, joining, tlp_max, created_at, changed_at)
       values ('zkouska', 'Zkouška', 'x', 'closed', 'AMBER', $1, $1) returning id`,
      [new Date(tuesday)],
    )
    const group = rows[0]?.id as number
    await db.engine.query(
      `insert into seats (group_id, person_id, org_id, way, state, reason, given_by, since, ends_at)
       values ($1, $2, $3, 'manual', 'held', 'x', $2, $4::timestamptz - interval '1 day', $4::timestamptz + interval '100 days')`,
      [group, jana.person, stage.jihlava.id, new Date(tuesday)],
    )
    const id = await stage.published({ tlp: 'AMBER', audience: 'group', group })
    const colleague = await addPerson(db, 'Karla Kolegyně', [['admin', stage.jihlava]])
    await expect(pass(id, colleague)).rejects.toThrow(NotFound)
    await pass(id)
    expect(await stage.sees(sona, id)).toBe(true)
    // Who may not know of the warning does not know of its being passed on either.
    expect(await list(id, colleague)).toEqual([])
    const { rows: trail } = await asActor(db, colleague, tuesday, (tx) =>
      tx.query(`select 1 from audit where verb = 'warnings.passOn' and object = $1`, [
        `written warning ${id}`,
      ]),
    )
    expect(trail).toEqual([])
  })
})

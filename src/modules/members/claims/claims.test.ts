import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { contextOf } from '../../../../test/belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from '../../../../test/harness.ts'
import { type Actor, asActor } from '../../../platform/access.ts'
import { asEngine } from '../../../platform/database.ts'
import { Invalid } from '../../../platform/errors.ts'
import { parseNet } from '../../../values/address.ts'
import { type Known, openKnown } from '../../events/known.ts'
import { claimsStanding, loadRegister } from '../index.ts'
import { type Asked, ask, withdraw } from './ask.ts'
import { answer, type Decision, decide } from './decide.ts'
import { accept, type Delegation, delegate } from './delegate.ts'
import { end } from './end.ts'
import { claimShown, heldAt, listClaims } from './queries.ts'

const day = 86_400_000

describe('claims of addresses', () => {
  let db: TestDatabase
  const now = { ms: tuesday }
  let horni: Hospital
  let dolni: Hospital
  let kraj: Hospital
  let radka: Actor
  let adam: Actor
  let petra: Actor
  let cyril: Actor
  let karel: Actor
  let coordinator: Actor
  let operator: Actor
  const nodes: { known: Known; stop(): Promise<void> }[] = []
  beforeAll(async () => {
    db = await createDatabase()
    horni = await addHospital(db, 'Nemocnice Horní Výmysl', [])
    dolni = await addHospital(db, 'Nemocnice Dolní Smyšlenka', ['198.51.100.0/25'], {
      domains: ['dolni-smyslenka.example'],
    })
    kraj = await addHospital(db, 'Kraj Smyšlený', ['203.0.113.0/24'])
    radka = await addPerson(db, 'Radka Zástupkyně', [['representative', horni]])
    adam = await addPerson(db, 'Adam Správce', [['admin', horni]])
    petra = await addPerson(db, 'Petra Pověřenkyně', [
      ['dpo', horni],
      ['duty', horni],
      ['security_manager', horni],
      ['manager', horni],
    ])
    cyril = await addPerson(db, 'Cyril Cizí', [['admin', dolni]])
    karel = await addPerson(db, 'Karel Krajský', [['representative', kraj]])
    coordinator = await addPerson(db, 'Klára Koordinátorka', [['coordinator', null]])
    operator = await addPerson(db, 'Oto Provozovatel', [['operator', null]])
    for (const _ of [1, 2]) {
      const { context, stop } = contextOf(db, () => now.ms)
      nodes.push({ known: openKnown(context), stop })
    }
    await vi.waitFor(() => expect(nodes.every(({ known }) => known.ready())).toBe(true))
  })
  afterAll(async () => {
    for (const { known, stop } of nodes) {
      known.close()
      await stop()
    }
    await db.drop()
  })

  const claim = async (values: string, by: Actor = adam, more: Partial<Asked> = {}): Promise<number> => {
    const org = by.engagements[0]?.org ?? horni.id
    const ids = await asEngine(db, (tx) => ask(tx, { org, values, until: '', note: '', ...more }, by, now.ms))
    return ids[0] as number
  }
  const judge = (id: number, more: Partial<Decision> = {}, by: Actor = coordinator) =>
    asEngine(db, (tx) => decide(tx, id, { accept: true, reason: 'Ověřeno telefonem.', ...more }, by, now.ms))
  const shown = (id: number, by: Actor) => asActor(db, by, now.ms, (tx) => claimShown(tx, id))
  const held = (org: Hospital, by: Actor, at = now.ms) =>
    asActor(db, by, now.ms, async (tx) => (await heldAt(tx, org.id, at)).map(({ value }) => value))
  const recordOf = async (org: Hospital, value: string): Promise<string> =>
    (await asActor(db, coordinator, now.ms, (tx) => heldAt(tx, org.id, now.ms))).find(
      (one) => one.value === value,
    )?.held ?? ''
  const finish = (record: string, by: Actor, reason = 'Přešlo na jiného poskytovatele.') =>
    asEngine(db, (tx) => end(tx, record, reason, by, now.ms))
  const owners = async (address: string, at = now.ms): Promise<number[]> => {
    const register = await loadRegister(db.engine)
    const net = parseNet(address)
    return net ? register.ownersOf(net, at).map(({ org }) => org) : []
  }

  it('are made by the representative and the administrators of an organisation, and by coordinators; by nobody else', async () => {
    await withdrawAll()
    for (const by of [radka, adam, coordinator]) {
      const id = await claim('192.0.2.0/26', by, { org: horni.id })
      expect((await shown(id, by)).state).toBe('asked')
      await asEngine(db, (tx) => withdraw(tx, id, by, now.ms))
    }
    await expect(claim('192.0.2.0/26', petra)).rejects.toThrow(/by the representative/)
    for (const by of [cyril, operator])
      await expect(claim('192.0.2.0/26', by, { org: horni.id })).rejects.toThrow(/no such organisation/)
    // The serving role of the pages can write nothing at all.
    for (const sql of [
      `insert into claims (org_id, kind, value, contested, asked_at, readers) values (${horni.id}, 'domain', 'x.example', false, now(), '{2}')`,
      `update claims set state = 'proved'`,
      `update claim_holders set answer = 'consents'`,
      'select code_hash from claim_codes',
    ])
      await expect(asActor(db, radka, now.ms, (tx) => tx.query(sql))).rejects.toThrow(/permission denied/)
  })

  const withdrawAll = () => db.engine.query(`update claims set state = 'withdrawn' where state = 'asked'`)

  it('name what cannot be claimed and why, and then claim nothing', async () => {
    await db.engine.query('insert into domains (org_id, domain) values ($1, $2)', [
      horni.id,
      'drzime.example',
    ])
    await claim('otevreny.example')
    const typed =
      '10.0.0.0/8 192.0.2.1/24 127.0.0.1 nic 999.1.1.1 AS0 AS64512 drzime.example otevreny.example spravne.example'
    const refused = await claim(typed, adam, { until: '1. 1. 2020', note: 'x'.repeat(1_001) }).catch(
      (error) => error,
    )
    expect(refused).toBeInstanceOf(Invalid)
    expect(refused.fields).toEqual({
      'value:10.0.0.0/8': 'private',
      'value:192.0.2.1/24': 'hostBits',
      'value:127.0.0.1': 'special',
      'value:nic': 'domain',
      'value:999.1.1.1': 'address',
      'value:AS0': 'as',
      'value:AS64512': 'private',
      'value:drzime.example': 'held',
      'value:otevreny.example': 'open',
      until: 'until',
      note: 'note',
    })
    const { rowCount } = await db.engine.query(`select 1 from claims where value = 'spravne.example'`)
    expect(rowCount).toBe(0)
    for (const [values, fault] of [
      ['', 'none'],
      [' ,;\n ', 'none'],
      [Array.from({ length: 101 }, (_, n) => `n${n}.example`).join(' '), 'many'],
    ] as const)
      await expect(claim(values)).rejects.toMatchObject({ fields: { 'value:': fault } })
  })

  it('become a record on every node within a second when a coordinator accepts them, and are replayed as of any moment', async () => {
    const id = await claim('192.0.2.0/25', radka, { until: '31. 12. 2026', note: 'Nová budova' })
    const net = parseNet('192.0.2.7')
    if (!net) throw new Error('no address')
    expect(nodes.map(({ known }) => known.register().ownersOf(net, now.ms))).toEqual([[], []])
    now.ms += 3_600_000
    await judge(id)
    for (const { known } of nodes)
      await vi.waitFor(
        () =>
          expect(
            known
              .register()
              .ownersOf(net, now.ms)
              .map(({ org }) => org),
          ).toEqual([horni.id]),
        { timeout: 1_000, interval: 20 },
      )
    expect(await shown(id, radka)).toMatchObject({
      state: 'proved',
      proof: 'coordinator',
      reason: 'Ověřeno telefonem.',
      effectiveAt: now.ms,
      contested: false,
    })
    const accepted = now.ms
    now.ms += 10 * day
    const record = await recordOf(horni, '192.0.2.0/25')
    await expect(finish(record, cyril)).rejects.toThrow(/no such organisation/)
    await expect(finish(record, petra)).rejects.toThrow(/by the representative/)
    await expect(finish(record, radka, '  ')).rejects.toThrow(/reason/)
    await finish(record, radka)
    await expect(finish(record, radka)).rejects.toThrow(/over already/)
    for (const { known } of nodes)
      await vi.waitFor(() => expect(known.register().ownersOf(net, now.ms)).toEqual([]), {
        timeout: 1_000,
        interval: 20,
      })
    expect((await shown(id, radka)).state).toBe('ended')
    expect(await owners('192.0.2.7', accepted - 1)).toEqual([])
    expect(await owners('192.0.2.7', accepted)).toEqual([horni.id])
    expect(await owners('192.0.2.7', now.ms - 1)).toEqual([horni.id])
    expect(await owners('192.0.2.7', now.ms)).toEqual([])
    expect(await held(horni, radka, accepted)).toContain('192.0.2.0/25')
    expect(await held(horni, radka)).not.toContain('192.0.2.0/25')
    expect(await held(horni, cyril, accepted)).toEqual([])
  })

  it('end by themselves after their last day', async () => {
    const id = await claim('192.0.2.128/26', radka, { until: '2026-04-01' })
    await judge(id)
    expect(await owners('192.0.2.129')).toEqual([horni.id])
    const later = Date.UTC(2026, 3, 1, 22)
    expect(await owners('192.0.2.129', later - 1)).toEqual([horni.id])
    expect(await owners('192.0.2.129', later)).toEqual([])
    expect(await asActor(db, radka, later, (tx) => claimShown(tx, id))).toMatchObject({ state: 'ended' })
  })

  it('of what another holds wait for a coordinator, and both sides see it', async () => {
    for (const [value, relation] of [
      ['198.51.100.0/25', 'same'],
      ['198.51.100.64/26', 'inside'],
      ['198.51.100.0/24', 'around'],
      ['198.51.100.100-198.51.100.140', 'crossing'],
      ['dolni-smyslenka.example', 'same'],
      ['ambulance.dolni-smyslenka.example', 'inside'],
      ['dolní-smyšlenka.example', 'alike'],
      ['dolni-smys1enka.example', 'alike'],
      // The second letter is Cyrillic.
      ['dоlni-smyslenka.example', 'alike'],
    ] as const) {
      const id = await claim(value)
      expect([value, await shown(id, cyril)]).toMatchObject([
        value,
        {
          contested: true,
          organisation: horni.name,
          holders: [{ organisation: dolni.name, relation, answer: null }],
        },
      ])
      // The claimant learns that somebody holds it, and who that is when they speak.
      expect(await shown(id, adam)).toMatchObject({ contested: true, holders: [] })
      await expect(shown(id, karel)).rejects.toThrow(/no such claim/)
      await asEngine(db, (tx) => withdraw(tx, id, adam, now.ms))
    }
  })

  it('are answered by the holder, which decides nothing, and decided with a reason that both read', async () => {
    const id = await claim('198.51.100.64/26')
    const say = (by: Actor, more: object = {}) =>
      asEngine(db, (tx) =>
        answer(tx, id, { org: dolni.id, answer: 'objects', note: 'Adresy jsou naše.', ...more }, by, now.ms),
      )
    await expect(say(karel)).rejects.toThrow(/no such claim/)
    await expect(say(adam)).rejects.toThrow(/no such organisation/)
    await expect(say(adam, { org: horni.id })).rejects.toThrow(/holds nothing/)
    await expect(say(cyril, { note: '' })).rejects.toThrow(/why/)
    await say(cyril)
    expect((await shown(id, adam)).holders).toMatchObject([
      { organisation: dolni.name, answer: 'objects', note: 'Adresy jsou naše.', values: [] },
    ])
    expect((await shown(id, cyril)).holders[0]?.values).toEqual(['198.51.100.0/25'])
    await say(cyril, { answer: 'consents', note: '' })
    expect(await owners('198.51.100.70')).toEqual([dolni.id])
    for (const by of [adam, radka, cyril]) await expect(judge(id, {}, by)).rejects.toThrow(/by a coordinator/)
    await expect(judge(id, { reason: ' ' })).rejects.toThrow(/reason/)
    await judge(id)
    await expect(judge(id, { accept: false })).rejects.toThrow(/decided/)
    await expect(say(cyril)).rejects.toThrow(/decided/)
    expect(await owners('198.51.100.70')).toEqual([horni.id])
    expect(await owners('198.51.100.1')).toEqual([dolni.id])
    for (const by of [adam, cyril])
      expect(await shown(id, by)).toMatchObject({ state: 'proved', reason: 'Ověřeno telefonem.' })
    const trail = (by: Actor) =>
      asActor(db, by, now.ms, async (tx) =>
        (
          await tx.query<{ verb: string }>('select verb from audit where object = $1 order by id', [
            `claim ${id}`,
          ])
        ).rows.map(({ verb }) => verb.replace('members.', '')),
      )
    expect(await trail(adam)).toEqual(['claim', 'accept-claim'])
    expect(await trail(cyril)).toEqual(['answer-claim', 'answer-claim', 'accept-claim'])
    expect(await trail(karel)).toEqual([])
  })

  it('refused by a coordinator change nothing', async () => {
    const id = await claim('198.51.100.0/26')
    await judge(id, { accept: false, reason: 'Drží Dolní Smyšlenka.' })
    expect(await owners('198.51.100.1')).toEqual([dolni.id])
    for (const by of [adam, cyril])
      expect(await shown(id, by)).toMatchObject({ state: 'refused', reason: 'Drží Dolní Smyšlenka.' })
    expect((await shown(id, adam)).holders).toMatchObject([{ organisation: dolni.name }])
    await expect(asEngine(db, (tx) => withdraw(tx, id, adam, now.ms))).rejects.toThrow(/decided/)
  })

  it('of two for the same are one held and one contested, whoever comes first', async () => {
    const first = await claim('oba.example')
    const second = await claim('oba.example', cyril)
    expect([(await shown(first, adam)).contested, (await shown(second, cyril)).contested]).toEqual([
      false,
      false,
    ])
    await judge(first)
    expect(await shown(second, adam)).toMatchObject({
      contested: true,
      holders: [{ organisation: horni.name }],
    })
    expect((await shown(second, cyril)).contested).toBe(true)
    await judge(second)
    const register = await loadRegister(db.engine)
    expect(register.ownersOfHost('www.oba.example', now.ms).sort()).toEqual([horni.id, dolni.id].sort())
  })

  it('are let by the holder of a wider range to another, who accepts, until a day', async () => {
    const offer = (more: Partial<Delegation> = {}, by: Actor = karel) =>
      asEngine(db, (tx) =>
        delegate(
          tx,
          {
            org: kraj.id,
            value: '203.0.113.64/26',
            to: 'nemocnice horní výmysl',
            until: '30. 6. 2026',
            shown: true,
            note: '',
            ...more,
          },
          by,
          now.ms,
        ),
      )
    for (const [more, fields] of [
      [{ value: '203.0.113.0/24' }, { value: 'notInside' }],
      [{ value: '198.51.100.0/26' }, { value: 'notInside' }],
      [{ value: 'x.example' }, { value: 'address' }],
      [{ value: '203.0.113.0/26 203.0.113.64/26' }, { value: 'address' }],
      [{ to: 'Nikdo' }, { to: 'none' }],
      [{ to: kraj.name }, { to: 'self' }],
      [{ until: '' }, { until: 'untilNeeded' }],
      [{ until: '2020-01-01' }, { until: 'until' }],
    ] as [Partial<Delegation>, object][])
      await expect(offer(more)).rejects.toMatchObject({ fields })
    await expect(offer({}, cyril)).rejects.toThrow(/no such organisation/)
    const id = await offer()
    await expect(offer()).rejects.toThrow(/open claim/)
    expect(await shown(id, adam)).toMatchObject({ delegator: kraj.name, contested: false, proof: null })
    const take = (by: Actor) => asEngine(db, (tx) => accept(tx, id, by, now.ms))
    await expect(take(karel)).rejects.toThrow(/accept for their organisation/)
    await expect(take(cyril)).rejects.toThrow(/no such claim/)
    expect(await take(adam)).toBe('proved')
    await expect(take(adam)).rejects.toThrow(/decided/)
    const register = await loadRegister(db.engine)
    const net = parseNet('203.0.113.65')
    expect(net && register.ownersOf(net, now.ms)).toMatchObject([
      { org: horni.id, role: 'delegated', parents: [kraj.id] },
    ])
    expect(await owners('203.0.113.1')).toEqual([kraj.id])
    expect(await owners('203.0.113.65', Date.UTC(2026, 5, 30, 22))).toEqual([kraj.id])
    // Whoever let it takes it back.
    await finish(await recordOf(horni, '203.0.113.64/26'), karel)
    expect(await owners('203.0.113.65')).toEqual([kraj.id])
    expect(await shown(id, adam)).toMatchObject({ state: 'ended', reason: 'Přešlo na jiného poskytovatele.' })
  })

  it('are not let where a third holds a part: a coordinator decides', async () => {
    const inner = await claim('203.0.113.128/27', cyril)
    await judge(inner)
    const id = await asEngine(db, (tx) =>
      delegate(
        tx,
        {
          org: kraj.id,
          value: '203.0.113.128/26',
          to: String(horni.id),
          until: '2026-06-30',
          shown: false,
          note: '',
        },
        karel,
        now.ms,
      ),
    )
    expect(await asEngine(db, (tx) => accept(tx, id, adam, now.ms))).toBe('contested')
    expect(await owners('203.0.113.160')).toEqual([kraj.id])
    expect(await shown(id, cyril)).toMatchObject({
      holders: [{ organisation: dolni.name, relation: 'around' }],
    })
    await judge(id)
    expect(await owners('203.0.113.190')).toEqual([horni.id])
    expect(await owners('203.0.113.130')).toEqual([dolni.id])
  })

  it('are listed and counted for whom they concern', async () => {
    await withdrawAll()
    const own = await claim('pocitana.example')
    const touching = await claim('198.51.100.32/27')
    const list = (by: Actor, filter: Partial<Parameters<typeof listClaims>[1]>) =>
      asActor(db, by, now.ms, async (tx) =>
        (await listClaims(tx, { open: true, ...filter })).map(({ id }) => id),
      )
    expect(await list(adam, { orgs: [horni.id] })).toEqual([touching, own])
    expect(await list(cyril, {})).toEqual([touching])
    expect(await list(cyril, { touching: [dolni.id] })).toEqual([touching])
    expect(await list(coordinator, { before: touching })).toEqual([own])
    expect(await list(operator, {})).toEqual([])
    expect(await asActor(db, adam, now.ms, (tx) => claimsStanding(tx, horni.id))).toEqual({
      held: (await held(horni, adam)).length,
      open: 2,
    })
    expect(await asActor(db, cyril, now.ms, (tx) => claimsStanding(tx, horni.id))).toEqual({
      held: 0,
      open: 1,
    })
    const touched = await asActor(db, cyril, now.ms, (tx) => heldAt(tx, dolni.id, now.ms))
    expect(touched.filter((one) => one.claimed).map(({ value }) => value)).toEqual(['198.51.100.0/25'])
  })
})

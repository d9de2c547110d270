import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClaimStage, openClaimStage } from '../../../../test/claim-stage.ts'
import { type Actor, asActor } from '../../../platform/access.ts'
import { asEngine } from '../../../platform/database.ts'
import { parseNet } from '../../../values/address.ts'
import { loadRegister } from '../register.ts'
import { withdraw } from './ask.ts'
import { answer } from './decide.ts'
import { accept, type Delegation, delegate } from './delegate.ts'

describe('claims between organisations', () => {
  let on: ClaimStage
  beforeAll(async () => {
    on = await openClaimStage()
  })
  afterAll(() => on.db.drop())

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
      const id = await on.claim(value)
      expect([value, await on.shown(id, on.cyril)]).toMatchObject([
        value,
        {
          contested: true,
          organisation: on.horni.name,
          holders: [{ organisation: on.dolni.name, relation, answer: null }],
        },
      ])
      // The claimant learns that somebody holds it, and who that is when they speak.
      expect(await on.shown(id, on.adam)).toMatchObject({ contested: true, holders: [] })
      await expect(on.shown(id, on.karel)).rejects.toThrow(/no such claim/)
      await asEngine(on.db, (tx) => withdraw(tx, id, on.adam, on.now.ms))
    }
  })

  it('are answered by the holder, which decides nothing, and decided with a reason that both read', async () => {
    const id = await on.claim('198.51.100.64/26')
    const say = (by: Actor, more: object = {}) =>
      asEngine(on.db, (tx) =>
        answer(
          tx,
          id,
          { org: on.dolni.id, answer: 'objects', note: 'Adresy jsou naše.', ...more },
          by,
          on.now.ms,
        ),
      )
    await expect(say(on.karel)).rejects.toThrow(/no such claim/)
    await expect(say(on.adam)).rejects.toThrow(/no such organisation/)
    await expect(say(on.adam, { org: on.horni.id })).rejects.toThrow(/holds nothing/)
    await expect(say(on.cyril, { note: '' })).rejects.toThrow(/why/)
    await say(on.cyril)
    expect((await on.shown(id, on.adam)).holders).toMatchObject([
      { organisation: on.dolni.name, answer: 'objects', note: 'Adresy jsou naše.', values: [] },
    ])
    expect((await on.shown(id, on.cyril)).holders[0]?.values).toEqual(['198.51.100.0/25'])
    await say(on.cyril, { answer: 'consents', note: '' })
    expect(await on.owners('198.51.100.70')).toEqual([on.dolni.id])
    for (const by of [on.adam, on.radka, on.cyril])
      await expect(on.judge(id, {}, by)).rejects.toThrow(/by a coordinator/)
    await expect(on.judge(id, { reason: ' ' })).rejects.toThrow(/reason/)
    await on.judge(id)
    await expect(on.judge(id, { accept: false })).rejects.toThrow(/decided/)
    await expect(say(on.cyril)).rejects.toThrow(/decided/)
    expect(await on.owners('198.51.100.70')).toEqual([on.horni.id])
    expect(await on.owners('198.51.100.1')).toEqual([on.dolni.id])
    for (const by of [on.adam, on.cyril])
      expect(await on.shown(id, by)).toMatchObject({ state: 'proved', reason: 'Ověřeno telefonem.' })
    const trail = (by: Actor) =>
      asActor(on.db, by, on.now.ms, async (tx) =>
        (
          await tx.query<{ verb: string }>('select verb from audit where object = $1 order by id', [
            `claim ${id}`,
          ])
        ).rows.map(({ verb }) => verb.replace('members.', '')),
      )
    expect(await trail(on.adam)).toEqual(['claim', 'accept-claim'])
    expect(await trail(on.cyril)).toEqual(['answer-claim', 'answer-claim', 'accept-claim'])
    expect(await trail(on.karel)).toEqual([])
  })

  it('refused by a coordinator change nothing', async () => {
    const id = await on.claim('198.51.100.0/26')
    await on.judge(id, { accept: false, reason: 'Drží Dolní Smyšlenka.' })
    expect(await on.owners('198.51.100.1')).toEqual([on.dolni.id])
    for (const by of [on.adam, on.cyril])
      expect(await on.shown(id, by)).toMatchObject({ state: 'refused', reason: 'Drží Dolní Smyšlenka.' })
    expect((await on.shown(id, on.adam)).holders).toMatchObject([{ organisation: on.dolni.name }])
    await expect(asEngine(on.db, (tx) => withdraw(tx, id, on.adam, on.now.ms))).rejects.toThrow(/decided/)
  })

  it('of two for the same are one held and one contested, whoever comes first', async () => {
    const first = await on.claim('oba.example')
    const second = await on.claim('oba.example', on.cyril)
    expect([
      (await on.shown(first, on.adam)).contested,
      (await on.shown(second, on.cyril)).contested,
    ]).toEqual([false, false])
    await on.judge(first)
    expect(await on.shown(second, on.adam)).toMatchObject({
      contested: true,
      holders: [{ organisation: on.horni.name }],
    })
    expect((await on.shown(second, on.cyril)).contested).toBe(true)
    await on.judge(second)
    const register = await loadRegister(on.db.engine)
    expect(register.ownersOfHost('www.oba.example', on.now.ms).sort()).toEqual(
      [on.horni.id, on.dolni.id].sort(),
    )
  })

  it('are let by the holder of a wider range to another, who accepts, until a day', async () => {
    const offer = (more: Partial<Delegation> = {}, by: Actor = on.karel) =>
      asEngine(on.db, (tx) =>
        delegate(
          tx,
          {
            org: on.kraj.id,
            value: '203.0.113.64/26',
            to: 'nemocnice horní výmysl',
            until: '30. 6. 2026',
            shown: true,
            note: '',
            ...more,
          },
          by,
          on.now.ms,
        ),
      )
    for (const [more, fields] of [
      [{ value: '203.0.113.0/24' }, { value: 'notInside' }],
      [{ value: '198.51.100.0/26' }, { value: 'notInside' }],
      [{ value: 'x.example' }, { value: 'address' }],
      [{ value: '203.0.113.0/26 203.0.113.64/26' }, { value: 'address' }],
      [{ to: 'Nikdo' }, { to: 'none' }],
      [{ to: on.kraj.name }, { to: 'self' }],
      [{ until: '' }, { until: 'untilNeeded' }],
      [{ until: '2020-01-01' }, { until: 'until' }],
    ] as [Partial<Delegation>, object][])
      await expect(offer(more)).rejects.toMatchObject({ fields })
    await expect(offer({}, on.cyril)).rejects.toThrow(/no such organisation/)
    const id = await offer()
    await expect(offer()).rejects.toThrow(/open claim/)
    expect(await on.shown(id, on.adam)).toMatchObject({
      delegator: on.kraj.name,
      contested: false,
      proof: null,
    })
    const take = (by: Actor) => asEngine(on.db, (tx) => accept(tx, id, by, on.now.ms))
    await expect(take(on.karel)).rejects.toThrow(/accept for their organisation/)
    await expect(take(on.cyril)).rejects.toThrow(/no such claim/)
    expect(await take(on.adam)).toBe('proved')
    await expect(take(on.adam)).rejects.toThrow(/decided/)
    const register = await loadRegister(on.db.engine)
    const net = parseNet('203.0.113.65')
    expect(net && register.ownersOf(net, on.now.ms)).toMatchObject([
      { org: on.horni.id, role: 'delegated', parents: [on.kraj.id] },
    ])
    expect(await on.owners('203.0.113.1')).toEqual([on.kraj.id])
    expect(await on.owners('203.0.113.65', Date.UTC(2026, 5, 30, 22))).toEqual([on.kraj.id])
    // Whoever let it takes it back.
    await on.finish(await on.recordOf(on.horni, '203.0.113.64/26'), on.karel)
    expect(await on.owners('203.0.113.65')).toEqual([on.kraj.id])
    expect(await on.shown(id, on.adam)).toMatchObject({
      state: 'ended',
      reason: 'Přešlo na jiného poskytovatele.',
    })
  })

  it('are not let where a third holds a part: a coordinator decides', async () => {
    const inner = await on.claim('203.0.113.128/27', on.cyril)
    await on.judge(inner)
    const id = await asEngine(on.db, (tx) =>
      delegate(
        tx,
        {
          org: on.kraj.id,
          value: '203.0.113.128/26',
          to: String(on.horni.id),
          until: '2026-06-30',
          shown: false,
          note: '',
        },
        on.karel,
        on.now.ms,
      ),
    )
    expect(await asEngine(on.db, (tx) => accept(tx, id, on.adam, on.now.ms))).toBe('contested')
    expect(await on.owners('203.0.113.160')).toEqual([on.kraj.id])
    expect(await on.shown(id, on.cyril)).toMatchObject({
      holders: [{ organisation: on.dolni.name, relation: 'around' }],
    })
    await on.judge(id)
    expect(await on.owners('203.0.113.190')).toEqual([on.horni.id])
    expect(await on.owners('203.0.113.130')).toEqual([on.dolni.id])
  })
})

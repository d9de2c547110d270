import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { contextOf } from '../../../../test/belongings.ts'
import { type ClaimStage, openClaimStage } from '../../../../test/claim-stage.ts'
import { type Actor, asActor } from '../../../platform/access.ts'
import { asEngine } from '../../../platform/database.ts'
import { Invalid } from '../../../platform/errors.ts'
import { parseNet } from '../../../values/address.ts'
import { type Known, openKnown } from '../../events/known.ts'
import { claimsStanding } from '../index.ts'
import { withdraw } from './ask.ts'
import { claimShown, heldAt, listClaims } from './queries.ts'

const day = 86_400_000

describe('claims of addresses', () => {
  let on: ClaimStage
  const nodes: { known: Known; stop(): Promise<void> }[] = []
  beforeAll(async () => {
    on = await openClaimStage()
    for (const _ of [1, 2]) {
      const { context, stop } = contextOf(on.db, () => on.now.ms)
      nodes.push({ known: openKnown(context), stop })
    }
    await vi.waitFor(() => expect(nodes.every(({ known }) => known.ready())).toBe(true))
  })
  afterAll(async () => {
    for (const { known, stop } of nodes) {
      known.close()
      await stop()
    }
    await on.db.drop()
  })

  it('are made by the representative and the administrators of an organisation, and by coordinators; by nobody else', async () => {
    await withdrawAll()
    for (const by of [on.radka, on.adam, on.coordinator]) {
      const id = await on.claim('192.0.2.0/26', by, { org: on.horni.id })
      expect((await on.shown(id, by)).state).toBe('asked')
      await asEngine(on.db, (tx) => withdraw(tx, id, by, on.now.ms))
    }
    await expect(on.claim('192.0.2.0/26', on.petra)).rejects.toThrow(/by the representative/)
    for (const by of [on.cyril, on.operator])
      await expect(on.claim('192.0.2.0/26', by, { org: on.horni.id })).rejects.toThrow(/no such organisation/)
    // The serving role of the pages can write nothing at all.
    for (const sql of [
      `insert into claims (org_id, kind, value, contested, asked_at, readers) values (${on.horni.id}, 'domain', 'x.example', false, now(), '{2}')`,
      `update claims set state = 'proved'`,
      `update claim_holders set answer = 'consents'`,
      'select code_hash from claim_codes',
    ])
      await expect(asActor(on.db, on.radka, on.now.ms, (tx) => tx.query(sql))).rejects.toThrow(
        /permission denied/,
      )
  })

  const withdrawAll = () => on.db.engine.query(`update claims set state = 'withdrawn' where state = 'asked'`)

  it('name what cannot be claimed and why, and then claim nothing', async () => {
    await on.db.engine.query('insert into domains (org_id, domain) values ($1, $2)', [
      on.horni.id,
      'drzime.example',
    ])
    await on.claim('otevreny.example')
    const typed =
      '10.0.0.0/8 192.0.2.1/24 127.0.0.1 nic 999.1.1.1 AS0 AS64512 drzime.example otevreny.example spravne.example'
    const refused = await on
      .claim(typed, on.adam, { until: '1. 1. 2020', note: 'x'.repeat(1_001) })
      .catch((error) => error)
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
    const { rowCount } = await on.db.engine.query(`select 1 from claims where value = 'spravne.example'`)
    expect(rowCount).toBe(0)
    for (const [values, fault] of [
      ['', 'none'],
      [' ,;\n ', 'none'],
      [Array.from({ length: 101 }, (_, n) => `n${n}.example`).join(' '), 'many'],
    ] as const)
      await expect(on.claim(values)).rejects.toMatchObject({ fields: { 'value:': fault } })
  })

  it('become a record on every node within a second when a coordinator accepts them, and are replayed as of any moment', async () => {
    const id = await on.claim('192.0.2.0/25', on.radka, { until: '31. 12. 2026', note: 'Nová budova' })
    const net = parseNet('192.0.2.7')
    if (!net) throw new Error('no address')
    expect(nodes.map(({ known }) => known.register().ownersOf(net, on.now.ms))).toEqual([[], []])
    on.now.ms += 3_600_000
    await on.judge(id)
    for (const { known } of nodes)
      await vi.waitFor(
        () =>
          expect(
            known
              .register()
              .ownersOf(net, on.now.ms)
              .map(({ org }) => org),
          ).toEqual([on.horni.id]),
        { timeout: 1_000, interval: 20 },
      )
    expect(await on.shown(id, on.radka)).toMatchObject({
      state: 'proved',
      proof: 'coordinator',
      reason: 'Ověřeno telefonem.',
      effectiveAt: on.now.ms,
      contested: false,
    })
    const accepted = on.now.ms
    on.now.ms += 10 * day
    const record = await on.recordOf(on.horni, '192.0.2.0/25')
    await expect(on.finish(record, on.cyril)).rejects.toThrow(/no such organisation/)
    await expect(on.finish(record, on.petra)).rejects.toThrow(/by the representative/)
    await expect(on.finish(record, on.radka, '  ')).rejects.toThrow(/reason/)
    await on.finish(record, on.radka)
    await expect(on.finish(record, on.radka)).rejects.toThrow(/over already/)
    for (const { known } of nodes)
      await vi.waitFor(() => expect(known.register().ownersOf(net, on.now.ms)).toEqual([]), {
        timeout: 1_000,
        interval: 20,
      })
    expect((await on.shown(id, on.radka)).state).toBe('ended')
    expect(await on.owners('192.0.2.7', accepted - 1)).toEqual([])
    expect(await on.owners('192.0.2.7', accepted)).toEqual([on.horni.id])
    expect(await on.owners('192.0.2.7', on.now.ms - 1)).toEqual([on.horni.id])
    expect(await on.owners('192.0.2.7', on.now.ms)).toEqual([])
    expect(await on.held(on.horni, on.radka, accepted)).toContain('192.0.2.0/25')
    expect(await on.held(on.horni, on.radka)).not.toContain('192.0.2.0/25')
    expect(await on.held(on.horni, on.cyril, accepted)).toEqual([])
  })

  it('end by themselves after their last day', async () => {
    const id = await on.claim('192.0.2.128/26', on.radka, { until: '2026-04-01' })
    await on.judge(id)
    expect(await on.owners('192.0.2.129')).toEqual([on.horni.id])
    const later = Date.UTC(2026, 3, 1, 22)
    expect(await on.owners('192.0.2.129', later - 1)).toEqual([on.horni.id])
    expect(await on.owners('192.0.2.129', later)).toEqual([])
    expect(await asActor(on.db, on.radka, later, (tx) => claimShown(tx, id))).toMatchObject({
      state: 'ended',
    })
  })

  it('are listed and counted for whom they concern', async () => {
    await withdrawAll()
    const own = await on.claim('pocitana.example')
    const touching = await on.claim('198.51.100.32/27')
    const list = (by: Actor, filter: Partial<Parameters<typeof listClaims>[1]>) =>
      asActor(on.db, by, on.now.ms, async (tx) =>
        (await listClaims(tx, { open: true, ...filter })).map(({ id }) => id),
      )
    expect(await list(on.adam, { orgs: [on.horni.id] })).toEqual([touching, own])
    expect(await list(on.cyril, {})).toEqual([touching])
    expect(await list(on.cyril, { touching: [on.dolni.id] })).toEqual([touching])
    expect(await list(on.coordinator, { before: touching })).toEqual([own])
    expect(await list(on.operator, {})).toEqual([])
    expect(await asActor(on.db, on.adam, on.now.ms, (tx) => claimsStanding(tx, on.horni.id))).toEqual({
      held: (await on.held(on.horni, on.adam)).length,
      open: 2,
    })
    expect(await asActor(on.db, on.cyril, on.now.ms, (tx) => claimsStanding(tx, on.horni.id))).toEqual({
      held: 0,
      open: 1,
    })
    const touched = await asActor(on.db, on.cyril, on.now.ms, (tx) => heldAt(tx, on.dolni.id, on.now.ms))
    expect(touched.filter((one) => one.claimed).map(({ value }) => value)).toEqual(['198.51.100.0/25'])
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf } from '../../../../test/belongings.ts'
import { type ClaimStage, openClaimStage } from '../../../../test/claim-stage.ts'
import { addPerson } from '../../../../test/harness.ts'
import type { Actor } from '../../../platform/access.ts'
import { asEngine } from '../../../platform/database.ts'
import { accountLetter } from '../../channels/account-mail.ts'
import { remindAddressEnds } from '../index.ts'
import { ask } from './ask.ts'
import { delegate } from './delegate.ts'

const day = 86_400_000
const zone = 'Europe/Prague'

describe('who looks after addresses', () => {
  let on: ClaimStage
  let stop: () => Promise<void>
  let letterTo: (by: Actor, detail: object, language?: 'cs' | 'en') => ReturnType<typeof accountLetter>
  beforeAll(async () => {
    on = await openClaimStage()
    const made = contextOf(on.db, () => on.now.ms)
    stop = made.stop
    letterTo = (by, detail, language = 'cs') =>
      accountLetter(
        made.context,
        { detail } as never,
        { actor: { ...by, language }, as: 'member', roles: [] },
        on.now.ms,
      )
  })
  afterAll(async () => {
    await stop()
    await on.db.drop()
  })

  const mails = async (topic: string) =>
    (
      await on.db.engine.query<{ address: string; detail: Record<string, unknown> }>(
        'select address, detail from deliveries where topic like $1 order by id',
        [`${topic}%`],
      )
    ).rows

  it('is told once of a claim that touches them, and nobody else is', async () => {
    const id = await on.claim('198.51.100.64/26')
    const told = await mails(`claim-touches:${id}:`)
    expect(told.map(({ address }) => address)).toEqual([on.cyril.email])
    const detail = told[0]?.detail ?? {}
    for (const language of ['cs', 'en'] as const) {
      const letter = letterTo(on.cyril, detail, language)
      expect(letter?.answer).toContain(on.horni.name)
      expect(letter?.answer).toContain('198.51.100.64/26')
      expect(JSON.stringify(letter)).toContain(`/addresses/claims/${id}`)
    }
    // Meanwhile moved to another organisation: nothing is told any more.
    expect(letterTo(on.karel, detail)).toBeNull()
    await on.judge(id, { accept: false })
    expect((await mails(`claim-touches:${id}:`)).length).toBe(1)
    const free = await on.claim('volna.example')
    expect(await mails(`claim-touches:${free}:`)).toEqual([])
  })

  it('is told how a claim was decided, the claimant and the holder alike', async () => {
    for (const [accept, said] of [
      [false, /zamítl|refused/],
      [true, /uznal|granted/],
    ] as const) {
      const id = await on.claim('198.51.100.96/28')
      await on.judge(id, { accept })
      const told = await mails(`claim-decided:${id}:`)
      expect(told.map(({ address }) => address).sort()).toEqual(
        [on.adam.email, on.radka.email, on.cyril.email].sort(),
      )
      for (const language of ['cs', 'en'] as const) {
        const letter = letterTo(on.adam, { ...told[0]?.detail, org: on.horni.id }, language)
        expect(letter?.answer).toMatch(said)
        expect(JSON.stringify(letter)).toContain(`/addresses/claims/${id}`)
      }
      expect(letterTo(on.karel, told[0]?.detail ?? {})).toBeNull()
    }
  })

  it('does not have to remind coordinators: they are told once a day of what only they can decide', async () => {
    on.now.ms += day
    const gone = await addPerson(on.db, 'Gita Bývalá', [['coordinator', null]])
    await on.db.engine.query('update people set disabled_at = now() where id = $1', [gone.person])
    const once = await addPerson(on.db, 'Olga Bývalá', [['coordinator', null]])
    await on.db.engine.query(
      'update engagements set valid_to = to_timestamp($2 / 1000.0) where person_id = $1',
      [once.person, on.now.ms],
    )
    await on.claim('dokazatelna.example')
    const today = `claims-waiting:${on.horni.id}:${new Date(on.now.ms).toISOString().slice(0, 10)}`
    expect(await mails(today)).toEqual([])
    await on.claim('198.51.100.112/29')
    await on.claim('AS64501')
    const told = await mails(today)
    expect(told.map(({ address }) => address)).toEqual([on.coordinator.email])
    for (const language of ['cs', 'en'] as const)
      expect(letterTo(on.coordinator, told[0]?.detail ?? {}, language)?.answer).toContain(on.horni.name)
    for (const who of [on.adam, on.operator, { ...once, engagements: [] }])
      expect(letterTo(who, told[0]?.detail ?? {})).toBeNull()
  })

  it('is told of a part that is offered to them', async () => {
    const wanted = {
      org: on.kraj.id,
      value: '203.0.113.8/29',
      to: on.dolni.name,
      until: '2026-12-31',
      shown: false,
      note: '',
    }
    const id = await asEngine(on.db, (tx) => delegate(tx, wanted, on.karel, on.now.ms))
    const told = await mails(`part-offered:${id}`)
    expect(told.map(({ address }) => address)).toEqual([on.cyril.email])
    for (const language of ['cs', 'en'] as const)
      expect(letterTo(on.cyril, told[0]?.detail ?? {}, language)?.answer).toMatch(
        /Kraj Smyšlený.*203\.0\.113\.8\/29/,
      )
    expect(letterTo(on.adam, told[0]?.detail ?? {})).toBeNull()
  })

  it('is reminded once of a last day within thirty days, and may claim a longer time before it', async () => {
    const short = await on.claim('192.0.2.0/26 konci.example', on.radka, { until: '2026-04-30' })
    await on.judge(short)
    await on.judge(short + 1)
    expect(await remindAddressEnds(on.db, zone, on.now.ms)).toBe(0)
    on.now.ms = Date.UTC(2026, 3, 15)
    for (const _ of [1, 2]) expect(await remindAddressEnds(on.db, zone, on.now.ms)).toBe(1)
    const told = await mails(`addresses-end:${on.horni.id}:2026-04-30`)
    expect(told.map(({ address }) => address).sort()).toEqual([on.adam.email, on.radka.email].sort())
    expect(letterTo(on.radka, told[0]?.detail ?? {})?.answer).toMatch(
      /30\. 4\. 2026.*192\.0\.2\.0\/26.*konci\.example/,
    )
    expect(letterTo(on.cyril, told[0]?.detail ?? {})).toBeNull()
    const many = Array.from({ length: 25 }, (_, n) => `d${n}.example`)
    expect(letterTo(on.radka, { ...told[0]?.detail, values: many }, 'en')?.answer).toContain('5 more')
    const again = (until: string) =>
      asEngine(on.db, (tx) =>
        ask(
          tx,
          { org: on.horni.id, values: '192.0.2.0/26 konci.example', until, note: '' },
          on.radka,
          on.now.ms,
        ),
      )
    await expect(again('2026-04-30')).rejects.toThrow(/cannot be claimed/)
    for (const id of await again('')) await on.judge(id)
    expect(await remindAddressEnds(on.db, zone, on.now.ms)).toBe(0)
    expect(await on.owners('192.0.2.1', Date.UTC(2027, 0, 1))).toEqual([on.horni.id])
    expect(await on.owners('192.0.2.1', on.now.ms)).toEqual([on.horni.id])
    expect(await on.owners('192.0.2.1', on.now.ms - day)).toEqual([on.horni.id])
    expect((await on.shown(short, on.radka)).state).toBe('ended')
  })
})

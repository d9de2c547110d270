import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { getAs } from '../../../test/asking.ts'
import { contextOf } from '../../../test/belongings.ts'
import { type Calling, minute, openCalling } from '../../../test/calling.ts'
import { type Hospital, tuesday } from '../../../test/harness.ts'
import { draftOf } from '../../../test/writing.ts'
import { openPages } from '../../app.ts'
import { type Actor, asActor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { setPolicy } from '../duty/policies.ts'
import { defaultPolicies } from '../duty/policy.ts'
import { answer as answerWarning } from '../warnings/written/answers.ts'
import { declare } from '../warnings/written/duty.ts'
import { change, create, save } from '../warnings/written/edit.ts'
import { publish } from '../warnings/written/publish.ts'
import { expire, revoke } from '../warnings/written/revoke.ts'
import type { Draft } from '../warnings/written/types.ts'
import { answer } from './answer.ts'
import { listBroadcasts } from './read.ts'

const second = 1_000
const hour = 60 * minute
const ownStep = { no: 1, delayMin: 0, channels: ['mail' as const] }
const emergency: Partial<Draft> = { kind: 'emergency', severity: 4 }

describe('a published emergency', () => {
  let stage: Calling
  let lipova: Hospital
  let bukova: Hospital
  let jana: Actor
  let eva: Actor
  let adam: Actor
  const published = async (more: Partial<Draft> = {}, now = tuesday): Promise<number> => {
    const id = await create(stage.db, stage.karel, draftOf({ ...emergency, ...more }), now)
    await publish(stage.db, id, stage.kveta, now)
    return id
  }
  const again = async (id: number, more: Partial<Draft>, now: number): Promise<void> => {
    await change(stage.db, id, stage.karel, now)
    const draft = draftOf({ ...emergency, changeNote: 'Zpřesněno.', ...more })
    await save(stage.db, id, stage.karel, draft, now)
    await publish(stage.db, id, stage.kveta, now)
  }
  const calls = (who: Actor = stage.karel, now = tuesday) =>
    asActor(stage.db, who, now, (tx) => listBroadcasts(tx))
  const kindsTo = (who: Actor): string[] =>
    stage.office.to(who.email).map(({ headers }) => String(headers.get('x-hsoc-kind')))

  beforeAll(async () => {
    stage = await openCalling()
    lipova = await stage.hospital('Nemocnice Lipová')
    bukova = await stage.hospital('Nemocnice Buková')
    jana = await stage.person('Jana Nováková', [['admin', lipova]], '+420555000002')
    eva = await stage.person('Eva Malá', [['security_manager', lipova]])
    adam = await stage.person('Adam Buk', [['admin', bukova]])
    // She wants text messages of whatever there is.
    await stage.owner(
      `insert into channel_choices (person_id, channel, least, changed_at) values (${jana.person}, 'sms', 1, now())`,
    )
  })
  afterAll(() => stage.close())
  beforeEach(async () => {
    await stage.clear()
    await stage.owner('delete from written_warnings; delete from written_numbers; delete from duty_policies')
  })

  it('is a roll-call of those whom it asks, with its words and the two who stand behind it, once', async () => {
    const id = await published()
    await Promise.all([stage.steps(tuesday), stage.steps(tuesday), stage.steps(tuesday)])
    const found = await calls()
    expect(found).toMatchObject([
      {
        ...{
          class: 'emergency',
          number: '1/2026',
          title: 'Podvodné maily s fakturou',
          tlp: 'GREEN',
          asked: 2,
        },
        ...{ written: id, writtenNumber: 'HSOC-2026-0001', author: stage.karel.person },
        ...{ approver: stage.kveta.person, reviewDueAt: null },
      },
    ])
    expect(found[0]?.body).toContain('Do pátku zablokujte přílohy ZIP')
    await stage.tick(tuesday + second)
    expect(await calls()).toHaveLength(1)
    expect((await calls(adam))[0]).toMatchObject({
      number: '1/2026',
      written: id,
      writtenNumber: 'HSOC-2026-0001',
    })
  })

  it('tells each person once: the call those of its first step, the warning whom that leaves out', async () => {
    const own = { ...defaultPolicies.rollcall, steps: [{ ...ownStep, targets: [{ person: eva.person }] }] }
    await asEngine(stage.db, (tx) =>
      setPolicy(tx, { org: lipova.id, kind: 'rollcall', policy: own }, jana, tuesday - minute),
    )
    await published()
    for (let at = tuesday; at <= tuesday + 20 * second; at += second) await stage.tick(at)
    expect([kindsTo(eva), kindsTo(adam)]).toEqual([['rollcall'], ['rollcall']])
    expect([kindsTo(jana), stage.smsc.taken.map(({ text }) => text.includes('HSOC-2026-0001'))]).toEqual([
      ['new'],
      [true],
    ])
  })

  it('tells who is told by the call nothing beside it, whatever ways they chose', async () => {
    await published()
    for (let at = tuesday; at <= tuesday + 20 * second; at += second) await stage.tick(at)
    expect([kindsTo(jana), kindsTo(adam)]).toEqual([['rollcall'], ['rollcall']])
    expect(stage.smsc.taken.map(({ text }) => text.includes('POPLACH 1/2026'))).toEqual([true])
  })

  it('leads to its call, and the call to it', async () => {
    const id = await published()
    await stage.tick(tuesday)
    const [call] = await calls()
    const { context, stop } = contextOf(stage.db, () => tuesday)
    const app = await openPages(context)
    const page = async (url: string) => (await getAs({ app, context }, jana, url)).body
    expect(await page(`/warnings/written/${id}`)).toContain(`href="/rollcalls/${call?.id}"`)
    expect(await page(`/rollcalls/${call?.id}`)).toContain(`href="/warnings/written/${id}"`)
    await app.close()
    await stop()
  })

  it('goes up the steps of each hospital until that one answers', async () => {
    await published()
    await stage.tick(tuesday)
    const [call] = await calls()
    const given = { org: bukova.id, code: '1', note: '', via: 'page' } as const
    await asEngine(stage.db, (tx) => answer(tx, call?.id ?? 0, given, adam, tuesday + minute))
    for (let at = tuesday + minute; at <= tuesday + 30 * minute; at += minute) await stage.tick(at)
    expect(kindsTo(adam)).toEqual(['rollcall'])
    expect(kindsTo(jana)).toEqual(['rollcall', 'rollcall', 'rollcall'])
    expect((await stage.line(call?.id ?? 0, lipova)).state).toBe('handed_to_operator')
    const { rows } = await stage.db.engine.query('select 1 from oncall_climbs')
    expect(rows).toEqual([])
  })

  it('asks nobody who has answered the warning, none of lower severity, and none of TLP:RED', async () => {
    const id = await published()
    const said = { org: bukova.id, answer: 'working', via: 'page' } as const
    await answerWarning(stage.db, adam, id, said, tuesday)
    await stage.tick(tuesday)
    expect((await calls())[0]?.asked).toBe(1)
    await stage.owner('delete from written_warnings; delete from broadcasts')
    await published({
      tlp: 'RED',
      audience: 'organisations',
      orgs: [lipova.id],
      named: [jana.person, stage.karel.person, stage.kveta.person],
    })
    await stage.tick(tuesday)
    expect(await calls()).toEqual([])
  })

  it('that is revoked takes its call back, and its words from where they stood', async () => {
    const id = await published()
    await stage.tick(tuesday)
    await revoke(stage.db, id, stage.kveta, 'Planý poplach.', tuesday + minute)
    await stage.tick(tuesday + minute)
    expect(stage.office.to(jana.email).at(-1)?.subject).toContain('ZRUŠENO')
    expect((await calls(jana))[0]).toMatchObject({ state: 'cancelled', title: 'HSOC-2026-0001', body: '' })
    await stage.tick(tuesday + 2 * minute)
    expect(await calls()).toHaveLength(1)
  })

  it('whose time is over closes its call', async () => {
    await published({ validUntil: tuesday + hour })
    await stage.tick(tuesday)
    await expire(stage.db, tuesday + hour)
    await stage.tick(tuesday + hour)
    expect((await calls())[0]?.state).toBe('closed')
  })

  it('asks again with a version that says more, and not with one that mends words', async () => {
    const id = await published()
    await stage.tick(tuesday)
    await again(id, { substantive: false }, tuesday + minute)
    await stage.tick(tuesday + minute)
    expect((await calls()).map(({ state }) => state)).toEqual(['open'])
    await again(id, { substantive: true }, tuesday + 2 * minute)
    await stage.tick(tuesday + 2 * minute)
    expect((await calls()).map(({ number, state }) => [number, state])).toEqual([
      ['2/2026', 'open'],
      ['1/2026', 'closed'],
    ])
  })

  it('of AMBER says number and link alone', async () => {
    await published({ tlp: 'AMBER' })
    await stage.tick(tuesday)
    const [mail] = stage.office.to(jana.email)
    expect(`${mail?.subject} ${mail?.text}`).not.toContain('Podvodné')
    expect(mail?.subject).toBe('[TLP:AMBER] POPLACH 1/2026')
  })

  it('released by one alone is reviewed as the warning, not twice', async () => {
    const times = { startsAt: tuesday, endsAt: tuesday + 9 * hour, reason: 'Noc, Květa je na dovolené' }
    await declare(stage.db, stage.karel, times, tuesday)
    const id = await create(stage.db, stage.karel, draftOf(emergency), tuesday)
    await publish(stage.db, id, stage.karel, tuesday)
    await stage.tick(tuesday)
    expect((await calls())[0]).toMatchObject({
      state: 'open',
      approver: stage.karel.person,
      reviewDueAt: null,
    })
  })
})

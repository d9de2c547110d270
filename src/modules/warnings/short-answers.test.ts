/** Answers by text message: from the text that went out to what the board says, with a real provider on loopback. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addPerson, tuesday } from '../../../test/harness.ts'
import { openSmsc, type Smsc } from '../../../test/smsc.ts'
import { openWarning } from '../../../test/warned.ts'
import { openWriting, type Writing } from '../../../test/writing.ts'
import { type Actor, asActor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { openWays, queue } from '../channels/index.ts'
import { latestReplies } from '../channels/sms/incoming.ts'
import { understandAnswers } from './short-answers.ts'

const minute = 60_000
const number = '+420555000001'

describe('an answer by text message', () => {
  let stage: Writing
  let jana: Actor
  let smsc: Smsc
  let ways: ReturnType<typeof openWays>
  let now = tuesday
  const prove = (person: Actor, value: string) =>
    stage.db.engine.query(
      `insert into contact_points (org_id, person_id, name, channel, value, readers, added_at, changed_at, verified_at, verified_how)
       values ($1, $2, $3, 'sms', $4, array[2], $5, $5, $5, 'sms')`,
      [stage.jihlava.id, person.person, person.name, value, new Date(tuesday)],
    )
  const want = (person: Actor) =>
    stage.db.engine.query(
      `insert into channel_choices (person_id, channel, least, changed_at) values ($1, 'sms', 1, now()) on conflict do nothing`,
      [person.person],
    )
  beforeAll(async () => {
    stage = await openWriting()
    jana = stage.jana
    await want(jana)
    smsc = await openSmsc()
    const sms = {
      by: 'smpp' as const,
      host: '127.0.0.1',
      port: smsc.port,
      secure: false,
      user: 'hsoc',
      password: 'hush',
      from: '+420555999',
    }
    ways = openWays(stage.context, { sms, pushHosts: [] }, { understand: [understandAnswers(stage.db)] })
  })
  afterAll(async () => {
    await ways.close()
    await smsc.close()
    await stage.close()
  })
  beforeEach(async () => {
    now += 30 * 86_400_000
    stage.context.at(now)
    smsc.taken.length = 0
    await stage.clear()
    await stage.db.engine.query(
      `delete from short_replies; update contact_points set ended_at = added_at, ended_why = 'removed' where ended_at is null`,
    )
    await prove(jana, number)
  })
  const run = async (at = now) => {
    stage.context.at(at)
    return ways.work(at)
  }
  const codeIn = (text = ''): string => /\bV ([0-9A-Z]{4})/.exec(text)?.[1] ?? ''
  const reply = (text: string, from = number) =>
    smsc.deliver({ source_addr: from, esm_class: 0, short_message: text })
  /** What became of replies, newest first: what they were taken as, or why not. */
  const replies = async () => {
    const karel = stage.karel
    const found = await asActor(stage.db, karel, now, (tx) => latestReplies(tx, 10))
    return found.map(({ takenAs, whyNot }) => takenAs ?? `not ${whyNot}`)
  }
  const told = async (id: number) => {
    const n = smsc.taken.length
    await asEngine(stage.db, (tx) =>
      queue(tx, {
        kind: 'new',
        topic: `t${id} ${now}`,
        warning: id,
        org: stage.jihlava.id,
        severity: 4,
        to: 'security',
        now,
      }),
    )
    await run()
    return codeIn(smsc.taken[n]?.text)
  }
  const standing = async (id: number) =>
    (await stage.db.engine.query<{ answer: string }>('select answer from warnings where id = $1', [id]))
      .rows[0]?.answer

  it('is asked for in one part, and is taken in any case and spacing, with what stands behind it as a note', async () => {
    const { id } = await openWarning(stage.db, { org: stage.jihlava, severity: 4 })
    const code = await told(id)
    expect(smsc.taken[0]?.text).toMatch(
      /^hSOC HSOC-D-2026-\d{6}: otevrete portal\. Odpovezte: V \w{4} vidime, N \w{4} netyka se, R \w{4} resime, H \w{4} hotovo$/,
    )
    expect(smsc.taken[0]?.text.length).toBeLessThanOrEqual(160)
    await reply(`v${code.toLowerCase()}`)
    expect(await standing(id)).toBe('seen')
    await reply(` R  ${code}, volame dodavateli `)
    expect(await standing(id)).toBe('working')
    await reply(`R ${code}`)
    await reply(`h-${code}`)
    expect(await standing(id)).toBe('done')
    expect(await replies()).toEqual(['done', 'working', 'working', 'seen'])
    const { rows } = await stage.db.engine.query(
      'select via, note, person_id from answers where warning_id = $1 order by id',
      [id],
    )
    expect(rows.map(({ via, note }) => [via, note])).toEqual([
      ['sms', null],
      ['sms', 'volame dodavateli'],
      ['sms', null],
    ])
  })

  it('to a written warning stands on its board for the organisation whose code it was', async () => {
    const id = await stage.published({ severity: 3 }, now)
    await run()
    const code = codeIn(smsc.taken[0]?.text)
    await reply(`N ${code}`)
    const { rows } = await stage.db.engine.query(
      'select org_id, answer, via from written_answers where warning_id = $1',
      [id],
    )
    expect(rows).toEqual([{ org_id: stage.jihlava.id, answer: 'not_affected', via: 'sms' }])
    await reply(`R ${code}`)
    expect(await replies()).toEqual(['not note', 'not_affected'])
  })

  it('with a digit, without a code, with another code or from another number changes nothing and waits for a coordinator', async () => {
    const { id } = await openWarning(stage.db, { org: stage.jihlava, severity: 4 })
    const code = await told(id)
    for (const [text, from] of [
      [`1 ${code}`],
      [`X ${code}`],
      ['V'],
      ['Co se deje?'],
      ['V 0000'],
      [`V ${code}`, '+420555000099'],
      [`V${code}V`],
    ] as [string, string?][])
      await reply(text, from)
    expect(await standing(id)).toBe('pending')
    expect((await replies()).sort()).toEqual([
      'not digit',
      'not letter',
      'not no-such-code',
      'not no-such-code',
      'not null',
      'not null',
      'not null',
    ])
  })

  it('from a number that was ported to somebody else, given up, or whose person left, counts for nobody', async () => {
    const { id } = await openWarning(stage.db, { org: stage.jihlava, severity: 4 })
    const code = await told(id)
    const karla = await addPerson(stage.db, `Karla ${now}`, [['duty', stage.jihlava]])
    await stage.db.engine.query(`update contact_points set ended_at = now(), ended_why = 'removed'`)
    await prove(karla, number)
    await reply(`V ${code}`)
    expect([await replies(), await standing(id)]).toEqual([['not not-theirs'], 'pending'])
    await prove(jana, number)
    await stage.db.engine.query('update engagements set valid_to = $2 where person_id = $1', [
      jana.person,
      new Date(now - minute),
    ])
    await reply(`V ${code}`)
    expect((await replies())[0]).toBe('not left')
    await stage.db.engine.query(`update engagements set valid_to = 'infinity' where person_id = $1`, [
      jana.person,
    ])
    stage.context.at(now + 31 * 86_400_000)
    await reply(`V ${code}`)
    expect((await replies())[0]).toBe('not too-old')
    expect(await standing(id)).toBe('pending')
  })

  it('of a manager may be no more than seen, and a shared telephone answers for whose message it was', async () => {
    const { id } = await openWarning(stage.db, { org: stage.jihlava, severity: 4 })
    const code = await told(id)
    const radka = await addPerson(stage.db, `Radka ${now}`, [['manager', stage.jihlava]])
    await prove(radka, number)
    await stage.db.engine.query(`update deliveries set person_id = $1 where channel = 'sms'`, [radka.person])
    await reply(`R ${code}`)
    await reply(`V ${code}`)
    expect([await replies(), await standing(id)]).toEqual([['seen', 'not role'], 'seen'])
  })

  it('is asked for with a code of its own in every message to a number', async () => {
    const codes = new Set<string>()
    for (let n = 0; n < 5; n++) {
      const { id } = await openWarning(stage.db, { org: stage.jihlava, severity: 4 })
      now += 10 * minute
      codes.add(await told(id))
    }
    expect(codes.size).toBe(5)
  })
})

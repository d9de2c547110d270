import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Calling, callOf, minute, openCalling } from '../../../test/calling.ts'
import { type Hospital, tuesday } from '../../../test/harness.ts'
import { type Actor, asActor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { translator } from '../../platform/i18n.ts'
import { answer, answersTo } from './answer.ts'
import { cancel, close } from './end.ts'
import { readReply } from './reply.ts'
import { usualAnswers } from './types.ts'

describe('answers to a roll-call', () => {
  let stage: Calling
  let lipova: Hospital
  let bukova: Hospital
  let petr: Actor
  let jana: Actor
  let eva: Actor
  let adam: Actor
  const engine = <R>(work: Parameters<typeof asEngine<R>>[1]) => asEngine(stage.db, work)
  const answers = (id: number, by: Actor, code: string, now: number, note = '') =>
    engine((tx) => answer(tx, id, { org: lipova.id, code, note, via: 'page' }, by, now))
  const codeOf = async (number: string): Promise<string> =>
    (
      await stage.db.engine.query<{ code: string }>(
        'select code from rollcall_attempts where address = $1 order by id desc limit 1',
        [number],
      )
    ).rows[0]?.code ?? ''
  const replies = async (): Promise<(string | null)[]> =>
    (
      await stage.db.engine.query<{ as: string | null }>(
        'select taken_as as "as" from short_replies order by id',
      )
    ).rows.map((row) => row.as)

  beforeAll(async () => {
    stage = await openCalling()
    lipova = await stage.hospital('Nemocnice Lipová')
    bukova = await stage.hospital('Nemocnice Buková')
    petr = await stage.person('Petr Dub', [['duty', lipova]], '+420555000001')
    jana = await stage.person('Jana Nováková', [['admin', lipova]])
    eva = await stage.person('Eva Malá', [['manager', lipova]])
    adam = await stage.person('Adam Buk', [['admin', bukova]])
  })
  afterAll(() => stage.close())
  beforeEach(() => stage.clear())

  it('by text message: digit and code, in either case and with blanks or without', async () => {
    for (const form of ['1 {}', '1{}', ' 1 - {}', '1 {} vše v pořádku']) {
      await stage.clear()
      const id = await stage.released()
      await stage.tick(tuesday)
      const code = await codeOf('+420555000001')
      await stage.says('+420555000001', form.replace('{}', form.includes('-') ? code : code.toLowerCase()))
      expect([form, (await stage.line(id, lipova)).answer]).toEqual([form, '1'])
      expect(await replies()).toEqual([`rollcall ${id}`])
    }
  })

  it('from a wrong number with a right code, or of somebody who left, wait for an operator', async () => {
    const id = await stage.released()
    await stage.tick(tuesday)
    const code = await codeOf('+420555000001')
    await stage.says('+420555999999', `1 ${code}`)
    await stage.says('+420555000001', '1 0000')
    await stage.says('+420555000001', `9 ${code}`)
    await stage.db.engine.query('update engagements set valid_to = $2 where person_id = $1', [
      petr.person,
      new Date(tuesday),
    ])
    await stage.says('+420555000001', `1 ${code}`)
    expect(await stage.line(id, lipova)).toMatchObject({ state: 'pending', answer: null })
    expect(await replies()).toEqual([null, null, null, null])
    const { rows } = await stage.db.engine.query<{ from: string }>(
      `select detail->>'from' as from from rollcall_log where what = 'stray' order by id`,
    )
    expect(rows.map((row) => row.from)).toEqual(['+420555999999', '+420555000001', '+420555000001'])
    await stage.db.engine.query(`update engagements set valid_to = 'infinity' where person_id = $1`, [
      petr.person,
    ])
  })

  it('that differ are both kept and shown; the newest of the higher role stands', async () => {
    const id = await stage.released()
    await stage.tick(tuesday)
    expect(await answers(id, petr, '1', tuesday + minute)).toEqual({ counted: true, conflict: false })
    expect(await answers(id, jana, '2', tuesday + 2 * minute)).toEqual({ counted: false, conflict: true })
    expect(await stage.line(id, lipova)).toMatchObject({ answer: '1', conflict: true })
    expect(await answers(id, eva, '3', tuesday + 3 * minute)).toEqual({ counted: true, conflict: true })
    expect(await stage.line(id, lipova)).toMatchObject({ answer: '3' })
    const kept = await asActor(stage.db, stage.karel, tuesday, (tx) => answersTo(tx, id))
    expect(kept.map(({ code, counted }) => [code, counted])).toEqual([
      ['3', true],
      ['2', false],
      ['1', true],
    ])
    expect(await asActor(stage.db, adam, tuesday, (tx) => answersTo(tx, id))).toEqual([])
  })

  it('on behalf of somebody on the telephone need a word on who said it', async () => {
    const id = await stage.released()
    await expect(answers(id, stage.karel, '2', tuesday)).rejects.toThrow('A note is needed')
    await answers(id, stage.karel, '2', tuesday, 'Volal primář Novák')
    expect(await stage.line(id, lipova)).toMatchObject({ state: 'answered', answer: '2' })
  })

  it('are refused to strangers, to data protection officers, for codes that are none, and once it is over', async () => {
    const id = await stage.released({
      answers: [...callOf().answers.slice(0, 1), { code: '2', cs: 'Jinak', en: 'Other', needsNote: true }],
    })
    const dana = await stage.person('Dana Pověřená', [['dpo', lipova]])
    await expect(answers(id, adam, '1', tuesday)).rejects.toThrow('There is no such call')
    await expect(answers(id, dana, '1', tuesday)).rejects.toThrow('Your role does not allow this answer')
    await expect(answers(id, petr, '7', tuesday)).rejects.toThrow('cannot be given so')
    await expect(answers(id, petr, '2', tuesday)).rejects.toThrow('A note is needed')
    await expect(answers(id, petr, '1', tuesday, 'x'.repeat(2_001))).rejects.toThrow('cannot be given so')
    await engine((tx) => close(tx, id, stage.karel, tuesday))
    await expect(answers(id, petr, '1', tuesday)).rejects.toThrow('The call is over')
    await expect(engine((tx) => cancel(tx, id, stage.karel, tuesday))).rejects.toThrow('The call is over')
  })

  it('of a quorum stop the organisation when there are enough, and each person who gave one at once', async () => {
    const id = await stage.released({ mode: 'quorum', quorum: 2 })
    await stage.tick(tuesday)
    await answers(id, petr, '1', tuesday + minute)
    expect(await stage.line(id, lipova)).toMatchObject({ state: 'pending', answer: '1' })
    await stage.tick(tuesday + 10 * minute)
    expect(stage.office.to(petr.email)).toHaveLength(1)
    expect(stage.office.to(jana.email)).toHaveLength(2)
    await answers(id, jana, '1', tuesday + 11 * minute)
    expect(await stage.line(id, lipova)).toMatchObject({ state: 'answered' })
  })
})

describe('a reply', () => {
  it.each([
    ['1 7f3k', { answer: '1', code: '7F3K', note: '' }],
    ['17F3K', { answer: '1', code: '7F3K', note: '' }],
    ['1 7 F 3 K', { answer: '1', code: '7F3K', note: '' }],
    ['2: 7f3k, volejte', { answer: '2', code: '7F3K', note: ', volejte' }],
    ['1 OIL7', { answer: '1', code: '0117', note: '' }],
  ])('%s is read', (text, read) => {
    expect(readReply(text)).toEqual(read)
  })
  it.each(['', '1', '7f3k', 'V7F3K', 'V 7F3K', '0 7f3k', '1 7f3', '1 7f3kk', 'dobrý den', '1'.repeat(1_000)])(
    '%s is none',
    (text) => {
      expect(readReply(text)).toBeNull()
    },
  )
})

it('the answers of a call that names no others stand so on the emergency sheet', () => {
  for (const lang of ['cs', 'en'] as const)
    expect(translator(lang)('print.sheet.codes.digits').toLowerCase()).toBe(
      usualAnswers
        .map((one) => `${one.code} ${one[lang]}`)
        .join(' · ')
        .toLowerCase(),
    )
})

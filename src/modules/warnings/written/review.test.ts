import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { addPerson, tuesday } from '../../../../test/harness.ts'
import { openWriting, type Writing } from '../../../../test/writing.ts'
import type { Actor } from '../../../platform/access.ts'
import { declare } from './duty.ts'
import { sendBack, submit } from './edit.ts'
import { judge, publish } from './publish.ts'
import { remindReviewers } from './review.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

describe('those who write warnings', () => {
  let stage: Writing
  let third: Actor
  beforeAll(async () => {
    stage = await openWriting()
    third = await addPerson(stage.db, 'Třetí Koordinátor', [['coordinator', null]], 'en')
  })
  afterEach(() => stage.clear())
  afterAll(() => stage?.close())

  /** The letters that came since the last call. */
  const letters = async (who: Actor, now: number): Promise<string[]> => {
    await stage.send(now)
    return stage.to(who).map((mail) => `${mail.subject}\n${mail.text}`)
  }

  it('are told that a draft waits for them, all but who wrote it', async () => {
    const id = await stage.written()
    await submit(stage.db, id, stage.karel, tuesday)
    const [letter = '', ...more] = await letters(stage.kveta, tuesday)
    expect(more).toEqual([])
    expect(letter).toMatch(/^\[TLP:GREEN\] K posouzení: Podvodné maily s fakturou/)
    expect(letter).toContain('Karel Koordinátor napsal(a) varování a čeká na vás')
    expect(letter).toContain(`/warnings/written/${id}/edit`)
    expect(stage.to(third)[0]?.subject).toMatch(/For review/)
    expect(stage.to(stage.karel)).toEqual([])
    expect(stage.to(stage.jana)).toEqual([])
  })

  it('are reminded while it waits, each time once, and not after it was given back', async () => {
    const id = await stage.written({ severity: 3 })
    await submit(stage.db, id, stage.karel, tuesday)
    await letters(stage.kveta, tuesday)
    expect(await remindReviewers(stage.db, tuesday + 3 * hour)).toBe(0)
    expect(await remindReviewers(stage.db, tuesday + 4 * hour)).toBe(2)
    expect(await remindReviewers(stage.db, tuesday + 5 * hour)).toBe(0)
    expect((await letters(stage.kveta, tuesday + 5 * hour)).at(-1)).toMatch(/Stále čeká na posouzení/)
    expect(await remindReviewers(stage.db, tuesday + day)).toBe(2)
    await sendBack(stage.db, id, stage.kveta, 'Chybí odesílatel.', tuesday + day)
    // The second reminder had not gone out: by then nothing waits.
    expect(await letters(stage.kveta, tuesday + day)).toHaveLength(2)
    expect((await letters(stage.karel, tuesday + day)).join()).toMatch(
      /Vráceno k doplnění[\s\S]*Co doplnit: Chybí odesílatel\./,
    )
    expect(await remindReviewers(stage.db, tuesday + 9 * day)).toBe(0)
  })

  it('learn that their own is out, and of what a narrow label hides not even the title', async () => {
    const id = await stage.written({
      tlp: 'RED',
      audience: 'organisations',
      orgs: [stage.jihlava.id],
      named: [stage.jana.person, stage.kveta.person],
    })
    await submit(stage.db, id, stage.karel, tuesday)
    const [letter = ''] = await letters(stage.kveta, tuesday)
    expect(letter).toMatch(/^\[TLP:RED\] K posouzení:/)
    expect(letter).not.toContain('faktur')
    expect(stage.to(third)).toEqual([])
    await publish(stage.db, id, stage.kveta, tuesday)
    const own = (await letters(stage.karel, tuesday)).join()
    expect(own).toContain('Květa Koordinátorka vydal(a) vaše varování HSOC-2026-')
    expect(own).not.toContain('faktur')
    expect(
      await stage.db.engine.query(`select 1 from deliveries where kind = 'talk' and 2 = any (readers)`),
    ).toMatchObject({ rowCount: 0 })
  })

  it('all hear once of an emergency that nobody has looked at for a day', async () => {
    await declare(
      stage.db,
      stage.karel,
      { startsAt: tuesday, endsAt: tuesday + day, reason: 'Noční služba' },
      tuesday,
    )
    const id = await stage.written({ kind: 'emergency', severity: 4 })
    await publish(stage.db, id, stage.karel, tuesday)
    expect(await remindReviewers(stage.db, tuesday + 23 * hour)).toBe(0)
    expect(await remindReviewers(stage.db, tuesday + 24 * hour)).toBe(3)
    expect(await remindReviewers(stage.db, tuesday + 30 * hour)).toBe(0)
    const [letter = ''] = await letters(stage.kveta, tuesday + 24 * hour)
    expect(letter).toMatch(/NEPOSOUZENO: HSOC-2026-/)
    expect(letter).toContain('vydal jediný koordinátor ve službě (Karel Koordinátor)')
    await judge(stage.db, id, stage.kveta, tuesday + 31 * hour)
    expect(await remindReviewers(stage.db, tuesday + 60 * hour)).toBe(0)
  })

  it('who have left are written to no more', async () => {
    const gone = await addPerson(stage.db, 'Bývalý Koordinátor', [['coordinator', null]])
    await stage.db.engine.query('update engagements set valid_to = $2 where person_id = $1', [
      gone.person,
      new Date(tuesday),
    ])
    const id = await stage.written()
    await submit(stage.db, id, stage.karel, tuesday)
    await letters(stage.kveta, tuesday)
    expect(stage.to(gone)).toEqual([])
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf } from '../../../test/belongings.ts'
import { addHospital, addPerson, createDatabase, type TestDatabase } from '../../../test/harness.ts'
import { heard } from '../../../test/heard.ts'
import { utc } from '../../../test/public-web.ts'
import { textOf } from '../../../test/warning-pages.ts'
import { openPages } from '../../app.ts'
import { type Actor, asActor, asReader } from '../../platform/access.ts'
import type { Bus } from '../../platform/bus.ts'
import { homeZone } from '../../platform/dates.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { type Status, statuses, transitions } from './plan.ts'
import { addAction, addGoal, type NewAction, rewordAction } from './plan-goals.ts'
import { addEvidence, moveDate, update } from './plan-progress.ts'
import { isOverdue, planAction } from './plan-read.ts'

const both = (cs: string, en = '') => ({ cs, en })

describe('the action plan', () => {
  let db: TestDatabase
  let app: App
  let now = utc('2026-01-05')
  let coordinator: Actor
  let representative: Actor
  let goal: number
  let bus: Bus
  let stop: () => Promise<void>
  beforeAll(async () => {
    db = await createDatabase()
    coordinator = await addPerson(db, 'Koordinátorka Vzorová', [['coordinator', null]])
    const hospital = await addHospital(db, 'Nemocnice Horní Výmysl', ['192.0.2.0/25'])
    representative = await addPerson(db, 'Zástupce Zkušební', [['representative', hospital]])
    const made = contextOf(db, () => now)
    bus = made.context.bus
    stop = made.stop
    app = await openPages(made.context)
    goal = await addGoal(
      db,
      coordinator,
      { title: both('Včas varovat', 'Warn in time'), paragraph: 'čl. 2' },
      now,
    )
  })
  afterAll(async () => {
    await app.close()
    await stop()
    await db.drop()
  })

  const wanted = (over: Partial<NewAction> = {}): NewAction => ({
    goal,
    title: both('Senzory v nemocnicích', 'Sensors at hospitals'),
    owner: 'hSOC-Tech',
    public: true,
    startOn: '2026-01-05',
    dueOn: '2026-06-30',
    ...over,
  })
  const action = (over: Partial<NewAction> = {}) => addAction(db, coordinator, wanted(over), now)
  const seen = (id: number, as: Actor | null = coordinator) =>
    asReader(db, as, now, (tx) => planAction(tx, id, now, homeZone))
  const fieldsOf = async (work: Promise<unknown>): Promise<unknown> => {
    const refused = await work.catch((error: unknown) => error)
    return refused instanceof Invalid ? refused.fields : refused
  }
  /** The public text of one action, with ordinary spaces. */
  async function said(id: number, lang: 'cs' | 'en' = 'cs'): Promise<string> {
    // Pages are kept as drawn until the node has heard of a change.
    await heard(bus, db, 'site')
    const { body } = await app.inject({ url: lang === 'cs' ? '/cs/akcni-plan' : '/en/action-plan' })
    const article = new RegExp(`<article class="plan-action" id="action-${id}">.*?</article>`, 's').exec(body)
    return textOf((article?.[0] ?? '').replaceAll(/<\/?del>/g, '')).replaceAll('\u00a0', ' ')
  }

  it('shows a slip as it was: dates, how often, by how many days, and why', async () => {
    now = utc('2026-01-05')
    const id = await action()
    await update(db, coordinator, id, { status: 'running', progress: 20, text: both('Začali jsme') }, now)
    expect(await said(id)).toContain('do 30. 6. 2026')
    expect(await said(id)).not.toContain('původně')

    now = utc('2026-06-10')
    await moveDate(db, coordinator, id, { newOn: '2026-09-30', reason: both('dodavatel') }, now)
    now = utc('2026-09-30')
    expect(await said(id)).not.toContain('po termínu')

    now = utc('2026-10-01')
    expect(await said(id)).toContain('po termínu')
    await moveDate(db, coordinator, id, { newOn: '2026-12-15', reason: both('personální kapacita') }, now)

    now = utc('2026-11-21')
    const text = await said(id)
    expect(text).toContain('do 15. 12. 2026, původně 30. 6. 2026, posunuto 2×, o 168 dní')
    expect(text).not.toContain('po termínu')
    expect(text).toContain('z 30. 6. 2026 na 30. 9. 2026, důvod: dodavatel')
    expect(text).toContain('z 30. 9. 2026 na 15. 12. 2026, důvod: personální kapacita')
    const { body } = await app.inject({ url: '/cs/akcni-plan' })
    expect(body.replaceAll('\u00a0', ' ')).toContain('původně <del>30. 6. 2026</del>, posunuto')
    const english = await said(id, 'en')
    expect(english).toContain('due 15 Dec 2026, originally 30 Jun 2026, moved 2×, by 168 days')
    expect(english).toContain('personální kapacita (not translated)')
  })

  it('says of a date brought forward or back what it is', async () => {
    now = utc('2026-02-01')
    const id = await action()
    await moveDate(db, coordinator, id, { newOn: '2026-06-29', reason: both('dřív') }, now)
    expect(await said(id)).toContain('do 29. 6. 2026, původně 30. 6. 2026, posunuto 1×, o 1 den dříve')
    await moveDate(db, coordinator, id, { newOn: '2026-06-30', reason: both('zpět') }, now)
    expect(await said(id)).toContain('posunuto 2× a zpět')
  })

  it('is late from the day after the date on, in the sector\u2019s own zone', async () => {
    now = utc('2026-02-01')
    const id = await action({ dueOn: '2026-03-28' })
    now = Date.parse('2026-03-28T22:59:00Z')
    expect(await said(id)).not.toContain('po termínu')
    now = Date.parse('2026-03-28T23:00:00Z')
    expect(await said(id)).toContain('po termínu')
    for (const status of statuses)
      expect(isOverdue(status, '2026-03-28', '2026-03-29')).toBe(status === 'planned' || status === 'running')
  })

  it('moves a date only with a reason, and never of what is over', async () => {
    now = utc('2026-02-01')
    const id = await action()
    const move = (newOn: string, reason: { cs: string; en: string }) =>
      fieldsOf(moveDate(db, coordinator, id, { newOn, reason }, now))
    expect(await move('2026-09-30', both(' '))).toEqual({ reason_cs: 'text' })
    expect(await move('2026-06-30', both('x'))).toEqual({ new_on: 'same' })
    expect(await move('2026-02-30', both('x'))).toEqual({ new_on: 'day' })
    expect(await move('2026-01-31', both('x'))).toEqual({ new_on: 'past' })
    expect(await move('9999-12-31', both('x'))).toEqual({ new_on: 'day' })
    await update(db, coordinator, id, { status: 'stopped', progress: 0, text: both('Není potřeba') }, now)
    await expect(
      moveDate(db, coordinator, id, { newOn: '2026-09-30', reason: both('x') }, now),
    ).rejects.toThrow(WrongState)
    expect((await seen(id)).dueOn).toBe('2026-06-30')
  })

  it('never gets on without a text, nor done without evidence', async () => {
    now = utc('2026-02-01')
    const id = await action()
    const to = (status: Status, progress: number, text = both('Pokrok')) =>
      fieldsOf(update(db, coordinator, id, { status, progress, text }, now))
    expect(await to('running', 50, both(''))).toEqual({ text_cs: 'text' })
    for (const progress of [-1, 101, 1.5, Number.NaN])
      expect(await to('running', progress)).toEqual({ progress: 'progress' })
    expect(await to('done', 100)).toEqual({ status: 'evidence' })
    expect(await seen(id)).toMatchObject({ status: 'planned', progress: 0 })
    const evidence = { kind: 'document' as const, label: both('Zápis'), link: 'https://hsoc.example/zapis' }
    expect(
      await fieldsOf(addEvidence(db, coordinator, id, { ...evidence, link: 'javascript:alert(1)' }, now)),
    ).toEqual({
      link: 'link',
    })
    await addEvidence(db, coordinator, id, evidence, now)
    expect(await to('done', 10)).toBeUndefined()
    expect(await seen(id)).toMatchObject({ status: 'done', progress: 100, overdue: false })
    expect(await said(id)).toContain('Doklad: Zápis (dokument)')
  })

  it('keeps the rule of evidence in the database too', async () => {
    now = utc('2026-02-01')
    const id = await action()
    await expect(
      asActor(db, coordinator, now, (tx) =>
        tx.query(
          `insert into plan_updates (action_id, at, status, progress, text_cs) values ($1, now(), 'done', 100, 'x')`,
          [id],
        ),
      ),
    ).rejects.toThrow(/row-level security/)
    for (const sql of [
      'update plan_actions set first_due_on = now() where id = $1',
      'delete from plan_date_changes where action_id = $1',
      `update plan_updates set text_cs = 'x' where action_id = $1`,
      'delete from plan_evidence where action_id = $1',
    ])
      await expect(asActor(db, coordinator, now, (tx) => tx.query(sql, [id]))).rejects.toThrow(
        /permission denied/,
      )
  })

  it('goes from state to state as the table says', async () => {
    now = utc('2026-02-01')
    for (const from of statuses)
      for (const status of statuses) {
        const id = await action()
        const evidence = { kind: 'counter' as const, label: both('Čísla'), link: '/cs/cisla' }
        await addEvidence(db, coordinator, id, evidence, now)
        if (from !== 'planned')
          await update(db, coordinator, id, { status: from, progress: 10, text: both('x') }, now)
        const answer = await fieldsOf(
          update(db, coordinator, id, { status, progress: 10, text: both('x') }, now),
        )
        const allowed: readonly Status[] = transitions[from]
        expect([from, status, answer]).toEqual([
          from,
          status,
          allowed.includes(status) ? undefined : { status: 'status' },
        ])
      }
  })

  it('keeps what was stopped on the page, with why', async () => {
    now = utc('2026-02-01')
    const id = await action()
    await update(
      db,
      coordinator,
      id,
      { status: 'stopped', progress: 5, text: both('Stačí společné řešení') },
      now,
    )
    expect(await said(id)).toContain('Zastaveno: Stačí společné řešení')
  })

  it('shows nobody but coordinators what is not public', async () => {
    now = utc('2026-02-01')
    const id = await action({ title: both('Tajný krok'), public: false })
    await update(db, coordinator, id, { status: 'running', progress: 1, text: both('Tajná zpráva') }, now)
    for (const url of ['/cs/akcni-plan', '/cs/akcni-plan.csv', '/cs/akcni-plan.atom'])
      expect((await app.inject({ url })).body).not.toContain('Tajn')
    for (const as of [null, representative]) await expect(seen(id, as)).rejects.toThrow(NotFound)
    await rewordAction(
      db,
      coordinator,
      id,
      { title: both('Známý krok'), owner: 'hSOC-Man', public: true },
      now,
    )
    expect(await said(id)).toContain('Známý krok')
  })

  it('is changed by coordinators alone', async () => {
    now = utc('2026-02-01')
    const id = await action()
    const text = both('x')
    for (const work of [
      addGoal(db, representative, { title: text, paragraph: '' }, now),
      addAction(db, representative, wanted(), now),
      update(db, representative, id, { status: 'running', progress: 1, text }, now),
      moveDate(db, representative, id, { newOn: '2026-09-30', reason: text }, now),
      addEvidence(db, representative, id, { kind: 'document', label: text, link: '/cs' }, now),
      rewordAction(db, representative, id, wanted(), now),
    ])
      await expect(work).rejects.toThrow(Forbidden)
  })

  it('refuses an action that cannot be', async () => {
    now = utc('2026-02-01')
    expect(await fieldsOf(action({ title: both('') }))).toEqual({ title_cs: 'text' })
    expect(await fieldsOf(action({ owner: ' ' }))).toEqual({ owner: 'owner' })
    expect(await fieldsOf(action({ dueOn: '2026-01-04' }))).toEqual({ due: 'due-before' })
    expect(await fieldsOf(action({ startOn: 'zítra' }))).toEqual({ start: 'day' })
    expect(await fieldsOf(action({ title: both('a'.repeat(201), '\0') }))).toEqual({
      title_cs: 'text-long',
      title_en: 'text-long',
    })
    await expect(action({ goal: 999_999 })).rejects.toThrow(NotFound)
  })

  it('goes out as a table that no spreadsheet would run', async () => {
    now = utc('2026-02-01')
    const id = await action({ title: both('=1+1 "krok", jeden') })
    const answer = await app.inject({ url: '/cs/akcni-plan.csv' })
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8')
    const line = answer.body.split('\r\n').find((row) => row.startsWith(`${id},`))
    expect(line).toContain(`"'=1+1 ""krok"", jeden"`)
    expect(line).toContain('hSOC-Tech,2026-01-05,2026-06-30,2026-06-30,0,0,,plánováno,0,ne')
    expect((await app.inject({ url: '/en/action-plan.csv' })).body).toContain('First date')
  })
})

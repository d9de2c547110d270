/** What must not warn, or warn apart and marked, or with less weight: whole ways through the built program. */
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { until } from '../faults/program.ts'
import type { Journey, Told } from './stage.ts'

const one = (told: Told[]): boolean => told.length === 1
const first = (told: Told[]): Told => told[0] as Told

/** As a form's field has it, on the clocks of Prague. */
const local = (at: number): string =>
  new Date(at).toLocaleString('sv-SE', { timeZone: 'Europe/Prague' }).replace(' ', 'T').slice(0, 16)
const hour = 3_600_000

export function apart(journey: () => Journey): void {
  describe('kept apart', { timeout: 120_000 }, () => {
    /** The hospital's own figures of this day; when they were last looked at is none of them. */
    const today = async ({ people }: Journey): Promise<unknown> => {
      const day = new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Prague' })
      const { status, text } = await people.admin.get(`/api/v1/days/${day}`)
      expect(status).toBe(200)
      return { ...JSON.parse(text), changed_at: null }
    }

    it('an exercise: marked on every screen and mail, and out of the figures', async () => {
      const here = journey()
      const { people } = here
      const times = { starts: local(Date.now() - hour), ends: local(Date.now() + hour) }
      const exercise = { id: 'podzim-2026', title: 'Podzimní cvičení', ...times }
      expect((await people.admin.post('/exercises', exercise)).status).toBe(403)
      expect((await people.coordinator.post('/exercises', exercise)).status).toBe(303)
      // It counts for what comes two seconds later, when each door has heard of it.
      await pause(5_000)
      const before = await today(here)
      const attack = { category: 'Attempt.Exploit', source: '203.0.113.70', target: '192.0.2.70' }
      await here.happen({ ...attack, exercise: exercise.id })
      const warning = first(await here.warned('admin', '?exercise=1', one))
      expect(warning.exercise).toBe(exercise.id)
      const [mail] = await here.mails('admin', warning.number)
      expect(mail?.subject).toContain('CVIČENÍ / EXERCISE')
      expect(mail?.text).toContain('CVIČENÍ / EXERCISE')
      expect(mail?.headers.get('x-hsoc-kind')).toBe('exercise')
      const link = /https:\/\/localhost:\d+(\/a\/[\w.-]+)/.exec(mail?.text ?? '')?.[1] as string
      const mark = /CVIČENÍ|EXERCISE/
      for (const page of [`/warnings/${warning.id}`, '/warnings?exercise=1'])
        expect((await people.admin.get(page)).text).toMatch(mark)
      expect((await here.visitor.get(link)).text).toMatch(mark)
      expect(await people.admin.warnings('?text=203.0.113.70')).toEqual([])
      expect(await today(here)).toEqual(before)
    })

    it('a member’s announced test: no warning and no mail, but to be seen with its reason, until it is withdrawn', async () => {
      const here = journey()
      const { people, post } = here
      const mails = post.to('admin@journey.example').length
      const form = {
        starts: local(Date.now() - hour),
        ends: local(Date.now() + hour),
        note: 'Zkoušku vede Pentest s.r.o.',
      }
      const test = { ...form, addresses: '203.0.113.80' }
      expect((await people.admin.post('/announced-tests', test)).status).toBe(303)
      const attack = { category: 'Attempt.Exploit', source: '203.0.113.80', target: '192.0.2.80' }
      await here.happen(attack)
      const page = '/suppressed?outcome=announced-test'
      await until('the silence shows', async () =>
        (await people.admin.get(page)).text.includes('203.0.113.80'),
      )
      expect((await people.coordinator.get(page)).text).toContain('203.0.113.80')
      expect((await people.foreign.get(page)).text).not.toContain('203.0.113.80')
      expect((await people.coordinator.get('/announced-tests')).text).toContain('203.0.113.80')
      expect(await people.admin.warnings('?text=203.0.113.80')).toEqual([])
      expect(post.to('admin@journey.example')).toHaveLength(mails)

      const shown = (await people.admin.get('/announced-tests')).text
      const withdrawal = /\/announced-tests\/\d+\/withdrawal/.exec(shown)?.[0] as string
      expect((await people.foreign.post(withdrawal, {})).status).toBe(404)
      expect((await people.admin.post(withdrawal, {})).status).toBe(303)
      await here.happen(attack)
      await here.warned('admin', '?text=203.0.113.80', one)
    })

    it('false alarms lower a detector’s weight, which says so and can be taken back', async () => {
      const here = journey()
      const { people } = here
      const attack = (n: number) => ({
        category: 'Attempt.Exploit',
        source: `203.0.113.${n}`,
        target: '192.0.2.90',
      })
      const warned = async (n: number): Promise<Told> => {
        await here.happen(attack(n))
        return first(await here.warned('admin', `?text=203.0.113.${n}`, one))
      }
      for (let n = 101; n <= 105; n++) {
        const { id, severity } = await warned(n)
        expect(severity).toBe('high')
        expect((await people.admin.post(`/warnings/${id}/answer`, { answer: 'false_alarm' })).status).toBe(
          303,
        )
      }
      const less = await warned(106)
      expect(less.severity).toBe('medium')
      const { explanation } = JSON.parse((await people.admin.get(`/api/v1/warnings/${less.id}`)).text)
      expect(explanation.detectors).toEqual([{ name: 'example.journey.wall', lowered: true }])
      const critical = async (host: string): Promise<Told> => {
        await here.happen({ category: 'Intrusion.AdminCompromise', source: '203.0.113.9', target: host })
        return first(await here.warned('admin', `?text=${host}`, one))
      }
      expect((await critical('192.0.2.99')).severity).toBe('critical')

      const page = (await people.coordinator.get('/credibility')).text
      const rows = page
        .split('<tr')
        .filter((row) => row.includes('Horní Výmysl') && row.includes('restoration'))
      // Lowered ones stand first; what was answered otherwise is listed below.
      expect(rows[0]).toContain('example.journey.wall')
      const field = (name: string): string =>
        new RegExp(`name="${name}" value="(\\d+)"`).exec(rows[0] ?? '')?.[1] ?? ''
      const which = { detector: field('detector'), cls: field('cls'), org: field('org') }
      expect((await people.admin.post('/credibility/restoration', which)).status).toBe(403)
      expect((await people.coordinator.post('/credibility/restoration', which)).status).toBe(303)
      expect((await warned(107)).severity).toBe('high')
    })
  })
}

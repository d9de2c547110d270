/** From a sensor's event to the hospital's screen and mailbox and back to the coordinator: whole ways through the built program. */
import { describe, expect, it } from 'vitest'
import { until } from '../faults/program.ts'
import { dolni, horni, type Journey, type Told } from './stage.ts'

const one = (told: Told[]): boolean => told.length === 1
const first = (told: Told[]): Told => told[0] as Told

export function warned(journey: () => Journey): void {
  describe('a hospital is warned', { timeout: 120_000 }, () => {
    it('of its own compromised host: list, live page, mail, answer by the mail’s button, and the coordinator sees how fast', async () => {
      const here = journey()
      const { people, visitor, post } = here
      const [live, coordinators] = await Promise.all([people.admin.listen(), people.coordinator.listen()])
      await here.happen({ category: 'Intrusion.Botnet', source: '192.0.2.9', target: '203.0.113.5' })
      await until('the open page is told', () => live.heard().includes('"topic":"warnings"'))
      await until('the open wall is told', () => coordinators.heard().includes('"topic":"warnings"'))
      live.close()
      coordinators.close()
      const warning = first(await here.warned('admin', '?text=192.0.2.9', one))
      expect(warning).toMatchObject({ rule: 'W1', answer: 'pending', organisation: { name: horni } })
      expect((await people.admin.get('/warnings')).text).toContain(warning.number)

      const [mail] = await here.mails('admin', warning.number)
      const link = /https:\/\/localhost:\d+(\/a\/[\w.-]+)/.exec(mail?.text ?? '')?.[1] as string
      for (let i = 0; i < 3; i++) {
        const looked = await visitor.get(`${link}?answer=working`)
        expect(looked.status).toBe(200)
        expect(looked.text).toContain('<button')
      }
      expect(first(await people.admin.warnings('?text=192.0.2.9')).answer).toBe('pending')
      expect((await visitor.post(link, { answer: 'working' })).status).toBe(303)

      const seen = first(await people.coordinator.warnings('?text=192.0.2.9'))
      expect(seen).toMatchObject({ answer: 'working', answered_by: expect.stringContaining('admin') })
      expect(Date.parse(seen.answered_at as string)).toBeGreaterThanOrEqual(Date.parse(seen.opened_at))
      const times = (await people.coordinator.get('/answers?days=7')).text
      expect(times).toMatch(new RegExp(`${horni}[\\s\\S]{0,600}\\d+(\\.\\d+)? ?(s|sec)`))

      const page = `/warnings/${warning.id}`
      expect((await people.foreign.get('/warnings')).text).not.toContain(warning.number)
      expect((await people.foreign.get(page)).status).toBe(404)
      expect((await people.foreign.get(`/api/v1${page}`)).status).toBe(404)
      expect((await people.foreign.post(`${page}/answer`, { answer: 'done' })).status).toBe(404)
      expect(post.to('foreign@journey.example')).toEqual([])
    })

    it('of an attack that got through, and again when it comes back after it was done', async () => {
      const here = journey()
      const { people } = here
      const attack = { category: 'Attempt.Exploit', source: '203.0.113.40', target: '192.0.2.40' }
      await here.happen(attack)
      const warning = first(await here.warned('admin', '?text=203.0.113.40', one))
      expect(warning).toMatchObject({ rule: 'W3', severity: 'high', state: 'open' })
      await here.mails('admin', warning.number)
      const page = `/warnings/${warning.id}`
      expect((await people.admin.post(`${page}/answer`, { answer: 'done' })).status).toBe(303)
      expect(first(await people.admin.warnings('?text=203.0.113.40'))).toMatchObject({
        state: 'closed',
        answer: 'done',
      })

      await here.happen(attack)
      const again = first(
        await here.warned('admin', '?text=203.0.113.40', ([told]) => told?.state === 'reopened'),
      )
      expect(again).toMatchObject({ id: warning.id, number: warning.number, answer: 'pending' })
      const [, relapse] = await here.mails('admin', warning.number, 2)
      expect(relapse?.headers.get('x-hsoc-kind')).toBe('relapse')
    })

    it('with a question to the coordinators, their reply, a note, and somebody who takes care', async () => {
      const here = journey()
      const { people } = here
      await here.happen({ category: 'Attempt.Exploit', source: '203.0.113.50', target: '192.0.2.50' })
      const warning = first(await here.warned('admin', '?text=203.0.113.50', one))
      const page = `/warnings/${warning.id}`
      expect((await people.admin.get(page)).text).toContain('+420 555 010 010')
      expect((await people.admin.post(`${page}/question`, { text: 'Je to naše kamera?' })).status).toBe(303)
      await here.mails('coordinator', warning.number)
      expect((await people.coordinator.get(page)).text).toContain('Je to naše kamera?')
      expect((await people.coordinator.post(`${page}/reply`, { text: 'Ano, na recepci.' })).status).toBe(303)
      const [, reply] = await here.mails('admin', warning.number, 2)
      expect(reply?.text).not.toContain('Ano, na recepci.')
      expect((await people.admin.post(`${page}/note`, { text: 'Odpojena ze sítě.' })).status).toBe(303)
      const shown = (await people.admin.get(page)).text
      for (const said of ['Je to naše kamera?', 'Ano, na recepci.', 'Odpojena ze sítě.'])
        expect(shown).toContain(said)

      const choice = /<option value="(\d+)"[^>]*>[^<]*both/i.exec(shown)?.[1] as string
      expect((await people.admin.post(`${page}/assignee`, { person: choice })).status).toBe(303)
      expect(first(await people.both.warnings('?text=203.0.113.50')).assignee).toContain('both')
      expect((await people.foreign.post(`${page}/note`, { text: 'Nahlížím.' })).status).toBe(404)
      expect((await people.coordinator.get(page)).text).not.toContain('Nahlížím.')
    })

    it('and who serves two hospitals sees both, or one at a time', async () => {
      const here = journey()
      const { people } = here
      await here.happen({ category: 'Attempt.Exploit', source: '203.0.113.60', target: '192.0.2.160' })
      const [theirs] = await here.warned('both', '?text=203.0.113.60', one)
      expect(theirs?.organisation?.name).toBe(dolni)
      const all = await people.both.warnings()
      const names = (told: Told[]) => [...new Set(told.map((w) => w.organisation?.name))].sort()
      expect(names(all)).toEqual([dolni, horni].sort())
      const alone = await people.both.warnings(`?org=${theirs?.organisation?.id}`)
      expect(names(alone)).toEqual([dolni])
      expect(await people.admin.warnings(`?org=${theirs?.organisation?.id}`)).toEqual([])
      const [merged, single] = await Promise.all(
        ['/', `/?org=${theirs?.organisation?.id}`].map(people.both.get),
      )
      expect([merged?.status, single?.status]).toEqual([200, 200])
      const own = all.find((w) => w.organisation?.name === horni && w.state !== 'closed') as Told
      expect(merged?.text).toContain(`/warnings/${own.id}`)
      expect(merged?.text).toContain(`/warnings/${theirs?.id}`)
      expect(single?.text).not.toContain(`/warnings/${own.id}`)
    })
  })
}

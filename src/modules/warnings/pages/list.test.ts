import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tuesday } from '../../../../test/harness.ts'
import {
  openPagesStage,
  type PagesStage,
  rowsIn,
  textOf,
  type Visitor,
  warn,
} from '../../../../test/warning-pages.ts'
import { csvFile } from '../../../platform/csv.ts'

describe('the list of warnings', () => {
  let stage: PagesStage
  beforeAll(async () => {
    stage = await openPagesStage()
    for (let n = 0; n < 120; n++)
      await warn(stage, stage.horni, { severity: 1 + (n % 4), openedAt: tuesday - n * 60_000 })
    for (let n = 0; n < 7; n++)
      await warn(stage, stage.dolni, { severity: 2, openedAt: tuesday - n * 60_000 })
    await warn(stage, null, { severity: 2, words: 'W7-sector', cls: null })
    await warn(stage, stage.horni, { lane: 2 })
  })
  afterAll(() => stage?.close())

  /** Walks all pages; the count said and the rows seen. */
  async function walk(who: Visitor, query: string): Promise<{ said: number; rows: number }> {
    let url: string | undefined = `/warnings?${query}`
    let rows = 0
    let said = -1
    while (url) {
      const { body, status } = await who.get(url)
      expect(status).toBe(200)
      said = Number(
        /(?:celkem|Celkem) ([\d\u00a0 ]+)/.exec(textOf(body))?.[1]?.replace(/\D/g, '') ?? rowsIn(body),
      )
      rows += rowsIn(body)
      url = /<a rel="next" href="([^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&')
    }
    return { said, rows }
  }

  it('opens as many rows as it counts, whatever the filter', async () => {
    const admin = await stage.as(stage.people.admin)
    for (const [query, rows] of [
      ['', 120],
      ['severity=3', 60],
      ['state=concerning', 120],
      ['answer=done', 0],
      ['text=203.0.113.66', 120],
      ['rule=W7', 0],
      [`to=${tuesday - 60_000}`, 118],
    ] as const)
      expect(await walk(admin, query), query).toEqual({ said: rows, rows })
  })

  it('is found by a name that the organisation bore earlier', async () => {
    await stage.db.engine.query(
      `insert into organisation_names (org_id, name, kind, added_at) values ($1, 'Nemocnice U Starého mlýna', 'earlier', now())`,
      [stage.dolni.id],
    )
    const coordinator = await stage.as(stage.people.coordinator)
    expect((await walk(coordinator, `text=${encodeURIComponent('starého mlýna')}`)).rows).toBe(7)
    const admin = await stage.as(stage.people.admin)
    expect((await walk(admin, `text=${encodeURIComponent('starého mlýna')}`)).rows).toBe(0)
  })

  it('shows each reader its own, and coordinators all', async () => {
    const of = async (who: keyof PagesStage['people'], query = ''): Promise<number> =>
      (await walk(await stage.as(stage.people[who]), query)).rows
    expect(await of('foreign')).toBe(7)
    expect(await of('both')).toBe(127)
    expect(await of('both', `org=${stage.dolni.id}`)).toBe(7)
    expect(await of('coordinator')).toBe(128)
    expect(await of('foreign', `org=${stage.horni.id}`)).toBe(0)
  })

  it('gives the same rows as JSON', async () => {
    const foreign = await stage.as(stage.people.foreign)
    const answer = JSON.parse((await foreign.api('GET', '/api/v1/warnings?limit=5')).body)
    expect([answer.total, answer.warnings.length]).toEqual([7, 5])
    const rest = JSON.parse((await foreign.api('GET', `/api/v1/warnings?limit=5&after=${answer.next}`)).body)
    expect([rest.warnings.length, rest.next]).toEqual([2, null])
    expect((await foreign.api('GET', '/api/v1/warnings?state=odd')).status).toBe(422)
  })

  it('gives all rows of the filter as CSV, and no formula', async () => {
    const admin = await stage.as(stage.people.admin)
    const { body } = await admin.get('/warnings.csv?severity=4')
    expect(body.trim().split('\r\n').length).toBe(31)
    await stage.db.engine.query(`update organisations set name = $2 where id = $1`, [
      stage.dolni.id,
      '=HYPERLINK("https://zlo.example")',
    ])
    const foreign = await stage.as(stage.people.foreign)
    expect((await foreign.get('/warnings.csv')).body).toContain(`"'=HYPERLINK(""https://zlo.example"")"`)
    await stage.db.engine.query(`update organisations set name = $2 where id = $1`, [
      stage.dolni.id,
      stage.dolni.name,
    ])
    for (const first of ['=', '+', '-', '@', '\t', '\r'])
      expect(csvFile(['a'], [[`${first}1`]])).toContain(`'${first}1`)
    expect(csvFile(['a'], [[-5]])).toContain('\r\n-5\r\n')
  })

  it('opens with an address that nobody understands', async () => {
    const admin = await stage.as(stage.people.admin)
    for (const query of [
      'after=x',
      'severity=9',
      'state=zzz',
      `text=${encodeURIComponent("%' or 1=1 --")}`,
      'org=999999999999',
      'from=abc',
      'after=1-1-1',
    ])
      expect((await admin.get(`/warnings?${query}`)).status, query).toBe(200)
    const { body } = await admin.get(`/warnings?text=${encodeURIComponent('"><script>alert(1)</script>')}`)
    expect(body).not.toContain('<script>alert')
  })
})

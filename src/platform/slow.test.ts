import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf } from '../../test/belongings.ts'
import { createDatabase, type TestDatabase, tuesday } from '../../test/harness.ts'
import { errorPage } from '../refusals.tsx'
import { asActor, longestMs } from './access.ts'
import { TooSlow } from './errors.ts'
import { type App, openApp } from './http.ts'

describe('an answer that would take too long', () => {
  let db: TestDatabase
  let app: App
  let stop: () => Promise<void>
  beforeAll(async () => {
    db = await createDatabase()
    const { context, stop: stopBus } = contextOf(db)
    stop = stopBus
    app = await openApp(context, errorPage)
    for (const url of ['/slow', '/api/v1/slow'])
      app.get(url, { config: { access: { who: 'anyone' } }, schema: { hide: true } }, sleep)
    await app.ready()
  })
  afterAll(async () => {
    await app.close()
    await stop()
    await db.drop()
  })

  /** Sleeps past a limit that is shorter than the one in force. */
  const sleep = (): Promise<unknown> =>
    asActor(db, null, tuesday, async (tx) => {
      await tx.query(`set local statement_timeout = '50ms'`)
      await tx.query('select pg_sleep(20)')
    })

  it('is bounded for whatever a person asked, and for nothing after it on the same connection', async () => {
    const limit = 'select setting::int as ms from pg_settings where name = $1'
    const read = async (from: Pick<TestDatabase['app'], 'query'>): Promise<number> =>
      (await from.query<{ ms: number }>(limit, ['statement_timeout'])).rows[0]?.ms ?? -1
    expect(await asActor(db, null, tuesday, (tx) => read(tx as TestDatabase['app']))).toBe(longestMs)
    expect([await read(db.app), await read(db.engine)]).toEqual([0, 0])
    await expect(sleep()).rejects.toThrow(TooSlow)
    expect(await asActor(db, null, tuesday, (tx) => read(tx as TestDatabase['app']))).toBe(longestMs)
  })

  it('ends as 503 with a sentence that says what to do', async () => {
    const page = await app.inject({ url: '/slow', headers: { accept: 'text/html', 'accept-language': 'cs' } })
    expect([page.statusCode, page.headers['retry-after']]).toEqual([503, '10'])
    expect(page.body).toContain('Odpověď by trvala příliš dlouho')
    expect(page.body).not.toContain('Databáze teď neodpovídá')
    const answer = await app.inject({ url: '/api/v1/slow' })
    expect([answer.statusCode, answer.json().error]).toEqual([503, 'unavailable'])
    expect(answer.json().message).toContain('Ask for less')
  })
})

/** Live news go to those who may see what changed, and to nobody else. */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../src/platform/access.ts'
import { openPagesStage, type PagesStage, warn } from './warning-pages.ts'

describe('live news', () => {
  let stage: PagesStage
  let port: number
  const open: http.ClientRequest[] = []
  beforeAll(async () => {
    stage = await openPagesStage()
    await stage.app.listen({ host: '127.0.0.1', port: 0 })
    port = (stage.app.server.address() as AddressInfo).port
  })
  afterAll(async () => {
    for (const request of open) request.destroy()
    await stage?.close()
  })

  /** What a reader's open page was told since it settled: the first connection to the database is told to all. */
  async function listen(actor: Actor): Promise<() => string> {
    const cookie = await stage.cookie(actor)
    let told = ''
    await new Promise<void>((resolve, reject) => {
      const request = http.get({ host: '127.0.0.1', port, path: '/live', headers: { cookie } }, (answer) => {
        answer.setEncoding('utf8').on('data', (piece: string) => {
          told += piece
        })
        answer.on('error', () => {})
        resolve()
      })
      request.on('error', reject)
      open.push(request)
    })
    await new Promise((done) => setTimeout(done, 1_000))
    const settled = told.length
    return () => told.slice(settled)
  }

  it('tell of a warning whom it concerns and the coordinators, nobody else', async () => {
    const [own, other, both, coordinator, operator] = await Promise.all(
      [
        stage.people.admin,
        stage.people.foreign,
        stage.people.both,
        stage.people.coordinator,
        stage.people.operator,
      ].map(listen),
    )
    const id = await warn(stage, stage.horni)
    await stage.db.engine.query(`select announce('warnings', $1)`, [String(id)])
    const news = '"topic":"warnings"'
    for (const heard of [own, both, coordinator])
      await expect.poll(() => heard?.(), { timeout: 10_000 }).toContain(news)
    // Those others have had their turn by now: one announcement reaches all streams of the process together.
    await new Promise((done) => setTimeout(done, 1_000))
    expect(other?.()).not.toContain(news)
    expect(operator?.()).not.toContain(news)
  })

  it('end for a person whose rights changed, on every node, and for nobody else', async () => {
    const ended: string[] = []
    const watch = async (name: string, actor: Actor): Promise<void> => {
      const cookie = await stage.cookie(actor)
      await new Promise<void>((resolve) => {
        const request = http.get(
          { host: '127.0.0.1', port, path: '/live', headers: { cookie } },
          (answer) => {
            answer.resume().on('end', () => ended.push(name))
            resolve()
          },
        )
        open.push(request)
      })
    }
    await watch('foreign', stage.people.foreign)
    await watch('admin', stage.people.admin)
    await stage.db.engine.query('select people_set_readers($1)', [stage.people.foreign.person])
    await expect.poll(() => ended, { timeout: 10_000 }).toEqual(['foreign'])
  })

  it('name a topic and nothing more', async () => {
    const heard = await listen(stage.people.admin)
    await stage.db.engine.query(`select announce('derived', '1'), announce('warnings', 'no number')`)
    await expect.poll(() => heard(), { timeout: 10_000 }).toContain('"topic":"derived"')
    await expect.poll(() => heard(), { timeout: 10_000 }).toContain('"topic":"warnings"')
    for (const line of heard()
      .split('\n')
      .filter((text) => text.startsWith('data:')))
      expect(Object.keys(JSON.parse(line.slice(5)))).toEqual(['topic'])
  })

  it('are for nobody who is not signed in', async () => {
    const status = await new Promise<number>((resolve) => {
      http.get({ host: '127.0.0.1', port, path: '/live' }, (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      })
    })
    expect([303, 401, 403]).toContain(status)
  })
})

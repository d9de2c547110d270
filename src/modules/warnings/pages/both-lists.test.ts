import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addPerson, tuesday } from '../../../../test/harness.ts'
import {
  openPagesStage,
  type PagesStage,
  rowsIn,
  textOf,
  type Visitor,
  warn,
} from '../../../../test/warning-pages.ts'
import { draftOf } from '../../../../test/writing.ts'
import type { Actor } from '../../../platform/access.ts'
import { create, submit } from '../written/edit.ts'
import { publish } from '../written/publish.ts'
import { revoke } from '../written/revoke.ts'
import type { Draft } from '../written/types.ts'

const minute = 60_000

describe('one list of warnings, detected and written', () => {
  let stage: PagesStage
  let second: Actor
  let admin: Visitor
  let coordinator: Visitor
  const paths: string[] = []
  const stones: string[] = []

  const published = async (at: number, more: Partial<Draft> = {}): Promise<number> => {
    const { db, people } = stage
    const id = await create(db, people.coordinator, draftOf(more), at)
    await submit(db, id, people.coordinator, at)
    await publish(db, id, second, at)
    return id
  }

  beforeAll(async () => {
    stage = await openPagesStage()
    second = await addPerson(stage.db, 'Druhá Koordinátorka', [['coordinator', null]])
    // Many of both kinds share a moment, so that the order needs more than the time.
    for (let n = 0; n < 66; n++) {
      const at = tuesday - (n >> 2) * minute
      paths.push(`/warnings/${await warn(stage, stage.horni, { severity: 1 + (n % 4), openedAt: at })}`)
      if (n % 3 === 0)
        paths.push(`/warnings/written/${await published(at, n % 2 ? { kind: 'info', severity: 1 } : {})}`)
    }
    await published(tuesday, { audience: 'organisations', orgs: [stage.dolni.id] })
    const gone = await published(tuesday)
    await revoke(stage.db, gone, stage.people.coordinator, 'Omyl.', tuesday)
    await revoke(stage.db, gone, second, 'Omyl.', tuesday)
    stones.push(`/warnings/written/${gone}`)
    // More of them than the rest of a page, at moments that others share.
    for (let n = 0; n < 9; n++) {
      const at = tuesday - (n >> 1) * minute
      const id = await published(at, { kind: 'info', severity: 1 })
      await revoke(stage.db, id, stage.people.coordinator, 'Omyl.', at)
      await revoke(stage.db, id, second, 'Omyl.', at)
      stones.push(`/warnings/written/${id}`)
    }
    await create(stage.db, stage.people.coordinator, draftOf(), tuesday)
    admin = await stage.as(stage.people.admin)
    coordinator = await stage.as(stage.people.coordinator)
  }, 120_000)
  afterAll(() => stage?.close())

  async function walk(who: Visitor, query = ''): Promise<string[]> {
    const rows: string[] = []
    for (let next: string | undefined = `/warnings?${query}`; next; ) {
      const { body } = await who.get(next)
      rows.push(...[...body.matchAll(/<tr[^>]* data-href="([^"]+)"/g)].map(([, href = '']) => href))
      next = /<a rel="next" href="([^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&')
    }
    return rows
  }

  it('is walked page by page, each row exactly once, the newest first', async () => {
    const rows = await walk(admin)
    expect(rows.toSorted()).toEqual([...paths, ...stones].toSorted())
    const body = (await admin.get('/warnings')).body
    expect(rowsIn(body)).toBe(50)
    expect(textOf(body)).toContain('98')
  })

  it('is narrowed by kind, and by what only one of the kinds has', async () => {
    const written = (all: string[]) => all.filter((one) => one.includes('written')).length
    expect([
      (await walk(admin, 'kind=detected')).length,
      written(await walk(admin, 'kind=detected')),
    ]).toEqual([66, 0])
    expect(written(await walk(admin, 'kind=written'))).toBe(32)
    expect(await walk(admin, 'kind=info')).toHaveLength(11)
    expect(await walk(admin, 'kind=emergency')).toEqual([])
    expect(written(await walk(admin, 'rule=W1'))).toBe(0)
    expect(written(await walk(admin, 'severity=2'))).toBe(11)
    expect(written(await walk(admin, 'text=faktur'))).toBe(22)
    expect((await walk(admin, 'state=closed')).toSorted()).toEqual(stones.toSorted())
    expect(written(await walk(admin, 'state=living'))).toBe(22)
    expect(await walk(admin, `kind=written&to=${tuesday - minute}`)).not.toContain(stones[0])
    expect(await walk(admin, `state=closed&from=${tuesday}`)).toEqual(stones.slice(0, 3).toReversed())
    // What asks nobody concerns nobody.
    expect(written(await walk(admin, 'state=concerning'))).toBe(11)
    expect(written(await walk(admin, 'answer=done'))).toBe(0)
    expect(await walk(admin, 'kind=nesmysl&after=x')).toHaveLength(98)
  })

  it('shows of what was revoked its number and that it is, and nothing of what it said', async () => {
    const body = (await admin.get('/warnings?state=closed')).body
    expect(rowsIn(body)).toBe(10)
    expect(textOf(body)).toContain('odvoláno')
    expect(body).not.toContain('faktur')
    const number = /HSOC-\d{4}-\d{4}/.exec(body)?.[0] ?? ''
    expect(await walk(admin, `text=${number}`)).toHaveLength(1)
    // Who never had any sees none.
    const outsider = await stage.as(await addPerson(stage.db, 'Nikdo Odnikud', []))
    expect(await walk(outsider)).toEqual([])
  })

  it('shows each reader its own, with the answer that is awaited', async () => {
    expect(textOf((await admin.get('/warnings?kind=campaign')).body)).toContain('čeká na odpověď')
    expect(textOf((await coordinator.get('/warnings?kind=campaign')).body)).toContain('odpovědělo 0 z 2')
    const foreign = await stage.as(stage.people.foreign)
    expect(await walk(foreign)).toHaveLength(33)
    expect(await walk(coordinator, 'kind=written')).toHaveLength(33)
    expect(await walk(coordinator, 'kind=written&state=closed')).toHaveLength(10)
    expect(await walk(coordinator, `kind=written&org=${stage.dolni.id}`)).toHaveLength(13)
  })
})

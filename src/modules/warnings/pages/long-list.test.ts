import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tuesday } from '../../../../test/harness.ts'
import { openPagesStage, type PagesStage, warn } from '../../../../test/warning-pages.ts'

describe('a list of more than five hundred warnings', () => {
  let stage: PagesStage
  const ids: number[] = []
  beforeAll(async () => {
    stage = await openPagesStage()
    // Many share a moment, so that the order needs more than the time.
    for (let n = 0; n < 530; n++)
      ids.push(
        await warn(stage, stage.horni, { severity: 1 + (n % 4), openedAt: tuesday - (n >> 3) * 60_000 }),
      )
  }, 120_000)
  afterAll(() => stage?.close())

  /** Opens page after page by the link to older ones; `meanwhile` runs once after the first page. */
  async function walk(url: string, meanwhile?: () => Promise<unknown>) {
    const admin = await stage.as(stage.people.admin)
    const rows: number[] = []
    const links: string[] = []
    for (let next: string | undefined = url; next; ) {
      const { body } = await admin.get(next)
      rows.push(...[...body.matchAll(/data-href="\/warnings\/(\d+)"/g)].map((match) => Number(match[1])))
      next = /<a rel="next" href="([^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&')
      if (next) links.push(next)
      await meanwhile?.()
      meanwhile = undefined
    }
    return { rows, links }
  }

  it('is walked by the link to older ones, each row exactly once, though a new one comes meanwhile', async () => {
    const { rows, links } = await walk('/warnings', () =>
      warn(stage, stage.horni, { openedAt: tuesday + 60_000 }),
    )
    expect(links.length).toBeGreaterThan(4)
    expect(rows.toSorted((a, b) => a - b)).toEqual(ids.toSorted((a, b) => a - b))
  })

  it('keeps its filters in the address on every page', async () => {
    const { rows, links } = await walk('/warnings?severity=4&state=living')
    expect(new Set(rows).size).toBe(ids.filter((_, n) => n % 4 === 3).length)
    expect(rows.length).toBe(new Set(rows).size)
    for (const link of links) expect(link).toMatch(/severity=4.*state=living|state=living.*severity=4/)
  })
})

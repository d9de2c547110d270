import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Belongings, seedBelongings } from '../../../../test/belongings.ts'
import { evidence } from '../../../../test/warned.ts'
import { openPagesStage, type PagesStage, textOf, warn } from '../../../../test/warning-pages.ts'

describe('warnings on the pages of events', () => {
  let stage: PagesStage
  let ours: Belongings
  beforeAll(async () => {
    stage = await openPagesStage()
    ours = await seedBelongings(stage.db, stage.horni, 'ours')
    // Its number would meet those of warnings put straight into the tables.
    await stage.db.engine.query(`update warnings set number = 'HSOC-D-2026-900000'`)
  })
  afterAll(() => stage?.close())

  it('are found by number, by address and by kind, by those alone who may read them', async () => {
    const id = await warn(stage, stage.horni)
    const { rows } = await stage.db.engine.query<{ number: string }>(
      'select number from warnings where id = $1',
      [id],
    )
    const number = rows[0]?.number ?? ''
    for (const q of [number, evidence.host, evidence.source, 'attempt-login-ssh']) {
      const url = `/search?q=${encodeURIComponent(q)}`
      const { body } = await (await stage.as(stage.people.admin)).get(url)
      expect(body, q).toContain(`href="/warnings/${id}"`)
      expect(textOf(body), q).toContain(`${number} · ${stage.horni.name} · `)
      expect((await (await stage.as(stage.people.foreign)).get(url)).body, q).not.toContain(`/warnings/${id}`)
    }
  })

  it('stand beside the episode and the source that raised them', async () => {
    const { warning, episode, source } = ours.ids
    const href = `href="/warnings/${warning?.id}"`
    const admin = await stage.as(stage.people.admin)
    expect((await admin.get(`/episodes/${episode?.id}`)).body).toContain(href)
    expect((await admin.get(`/sources/${source?.address}`)).body).toContain(href)
    const foreign = await stage.as(stage.people.foreign)
    expect((await foreign.get(`/sources/${source?.address}`)).body).not.toMatch(/\/warnings\/\d/)
  })
})

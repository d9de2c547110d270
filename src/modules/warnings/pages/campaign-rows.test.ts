/** The coordinators' own rows of campaigns: what stands behind their numbers, and nothing that is said to members. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openPagesStage, type PagesStage, textOf, warn } from '../../../../test/warning-pages.ts'

let stage: PagesStage
beforeAll(async () => {
  stage = await openPagesStage()
})
afterAll(() => stage?.close())

const dropped = async (params: object, sources: string[]): Promise<number> => {
  const id = await warn(stage, null, { severity: 0, words: 'W2-dropped', cls: 'recon-vnc' })
  await stage.db.engine.query(
    `update warnings set rule = 'W2', topic = 'dropped ' || number, explanation = explanation || $2::jsonb where id = $1`,
    [id, { params, sources, hosts: [], events: 176 }],
  )
  return id
}

it('dropped scans open the sources they count, not events that nobody can list', async () => {
  const sources = ['198.51.100.1', '198.51.100.2', '198.51.100.3']
  const id = await dropped({ n: 3, value: 7, source: sources[0], minutes: 60, threshold: 5 }, sources)
  const { body } = await (await stage.as(stage.people.coordinator)).get(`/warnings/${id}`)
  const text = textOf(body)
  expect(body.match(/<tr data-href="\/sources\//g)).toHaveLength(3)
  expect(text).toMatch(/Zdroje 3 /)
  expect(text).toContain('nejvíc jich zasáhl 198.51.100.1 (počet: 7)')
  for (const foreign of ['176', 'zkouší vás', 'u vás nic neprošlo', 'Viděli to i jiní', 'nepřítomnost'])
    expect(text).not.toContain(foreign)
})

it('says how many there are where only the first are listed', async () => {
  const id = await dropped({ n: 120, value: 7, source: '198.51.100.1', minutes: 60, threshold: 5 }, [
    '198.51.100.1',
  ])
  const { body } = await (await stage.as(stage.people.coordinator)).get(`/warnings/${id}`)
  expect(textOf(body)).toMatch(/120 zdrojů.*Níže je 1 z nich/)
})

it('the wall leaves them out and counts no organisations where it knows of none', async () => {
  await dropped({ n: 1, value: 7, source: '198.51.100.77', minutes: 60, threshold: 5 }, ['198.51.100.77'])
  const kind = await warn(stage, null, { severity: 2, words: 'W2-kind', cls: 'attempt-login-ssh' })
  await stage.db.engine.query(`update warnings set rule = 'W2' where id = $1`, [kind])
  const { body } = await (await stage.as(stage.people.coordinator)).get('/sector')
  const text = textOf(body)
  expect(text).not.toContain('198.51.100.77')
  expect(body).toContain(`/warnings/${kind}"`)
  expect(text).not.toContain('0 zasažených')
})

it('a campaign’s own row speaks to the coordinators', async () => {
  const id = await warn(stage, null, { severity: 3, words: 'W2-sector', cls: 'attempt-login-ssh' })
  const text = textOf((await (await stage.as(stage.people.coordinator)).get(`/warnings/${id}`)).body)
  expect(text).toContain('Jeden útočník zkouší více zdravotnických organizací')
  expect(text).toContain('kdo ze zasažených ještě neodpověděl')
  expect(text).not.toContain('zkouší vás')
})

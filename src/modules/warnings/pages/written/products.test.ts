/** Warnings that name what hospitals run, on their pages: entering, the preview, and what the board tells of whom. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openAdvisoryPages, textOf } from '../../../../../test/advisory-stage.ts'
import { addPerson, tuesday } from '../../../../../test/harness.ts'
import { type MatchStage, openMatchStage, pump } from '../../../../../test/match-stage.ts'
import { type Actor, asActor } from '../../../../platform/access.ts'
import { answer } from '../../written/answers.ts'
import { submit } from '../../written/edit.ts'
import { makeOfAdvisory, takeUp } from '../../written/from-advisory.ts'
import { publish } from '../../written/publish.ts'
import { versionOf } from '../../written/read.ts'
import type { Rules } from '../../written/types.ts'

let stage: MatchStage
let pages: Awaited<ReturnType<typeof openAdvisoryPages>>
let source: number
let kveta: Actor
beforeAll(async () => {
  stage = await openMatchStage()
  pages = await openAdvisoryPages(stage)
  source = await stage.sourceOf('Výrobce pump')
  kveta = await addPerson(stage.db, 'Květa Koordinátorka', [['coordinator', null]])
}, 120_000)
afterAll(async () => {
  await pages?.close()
  await stage.close()
})

const at = (id: number): string => `/warnings/written/${id}`
const shown = async (who: Actor, url: string): Promise<string> => textOf((await pages.get(who, url)).body)
const rulesAt = async (id: number, which: 'working' | 'published' = 'working'): Promise<Rules | undefined> =>
  (await asActor(stage.db, kveta, tuesday, (tx) => versionOf(tx, id, which)))?.rules

it('made of an advisory it asks whoever runs what is affected, tells them alone, and coordinators see all alike', async () => {
  await stage.own(stage.jana, { ...pump, quantity: '14', department: 'ARO' })
  await stage.own(stage.ota, { ...pump, version: '2.4' })
  const advisory = (await stage.given(source, { id: 'P-1' })).id ?? 0
  await stage.step()
  const id = await makeOfAdvisory(pages.context, advisory, stage.coordinator, tuesday)
  expect(await rulesAt(id)).toMatchObject({
    all: false,
    products: [{ vendor: 'Pumpy', product: 'Infusion 3', versions: '<2.3' }],
  })
  const edit = await pages.get(stage.coordinator, `${at(id)}/edit`)
  expect(edit.body).toContain('Pumpy; Infusion 3; &lt;2.3')
  expect(textOf(edit.body)).toContain('Kolik jich je, neříkáme')
  expect(edit.body).not.toContain('ARO')
  await submit(stage.db, id, stage.coordinator, tuesday)
  await publish(stage.db, id, kveta, tuesday)
  await stage.step()
  expect(await shown(stage.jana, at(id))).toContain(
    'Vaše: 14 × Pumpy Infusion 3 (celkem 14 kusů, 1 oddělení).',
  )
  const ota = await shown(stage.ota, at(id))
  expect(ota).toContain('odpovídat nemusíte')
  expect(ota).not.toContain('Vaše:')
  const likeEachOther = async (): Promise<boolean> => {
    const board = await shown(kveta, `${at(id)}/board`)
    expect(board).toContain('Kolik jich je, neříkáme')
    expect(board).not.toContain('14 ×')
    const csv = (await pages.get(kveta, `${at(id)}/board.csv`)).body
    const json = (await pages.get(kveta, `/api/v1/written-warnings/${id}/board`)).json()
    expect(json.owners).toBe('few')
    expect((await pages.get(kveta, '/deliveries')).body).not.toContain('owned')
    const rows = csv.split('\r\n').filter((line) => line.includes('Nemocnice'))
    const lines = json.organisations.map(({ organisation, ...rest }: { organisation: unknown }) => rest)
    const nameless = rows.map((line) => line.replace(/^[^;,]*[;,]/, ''))
    return new Set(nameless).size === 1 && new Set(lines.map((one: object) => JSON.stringify(one))).size === 1
  }
  expect(await likeEachOther()).toBe(true)
  await answer(stage.db, stage.jana, id, { org: stage.lipova.id, answer: 'working', via: 'page' }, tuesday)
  expect(await likeEachOther()).toBe(false)
  expect(await shown(kveta, `${at(id)}/board`)).toContain('Nemocnice Jedlová')

  await stage.given(source, { id: 'P-1', version: '2', versions: '<2.5' })
  await takeUp(pages.context, id, stage.coordinator, tuesday)
  expect((await rulesAt(id))?.products).toMatchObject([{ versions: '<2.5' }])
})

it('the list is typed one a line or added below, and what cannot be looked for is refused with what was typed', async () => {
  const made = await pages.post(
    stage.coordinator,
    '/warnings/written',
    form({ addVendor: 'Philips', addProduct: 'MX40' }),
  )
  const id = Number(/written\/(\d+)/.exec(String(made.headers.location))?.[1])
  expect((await rulesAt(id))?.products).toMatchObject([{ vendor: 'Philips', product: 'MX40', versions: '' }])
  const saved = async (products: string) => {
    const [, seen = ''] =
      /name="seen" value="([^"]*)"/.exec((await pages.get(stage.coordinator, `${at(id)}/edit`)).body) ?? []
    return pages.post(stage.coordinator, `${at(id)}/draft`, form({ products, seen }))
  }
  const cpe = 'cpe:2.3:h:philips:mx40:*:*:*:*:*:*:*:*'
  expect((await saved(`Philips; MX40; <2.3; <= 1.1; ${cpe}\r\n\r\n  Flow-i  `)).statusCode).toBe(303)
  expect((await rulesAt(id))?.products).toEqual([
    { vendor: 'Philips', product: 'MX40', versions: '<2.3; <= 1.1', cpe, purl: null },
    { vendor: '', product: 'Flow-i', versions: '', cpe: null, purl: null },
  ])
  const edit = (await pages.get(stage.coordinator, `${at(id)}/edit`)).body
  expect(edit).toContain(`Philips; MX40; &lt;2.3; &lt;= 1.1; ${cpe}`)
  expect(textOf(edit)).toContain('podle toho, co organizace provozují, se neptáme nikoho')
  const refused: [string, string][] = [
    ['Philips; ; 2', 'řádek nejde přečíst'],
    [`Philips; ${'x'.repeat(301)}`, 'řádek nejde přečíst'],
    ['; server', 'může být cokoli'],
    [Array.from({ length: 1_001 }, (_, n) => `Výrobce; Model${n}`).join('\n'), 'je toho příliš mnoho'],
    [
      Array.from({ length: 900 }, (_, n) => `Výrobce; ${'Model'.repeat(30)}${n}`).join('\n'),
      'je toho příliš mnoho',
    ],
  ]
  for (const [typed, why] of refused) {
    const answered = await saved(typed)
    expect([typed.slice(0, 40), answered.statusCode]).toEqual([typed.slice(0, 40), 422])
    expect(textOf(answered.body)).toContain(why)
  }
  expect((await rulesAt(id))?.products).toHaveLength(2)
})

const form = (more: Record<string, string>): Record<string, string> => ({
  ...{ kind: 'vulnerability', severity: '3', tlp: 'GREEN', audience: 'all_members', group: '', named: '' },
  ...{ prefixes: '', domains: '', products: '', actionBy: '', validUntil: '', refs: '', changeNote: '' },
  ...{ cs_title: 'Pumpy', cs_happened: 'x', cs_concerns: 'x', cs_todo: 'x' },
  ...{ en_title: '', en_happened: '', en_concerns: '', en_todo: '', ...more },
})

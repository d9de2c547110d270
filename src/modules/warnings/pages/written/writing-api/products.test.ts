import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callAs } from '../../../../../../test/asking.ts'
import { contextOf } from '../../../../../../test/belongings.ts'
import { tuesday } from '../../../../../../test/harness.ts'
import { openWriting, type Writing } from '../../../../../../test/writing.ts'
import { openPages } from '../../../../../app.ts'
import type { Context } from '../../../../../platform/context.ts'
import type { App } from '../../../../../platform/http.ts'

const cs = { title: 'Chyba v monitorech', happened: 'x', concerns: 'x', todo: 'Aktualizujte.' }
const wanted = { kind: 'vulnerability', severity: 'medium', tlp: 'GREEN', audience: 'all_members', cs }
const at = 'written-warnings'

describe('products in warnings written by programs', () => {
  let stage: Writing
  let app: App
  let context: Context
  let stop: () => Promise<void>
  beforeAll(async () => {
    stage = await openWriting()
    ;({ context, stop } = contextOf(stage.db, () => tuesday + 60_000))
    app = await openPages(context)
  })
  afterAll(async () => {
    await app?.close()
    await stop?.()
    await stage?.close()
  })
  const call = async (what: Parameters<typeof callAs>[2], body?: object) => {
    const answer = await callAs({ app, context }, stage.karel, what, body)
    return { status: answer.statusCode, body: answer.json() }
  }
  /** A draft as it would be saved. */
  const whole = async (id: number) => {
    const { body } = await call(`GET ${at}/${id}/draft`)
    return { ...body, seen: body.seen.draft }
  }

  it('ask those who run what it names, and say of them a band at most', async () => {
    const monitor = {
      vendor: 'Philips',
      product: 'IntelliVue MX800',
      versions: '<C.03',
      cpe: null,
      purl: null,
    }
    const exposure = { all: false, prefixes: [], domains: [], kinds: [], regions: [], products: [monitor] }
    const { id } = (await call(`POST ${at}`, { ...wanted, exposure })).body
    const read = await whole(id)
    expect(read.exposure).toEqual(exposure)
    const kept = await call(`PUT ${at}/${id}/draft`, { ...read, references: 'x' })
    expect([kept.status, (await whole(id)).exposure]).toEqual([200, exposure])
    expect((await call(`GET ${at}/${id}/preview`)).body).toMatchObject({ owners: 'nobody' })
    const vague = { ...exposure, products: [{ ...monitor, vendor: '', product: 'x' }] }
    const wrong = await call(`POST ${at}`, { ...wanted, exposure: vague })
    expect([wrong.status, wrong.body.fields]).toEqual([422, { 'exposure.products': 'vague' }])
    const left = { all: false, prefixes: [], domains: [], kinds: [], regions: [] }
    expect((await call(`PUT ${at}/${id}/draft`, { ...read, exposure: left })).status).toBe(422)
  })
})

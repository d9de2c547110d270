/** The inventory of one organisation: as a page, on paper, as a file; what is out of support; and the way to it. */
import type { FastifyRequest } from 'fastify'
import { asReader, organisationsOf } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { csvFile } from '../../../platform/csv.ts'
import { together } from '../../../platform/database.ts'
import { dayOf } from '../../../platform/dates.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import type { T } from '../../../platform/i18n.ts'
import { page, sendHtml } from '../../../platform/page-routes.ts'
import { type Asset, fields } from '../asset.ts'
import { may } from '../may.ts'
import { listPage, printPage } from '../pages/list.tsx'
import { choosePage } from '../pages/sector.tsx'
import { supportPage } from '../pages/support.tsx'
import { kindIn, segmentedIn } from '../pages/words.ts'
import { countAssets, everyAsset, type Filter, listAssets, type Order, wordsUsed } from '../queries.ts'
import { type ListQuery, listQuery } from '../schema.ts'
import { sharingOf } from '../sharing.ts'
import { asTexts } from '../understand.ts'
import { doneIn, framed, nameOfOrg, ofOrg, orgIn, readers, standings } from './whose.ts'

const perPage = 100
/** Rows on paper; a file holds all. */
const mostPrinted = 2_000
const mostInFile = 20_000

export function mountLists(app: App, context: Context): void {
  app.get('/inventory', page({ who: [...readers, 'coordinator'] }), (request, reply) => {
    const own = organisationsOf(actorOf(request))
    if (own.length === 0) return reply.redirect('/inventory/sector', 303)
    if (own.length === 1) return reply.redirect(`/members/${own[0]?.id}/inventory`, 303)
    return sendHtml(reply, choosePage({ frame: framed(request, context), own }))
  })
  mountList(app, context)
  mountFiles(app, context)
  mountSupport(app, context)
}

export const filterOf = (org: number, query: Omit<ListQuery, 'sort' | 'down' | 'after'>): Filter => ({
  org,
  ...{ text: query.q?.trim(), kind: query.kind, segmented: query.segmented },
  department: query.department || undefined,
  zone: query.zone || undefined,
  patientSafety: query.patients === '1' ? true : undefined,
  removed: query.removed === '1',
})

/** Where the next page begins: the value in this order and the number of the last row, in one text. */
export const cursorText = (last: { place: string; id: number }): string =>
  Buffer.from(JSON.stringify([last.place, last.id])).toString('base64url')

export function cursorIn(text: string | undefined): Order['after'] {
  if (!text) return null
  try {
    const [value, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[]
    return typeof value === 'string' && !value.includes('\0') && Number.isSafeInteger(id)
      ? { value, id: Math.max(0, Math.min(Number(id), 2_147_483_647)) }
      : null
  } catch {
    return null
  }
}

const orderOf = (query: ListQuery): Order => ({
  by: query.sort ?? 'product',
  down: query.down === '1',
  after: cursorIn(query.after),
})

function mountList(app: App, context: Context): void {
  const { db, settings } = context
  app.get('/members/:id/inventory', page(ofOrg), async (request, reply) => {
    const [org, actor] = [orgIn(request), actorOf(request)]
    const query = listQuery.parse(request.query)
    const filter = filterOf(org, query)
    const found = await asReader(db, actor, request.now, async (tx) => {
      const { rows, ...rest } = await together({
        rows: listAssets(tx, filter, orderOf(query), perPage + 1),
        count: countAssets(tx, filter),
        used: wordsUsed(tx, org),
      })
      const shown = await standings(tx, rows.slice(0, perPage), dayOf(request.now, settings.zone))
      const last = shown.rows.at(-1)
      return { ...rest, rows: shown.rows, next: rows.length > perPage && last ? cursorText(last) : null }
    })
    return sendHtml(
      reply,
      listPage({
        ...{ frame: framed(request, context), org, name: nameOfOrg(request, org), query },
        ...{ rows: found.rows, count: found.count, next: found.next },
        ...{ departments: found.used.department, zones: found.used.zone },
        mayKeep: may(actor, 'keep', org),
        flash: doneIn(request, ['removed']),
      }),
    )
  })
}

function mountFiles(app: App, context: Context): void {
  const { db, settings } = context
  const all = (request: FastifyRequest, org: number, query: ListQuery, most: number) =>
    asReader(db, actorOf(request), request.now, async (tx) => {
      const rows = await listAssets(tx, filterOf(org, query), { ...orderOf(query), after: null }, most)
      const count = await countAssets(tx, filterOf(org, query))
      return { count, rows: (await standings(tx, rows, dayOf(request.now, settings.zone))).rows }
    })

  app.get('/members/:id/inventory/print', page(ofOrg), async (request, reply) => {
    const org = orgIn(request)
    const query = listQuery.parse(request.query)
    const found = await all(request, org, query, mostPrinted)
    const frame = framed(request, context)
    return sendHtml(reply, printPage({ frame, org, name: nameOfOrg(request, org), query, ...found }))
  })

  app.get('/members/:id/inventory.csv', page(ofOrg), async (request, reply) => {
    const org = orgIn(request)
    const { rows } = await all(request, org, listQuery.parse(request.query), mostInFile)
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="inventory.csv"')
      .send(inventoryFile(rows, request.t))
  })
}

/** The columns by which an import knows them again, in the reader's language. */
export function inventoryFile(rows: readonly Asset[], t: T): string {
  const head = [t('assets.column.id'), ...fields.map((field) => t(`assets.column.${field}`))]
  return csvFile(
    head,
    rows.map((row) => {
      const texts = asTexts(row)
      const shown = {
        ...texts,
        kind: kindIn(row.kind, t),
        segmented: row.segmented === null ? '' : segmentedIn(row.segmented, t),
        patientSafety: t(row.patientSafety ? 'assets.segmented.yes' : 'assets.segmented.no'),
      }
      return [row.id, ...fields.map((field) => (field === 'quantity' ? row.quantity : shown[field]))]
    }),
  )
}

function mountSupport(app: App, context: Context): void {
  const { db, settings } = context
  app.get('/members/:id/inventory/support', page(ofOrg), async (request, reply) => {
    const [org, actor] = [orgIn(request), actorOf(request)]
    const found = await asReader(db, actor, request.now, async (tx) => ({
      ...(await standings(tx, await everyAsset(tx, org), dayOf(request.now, settings.zone))),
      sharing: await sharingOf(tx, org),
    }))
    return sendHtml(
      reply,
      supportPage({
        frame: framed(request, context, request.t('assets.out.title')),
        ...{ org, name: nameOfOrg(request, org), ...found },
        mayShare: may(actor, 'share', org),
        flash: doneIn(request, ['shared', 'unshared']),
      }),
    )
  })
}

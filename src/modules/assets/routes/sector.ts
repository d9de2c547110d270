/** Sums of the sector, the consent to them, and the table of dates. */
import { type Actor, asActor, asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { together } from '../../../platform/database.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { page, sendHtml } from '../../../platform/page-routes.ts'
import { sectorPage, tablePage } from '../pages/sector.tsx'
import { inventoryOf } from '../pages/words.ts'
import { share } from '../sharing.ts'
import { publishSums, sumsNow } from '../sums.ts'
import { supportTables } from '../support/table.ts'
import { framed, ofOrg, orgIn, readers } from './whose.ts'

/** Throws NotFound, Forbidden, WrongState where it is so already. */
export async function decideSharing(
  { db, settings }: Context,
  org: number,
  yes: boolean,
  by: Actor,
  now: number,
): Promise<void> {
  await asActor(db, by, now, (tx) => share(tx, org, yes, by, now))
  // Who no longer counts is taken out at once, not at the next publication.
  if (!yes) await publishSums(db, settings.zone, now, true)
}

export function mountSector(app: App, context: Context): void {
  const { db } = context
  const all = { who: [...readers, 'coordinator' as const] }

  app.get('/inventory/sector', page(all), async (request, reply) => {
    const found = await asReader(db, actorOf(request), request.now, (tx) =>
      together({ sums: sumsNow(tx), tables: supportTables(tx) }),
    )
    const frame = framed(request, context, request.t('assets.sector.title'))
    return sendHtml(reply, sectorPage({ frame, ...found.sums, rows: found.tables.rows }))
  })

  app.get('/inventory/support-table', page(all), async (request, reply) => {
    const tables = await asReader(db, actorOf(request), request.now, supportTables)
    return sendHtml(
      reply,
      tablePage({ frame: framed(request, context, request.t('assets.table.title')), tables }),
    )
  })

  for (const [path, yes] of [
    ['sharing', true],
    ['sharing/withdrawal', false],
  ] as const)
    app.post(`/members/:id/inventory/${path}`, page(ofOrg), async (request, reply) => {
      const org = orgIn(request)
      await decideSharing(context, org, yes, actorOf(request), request.now)
      return reply.redirect(`${inventoryOf(org)}/support?done=${yes ? 'shared' : 'unshared'}#sharing`, 303)
    })
}

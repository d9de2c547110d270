/** A written warning as a document, for whoever may read its page; TLP:RED is for nobody to carry away (sharing.md 6). */
import { asReader } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import { Forbidden } from '../../../../platform/errors.ts'
import type { App } from '../../../../platform/http.ts'
import { pdfHeaders, pdfOf, printedBy } from '../../../../platform/pdf.ts'
import { sheetOf } from '../../written/sheet.ts'
import { idOf } from '../access.ts'
import { page } from '../route.ts'
import { shownIn } from './show-routes.ts'

export function mountPrint(app: App, context: Context): void {
  const { baseUrl, zone, coordinatorPhone: phone } = context.settings
  app.get<{ Params: { id: string } }>(
    '/warnings/written/:id/pdf',
    page({ who: 'anyone', objects: { id: 'written' } }),
    async (request, reply) => {
      const { actor, now, t } = request
      const no = (request.query as { version?: string }).version
      const { warning, version } = await asReader(context.db, actor, now, (tx) =>
        shownIn(tx, idOf(request.params.id), no, false, request.now),
      )
      if (version.tlp === 'RED') throw new Forbidden('TLP:RED stays on the page: it is not exported')
      const url = `${baseUrl}/warnings/written/${warning.id}`
      const by = printedBy(t, { name: actor?.name ?? null, site: baseUrl }, now, zone)
      const pdf = await pdfOf('sheet', { ...sheetOf({ warning, version, t, zone, url, phone }), ...by }, now)
      return reply.headers(pdfHeaders(`${warning.number}-v${version.no}`)).send(pdf)
    },
  )
}

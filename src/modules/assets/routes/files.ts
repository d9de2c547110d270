/** Files with assets: taken in, decided line by line, carried out once, undone. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asActor, asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { Invalid } from '../../../platform/errors.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { page, sendHtml } from '../../../platform/page-routes.ts'
import { takeUploads, uploadIn } from '../../../platform/uploads.ts'
import { apply, undo } from '../import/apply.ts'
import { mostBytes } from '../import/line.ts'
import { readAssets } from '../import/read.ts'
import { decide, preview, sheets, takeIn } from '../import/store.ts'
import { may, requireRight } from '../may.ts'
import { type FilesProps, filesPage } from '../pages/files.tsx'
import { previewPage } from '../pages/preview.tsx'
import { inventoryOf } from '../pages/words.ts'
import { uploadForm } from '../schema.ts'
import { doneIn, framed, idIn, nameOfOrg, ofFile, ofOrg, orgIn } from './whose.ts'

const limits = { fileBytes: mostBytes, fieldBytes: 1_000_000, fields: 6, parts: 8 }

export async function mountFiles(app: App, context: Context): Promise<void> {
  await takeUploads(app, limits)
  mountTaking(app, context)
  mountDeciding(app, context)
}

function mountTaking(app: App, context: Context): void {
  const { db } = context
  const draw = async (request: FastifyRequest, reply: FastifyReply, refused?: FilesProps['refused']) => {
    const [org, actor] = [orgIn(request), actorOf(request)]
    const files = await asReader(db, actor, request.now, (tx) => sheets(tx, org))
    const frame = framed(request, context, request.t('assets.files.title'))
    const mayKeep = may(actor, 'keep', org)
    const name = nameOfOrg(request, org)
    return sendHtml(reply, filesPage({ frame, org, name, files, mayKeep, refused }), refused ? 422 : 200)
  }

  app.get('/members/:id/inventory/import', page(ofOrg), (request, reply) => draw(request, reply))

  const sample = { kind: 'medical', text: 'Výrobce;Produkt;Počet\nPhilips;IntelliVue MX800;3' }
  app.post('/members/:id/inventory/import', page({ ...ofOrg, sample }), async (request, reply) => {
    const [org, by] = [orgIn(request), actorOf(request)]
    requireRight(by, 'keep', org)
    const form = uploadForm.safeParse(request.body)
    if (!form.success)
      throw new Invalid('The form was longer than its fields allow, or held what no text can hold.')
    const { kind, text } = form.data
    const upload = uploadIn(request.body)
    const bytes = upload?.bytes ?? Buffer.from(text)
    const fileName = upload?.name ?? request.t('assets.files.pasted')
    const { read, problems } = await readAssets(bytes, fileName, kind, request.t)
    if (read === null) return draw(request, reply, { problems, text, kind })
    const id = await asActor(db, by, request.now, (tx) =>
      takeIn(tx, { org, bytes, fileName, read }, by, request.now),
    )
    return reply.redirect(`${inventoryOf(org)}/import/${id}?done=taken`, 303)
  })
}

const fromIn = (given: unknown): number => {
  const from = Number((given as { from?: unknown } | undefined)?.from ?? 0)
  return Number.isSafeInteger(from) && from > 0 && from < 1_000_000 ? from : 0
}

function mountDeciding(app: App, context: Context): void {
  const { db } = context
  const draw = async (request: FastifyRequest, reply: FastifyReply, errors?: Record<string, string>) => {
    const [org, actor] = [orgIn(request), actorOf(request)]
    const found = await asReader(db, actor, request.now, (tx) => preview(tx, org, idIn(request, 'sheet')))
    return sendHtml(
      reply,
      previewPage({
        frame: framed(request, context, found.sheet.fileName),
        ...{ org, name: nameOfOrg(request, org), found, errors },
        mayKeep: may(actor, 'keep', found.sheet.org),
        flash: errors ? undefined : doneIn(request, ['taken', 'saved', 'applied', 'undone']),
        from: fromIn(errors ? request.body : request.query),
      }),
      errors ? 422 : 200,
    )
  }

  app.get('/members/:id/inventory/import/:sheet', page(ofFile), (request, reply) => draw(request, reply))

  app.post(
    '/members/:id/inventory/import/:sheet/decisions',
    page({ ...ofFile, sample: { act: 'save' } }),
    async (request, reply) => {
      const which = { org: orgIn(request), sheet: idIn(request, 'sheet') }
      const by = actorOf(request)
      const act = String((request.body as { act?: unknown } | undefined)?.act ?? 'save')
      const as = <R>(work: Parameters<typeof asActor<R>>[3]): Promise<R> => asActor(db, by, request.now, work)
      try {
        await as((tx) => decide(tx, which, saidIn(request.body), act === 'accept' ? 'proposals' : null, by))
        // What was decided is kept, whether or not the rest can follow.
        if (act === 'apply') await as((tx) => apply(tx, which, by, request.now))
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        const words = Object.entries(error.fields).map(([field, code]) => [
          // What concerns the inventory as a whole is told above the list.
          field.startsWith('line.') ? field : 'sheet',
          request.t(`assets.error.${code}`),
        ])
        return draw(request, reply, Object.fromEntries(words))
      }
      const from = fromIn(request.body)
      const done = act === 'apply' ? 'applied' : `saved${from > 0 ? `&from=${from}` : ''}`
      return reply.redirect(`${inventoryOf(which.org)}/import/${which.sheet}?done=${done}`, 303)
    },
  )

  app.post('/members/:id/inventory/import/:sheet/withdrawal', page(ofFile), async (request, reply) => {
    const which = { org: orgIn(request), sheet: idIn(request, 'sheet') }
    const by = actorOf(request)
    await asActor(db, by, request.now, (tx) => undo(tx, which, by, request.now))
    return reply.redirect(`${inventoryOf(which.org)}/import/${which.sheet}?done=undone`, 303)
  })
}

/** Decisions by line out of a form's `line.12`. */
function saidIn(body: unknown): Map<number, string> {
  return new Map(
    Object.entries((body ?? {}) as Record<string, unknown>).flatMap(([key, value]) => {
      const line = /^line\.(\d{1,6})$/.exec(key)?.[1]
      return line !== undefined && typeof value === 'string' ? [[Number(line), value] as const] : []
    }),
  )
}

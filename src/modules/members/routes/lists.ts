/** Lists of signatories: taken in as a file or as text, decided line by line, carried out once. For coordinators. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { Tx } from '../../../platform/database.ts'
import { Invalid } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { takeUploads, uploadIn } from '../../../platform/uploads.ts'
import { apply } from '../lists/apply.ts'
import type { Slashes } from '../lists/days.ts'
import { mostListBytes } from '../lists/grid.ts'
import { readList } from '../lists/lines.ts'
import { acceptProposals, decide, lists, preview, type Said, takeIn } from '../lists/store.ts'
import { versions } from '../memorandum.ts'
import { organisationNamed } from '../named.ts'
import { listPreviewPage } from '../pages/list-preview.tsx'
import { type ListsProps, listsPage } from '../pages/lists.tsx'
import { listForm } from '../schema.ts'
import { doneOf, sendPage, wordsOf } from './answers.ts'
import { idIn } from './organisations.ts'

const access = { who: ['coordinator' as const] }
const one = { ...access, objects: { sheet: 'other' as const } }
const hidden = { hide: true }

const limits = { fileBytes: mostListBytes, fieldBytes: 300_000, fields: 8, parts: 10 }

export async function mountLists(app: App, context: Context): Promise<void> {
  await takeUploads(app, limits)
  mountTaking(app, context)
  mountDeciding(app, context)
}

const framed = (request: FastifyRequest, context: Context, title: string) =>
  frameOf(request, { title, active: 'members', zone: context.settings.zone })

function mountTaking(app: App, context: Context): void {
  const draw = async (request: FastifyRequest, reply: FastifyReply, refused?: ListsProps['refused']) => {
    const found = await asActor(context.db, actorOf(request), request.now, async (tx) => ({
      versions: await versions(tx),
      lists: await lists(tx),
    }))
    const frame = framed(request, context, request.t('lists.title'))
    return sendPage(reply, listsPage({ frame, ...found, refused }), refused ? 422 : 200)
  }

  app.get('/signature-lists', { config: { access }, schema: hidden }, (request, reply) =>
    draw(request, reply),
  )

  const sample = { version: '1', text: 'Instituce;Signatář\nNemocnice Zkušební;Ing. Jan Zkušební' }
  app.post(
    '/signature-lists',
    { config: { access: { ...access, sample } }, schema: hidden },
    async (request, reply) => {
      const form = listForm.safeParse(request.body)
      if (!form.success)
        throw new Invalid('The form was longer than its fields allow, or held what no text can hold.')
      const { version, text } = form.data
      const upload = uploadIn(request.body)
      const bytes = upload?.bytes ?? Buffer.from(text)
      const fileName = upload?.name ?? request.t('lists.pasted')
      const file = await readList(bytes, fileName, request.t.lang)
      if (file.errors.length > 0)
        return draw(request, reply, { errors: file.errors, text, version: String(version) })
      const by = actorOf(request)
      const { id, isNew } = await asActor(context.db, by, request.now, (tx) =>
        takeIn(tx, { bytes, fileName, version, file }, by, request.now),
      )
      return reply.redirect(`/signature-lists/${id}?done=${isNew ? 'taken' : 'known'}`, 303)
    },
  )
}

function mountDeciding(app: App, context: Context): void {
  const draw = async (request: FastifyRequest, reply: FastifyReply, errors?: Record<string, string>) => {
    const found = await asActor(context.db, actorOf(request), request.now, (tx) =>
      preview(tx, idIn(request, 'sheet')),
    )
    const done = doneOf(request, ['taken', 'known', 'saved'])
    const flash = done && !errors ? { text: request.t(`lists.done.${done}`) } : undefined
    const frame = framed(request, context, found.list.fileName)
    return sendPage(reply, listPreviewPage({ frame, found, flash, errors }), errors ? 422 : 200)
  }

  app.get('/signature-lists/:sheet', { config: { access: one }, schema: hidden }, (request, reply) =>
    draw(request, reply),
  )

  app.post(
    '/signature-lists/:sheet/decisions',
    { config: { access: { ...one, sample: { act: 'save' } } }, schema: hidden },
    async (request, reply) => {
      const id = idIn(request, 'sheet')
      const by = actorOf(request)
      const act = String((request.body as { act?: unknown } | undefined)?.act ?? 'save')
      const as = <R>(work: Parameters<typeof asActor<R>>[3]): Promise<R> =>
        asActor(context.db, by, request.now, work)
      try {
        await as(async (tx) => {
          await decide(tx, id, await saidIn(tx, request.body))
          if (act === 'accept') await acceptProposals(tx, id)
        })
        // What was decided is kept, whether or not the rest can follow.
        if (act === 'apply') await as((tx) => apply(tx, id, by, request.now))
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        return draw(request, reply, wordsOf(error, 'lists.wrong', request.t))
      }
      return reply.redirect(`/signature-lists/${id}${act === 'apply' ? '' : '?done=saved'}`, 303)
    },
  )
}

/** Decisions by line out of a form's `org.12`, `person.12` and `other.12`, the last being a name of the register. */
async function saidIn(tx: Tx, body: unknown): Promise<{ lines: Map<number, Said>; slashes?: Slashes }> {
  const lines = new Map<number, Said>()
  const faults: Record<string, string> = {}
  const fields = Object.entries((body ?? {}) as Record<string, unknown>).flatMap(([key, value]) => {
    const [, field, number] = /^(org|person|other)\.(\d{1,6})$/.exec(key) ?? []
    return field && typeof value === 'string' ? [{ key, field, line: Number(number), value }] : []
  })
  const saidOf = (line: number): Said => {
    const said = lines.get(line) ?? {}
    lines.set(line, said)
    return said
  }
  for (const { field, line, value } of fields)
    if (field === 'org' || field === 'person') saidOf(line)[field] = value
  // A name that somebody took the trouble to type is what they mean.
  for (const { key, field, line, value } of fields) {
    if (field !== 'other' || value.trim() === '' || value.includes('\0')) continue
    const found = await organisationNamed(tx, value)
    if (typeof found === 'string') faults[key] = found
    else saidOf(line).org = `org:${found.id}`
  }
  if (Object.keys(faults).length > 0) throw new Invalid('Some names are not in the register.', faults)
  const slashes = (body as { slashes?: unknown } | undefined)?.slashes
  return { lines, ...(slashes === 'mdy' || slashes === 'dmy' ? { slashes } : {}) }
}

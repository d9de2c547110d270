/** Writing texts: the list, a new one, the next version. Coordinators only. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { homeZone } from '../../../platform/dates.ts'
import { Invalid, WrongState } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import type { Lang } from '../../../platform/i18n.ts'
import { insertSchedule, occasions, requireSchedule } from '../occasions.ts'
import type { Errors, ScheduleForm } from '../pages/edit-form.tsx'
import { editListPage, titleOf } from '../pages/edit-list.tsx'
import { type NewForm, newTextPage } from '../pages/edit-new.tsx'
import { editTextPage } from '../pages/edit-text.tsx'
import { type Kind, kinds } from '../places.ts'
import { withdraw } from '../publishing.ts'
import { create, faultsOf, type Menu, menus, place, type Save, save } from '../texts.ts'
import { editedText, editedTexts, newestOf, type Version, version } from '../texts-edit.ts'
import { idOf, page, sendHtml, text } from './answers.ts'
import { emptySchedule, scheduleForm, scheduleIn, scheduleOf } from './schedule-form.ts'

const coordinators = { who: ['coordinator'] as ['coordinator'] }

export const langIn = (given: unknown): Lang => (given === 'en' ? 'en' : 'cs')
const kindIn = (given: unknown): Kind => kinds.find((kind) => kind === given) ?? 'page'

const wordsIn = (body: unknown) => ({
  title: text(body, 'title'),
  summary: text(body, 'summary'),
  body: text(body, 'body'),
})

const newForm = (body: unknown): NewForm => ({
  ...wordsIn(body),
  lang: langIn(text(body, 'lang')),
  slugs: { cs: text(body, 'slug_cs'), en: text(body, 'slug_en') },
  schedule: scheduleIn(body),
})

const saveForm = (body: unknown): Save => ({
  ...wordsIn(body),
  lang: langIn(text(body, 'lang')),
  base: Math.max(0, idOf(text(body, 'base'))),
  matches: text(body, 'matches') === '1',
})

const flashes = [
  'created',
  'saved',
  'published',
  'planned',
  'unplanned',
  'withdrawn',
  'restored',
  'placed',
  'moved',
  'cancelled',
]

/** What was just done, from the address. */
export function flashIn(request: FastifyRequest): { text: string } | undefined {
  const said = flashes.find((one) => one === (request.query as { said?: unknown }).said)
  return said === undefined ? undefined : { text: request.t(`site.said.${said}`) }
}

interface Draft {
  given: Save
  errors: Errors
  preview?: boolean
  overtaken?: number
}

interface Refused {
  errors: Errors
  schedule: ScheduleForm
}

/** The page of one text, with what was typed when there is something of it to show. */
export async function drawText(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { id, lang, draft, refused }: { id: number; lang: Lang; draft?: Draft; refused?: Refused },
): Promise<FastifyReply> {
  const { t, now } = request
  const seen = await asReader(context.db, actorOf(request), now, async (tx) => {
    const found = await editedText(tx, id, now)
    const newest = newestOf(found, lang)
    return {
      text: found,
      newest: newest ? await version(tx, newest.id, now) : null,
      occasion: (await occasions(tx, { only: id }))[0] ?? null,
    }
  })
  const given = draft?.given ?? begun(seen.newest, lang)
  return sendHtml(
    reply,
    editTextPage({
      frame: { ...frameOf(request, { active: 'site', title: titleOf(seen.text, t) }), zone: homeZone },
      text: seen.text,
      lang,
      given,
      errors: refused?.errors ?? draft?.errors ?? {},
      occasion: seen.occasion,
      ...(draft?.preview ? { preview: true } : {}),
      ...(draft?.overtaken === undefined ? {} : { overtaken: draft.overtaken }),
      ...(seen.occasion ? { schedule: refused?.schedule ?? scheduleForm(seen.occasion, homeZone) } : {}),
      flash: flashIn(request),
    }),
    statusOf(draft, refused),
  )
}

function statusOf(draft: Draft | undefined, refused: Refused | undefined): number {
  if (draft?.overtaken !== undefined) return 409
  return refused || (draft && !draft.preview) ? 422 : 200
}

/** The next version begins with the words of the newest. */
function begun(newest: Version | null, lang: Lang): Save {
  const words = newest ?? { title: '', summary: '', body: '', no: 0 }
  return {
    lang,
    base: words.no,
    matches: false,
    title: words.title,
    summary: words.summary,
    body: words.body,
  }
}

export function mountTextEditing(app: App, context: Context): void {
  app.get('/site', page(coordinators), async (request, reply) => {
    const texts = await asReader(context.db, actorOf(request), request.now, (tx) =>
      editedTexts(tx, request.now),
    )
    const frame = frameOf(request, { active: 'site', title: request.t('site.edit.title') })
    return sendHtml(reply, editListPage({ frame, texts }))
  })
  mountNew(app, context)
  mountNext(app, context)
}

function mountNew(app: App, context: Context): void {
  const draw = (
    request: FastifyRequest,
    reply: FastifyReply,
    kind: Kind,
    { given, errors, preview }: { given: NewForm; errors: Errors; preview: boolean },
  ) => {
    const frame = frameOf(request, { active: 'site', title: request.t(`site.edit.new.${kind}`) })
    const body = newTextPage({ frame: { ...frame, zone: homeZone }, kind, given, errors, preview })
    return sendHtml(reply, body, Object.keys(errors).length > 0 ? 422 : 200)
  }

  app.get('/site/new', page(coordinators), (request, reply) => {
    const kind = kindIn((request.query as { kind?: unknown }).kind)
    const given = { ...newForm({}), lang: request.t.lang, schedule: emptySchedule(request.now, homeZone) }
    return draw(request, reply, kind, { given, errors: {}, preview: false })
  })

  const sample = {
    kind: 'news',
    lang: 'cs',
    title: 'Ukázka',
    summary: '',
    body: 'Text',
    slug_cs: '',
    slug_en: '',
  }
  app.post('/site/texts', page({ ...coordinators, sample }), async (request, reply) => {
    const { body } = request
    const kind = kindIn(text(body, 'kind'))
    const given = newForm(body)
    if (text(body, 'do') === 'preview')
      return draw(request, reply, kind, { given, errors: faultsOf(given), preview: true })
    try {
      const schedule = kind === 'occasion' ? scheduleOf(given.schedule, homeZone) : null
      if (schedule) requireSchedule(schedule)
      const id = await create(
        context.db,
        actorOf(request),
        { kind, ...given },
        request.now,
        async (tx, made) => {
          if (schedule) await insertSchedule(tx, made, schedule, request.now)
        },
      )
      return reply.redirect(`/site/texts/${id}?lang=${given.lang}&said=created`, 303)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return draw(request, reply, kind, { given, errors: error.fields, preview: false })
    }
  })
}

function mountNext(app: App, context: Context): void {
  const one = { ...coordinators, objects: { id: 'site_page' as const } }
  type Params = { Params: { id: string } }

  app.get<Params>('/site/texts/:id', page(one), (request, reply) =>
    drawText(context, request, reply, {
      id: idOf(request.params.id),
      lang: langIn((request.query as { lang?: unknown }).lang ?? request.t.lang),
    }),
  )

  const sample = { lang: 'cs', base: 1, title: 'Ukázka', summary: '', body: 'Text' }
  app.post<Params>('/site/texts/:id/versions', page({ ...one, sample }), async (request, reply) => {
    const id = idOf(request.params.id)
    const given = saveForm(request.body)
    const { lang } = given
    const again = (draft: Omit<Draft, 'given'>, base = given.base) =>
      drawText(context, request, reply, { id, lang, draft: { ...draft, given: { ...given, base } } })
    if (text(request.body, 'do') === 'preview') return again({ errors: faultsOf(given), preview: true })
    try {
      await save(context.db, actorOf(request), id, given, request.now)
    } catch (error) {
      if (error instanceof Invalid) return again({ errors: error.fields })
      if (!(error instanceof WrongState)) throw error
      const newest = await asReader(context.db, actorOf(request), request.now, async (tx) =>
        newestOf(await editedText(tx, id, request.now), lang),
      )
      return again({ errors: {}, ...(newest ? { overtaken: newest.id } : {}) }, newest?.no ?? 0)
    }
    return reply.redirect(`/site/texts/${id}?lang=${lang}&said=saved`, 303)
  })

  app.post<Params>(
    '/site/texts/:id/withdrawal',
    page({ ...one, sample: { lang: 'cs' } }),
    async (request, reply) => {
      const id = idOf(request.params.id)
      const lang = langIn(text(request.body, 'lang'))
      await withdraw(context.db, actorOf(request), id, lang, request.now)
      return reply.redirect(`/site/texts/${id}?lang=${lang}&said=withdrawn`, 303)
    },
  )

  app.post<Params>(
    '/site/texts/:id/place',
    page({ ...one, sample: { menu: 'none', position: 100 } }),
    async (request, reply) => {
      const id = idOf(request.params.id)
      const menu: Menu = menus.find((one) => one === text(request.body, 'menu')) ?? 'none'
      const position = Math.min(1_000, Math.max(0, idOf(text(request.body, 'position'))))
      await place(context.db, actorOf(request), id, { menu, position }, request.now)
      return reply.redirect(`/site/texts/${id}?said=placed`, 303)
    },
  )
}

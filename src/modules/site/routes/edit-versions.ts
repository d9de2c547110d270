/** One version: read, compared, published, restored; and when an occasion is. Coordinators only. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { homeZone } from '../../../platform/dates.ts'
import { Invalid } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { fieldOf, instantOf } from '../../../platform/local-time.ts'
import { cancel, reschedule } from '../occasions.ts'
import { versionPage } from '../pages/edit-version.tsx'
import { publicFrame } from '../pages/public-frame.tsx'
import { textPage } from '../pages/text.tsx'
import { pathOf } from '../places.ts'
import { publish, unplan } from '../publishing.ts'
import { restore } from '../texts.ts'
import { editedText, type Version, version } from '../texts-edit.ts'
import { publicPages } from '../texts-read.ts'
import { idOf, page, sendHtml, text } from './answers.ts'
import { drawText } from './edit-texts.ts'
import { scheduleIn, scheduleOf } from './schedule-form.ts'

const who = ['coordinator'] as ['coordinator']
const one = { who, objects: { version: 'site_version' as const } }
type Params = { Params: { version: string } }

const dayMs = 86_400_000
const minuteMs = 60_000

/** What is public is what a new version is compared with; else the one before it. */
async function comparedWith(
  tx: Parameters<typeof version>[0],
  of: Version,
  asked: unknown,
  now: number,
): Promise<Version | null> {
  const { versions } = await editedText(tx, of.page, now)
  const others = versions.filter((line) => line.lang === of.lang && line.id !== of.id)
  const chosen =
    others.find((line) => String(line.id) === asked) ??
    others.find((line) => line.state === 'public') ??
    others.find((line) => line.no < of.no) ??
    others[0]
  return chosen ? version(tx, chosen.id, now) : null
}

async function draw(
  context: Context,
  request: FastifyRequest<Params>,
  reply: FastifyReply,
  refused?: { at: string; error: string },
): Promise<FastifyReply> {
  const { t, now } = request
  const asked = (request.query as { with?: unknown }).with
  const seen = await asReader(context.db, actorOf(request), now, async (tx) => {
    const found = await version(tx, idOf(request.params.version), now)
    return {
      version: found,
      text: await editedText(tx, found.page, now),
      against: await comparedWith(tx, found, asked, now),
    }
  })
  const { no, title } = seen.version
  const frame = frameOf(request, { active: 'site', title: `${t('site.versions.one', { no })}: ${title}` })
  return sendHtml(
    reply,
    versionPage({
      frame: { ...frame, zone: homeZone },
      ...seen,
      publishAt: refused?.at ?? fieldOf(seen.version.publishAt ?? now + dayMs, homeZone),
      ...(refused ? { error: refused.error } : {}),
    }),
    refused ? 422 : 200,
  )
}

/** The version as it will look to everybody. */
async function drawPreview(context: Context, request: FastifyRequest<Params>, reply: FastifyReply) {
  const { now } = request
  const seen = await asReader(context.db, actorOf(request), now, async (tx) => {
    const found = await version(tx, idOf(request.params.version), now)
    return { version: found, text: await editedText(tx, found.page, now) }
  })
  const pages = await asReader(context.db, null, now, publicPages)
  const { lang, id, matches, savedAt, publishAt, title, summary, body } = seen.version
  const at = publishAt ?? now
  const shown = { version: id, matches, savedAt, publishedAt: at, title, summary, body }
  const frame = publicFrame(
    request,
    context,
    {
      lang,
      title,
      description: summary,
      paths: { cs: pathOf(seen.text, 'cs'), en: pathOf(seen.text, 'en') },
    },
    pages,
  )
  return sendHtml(
    reply,
    textPage({
      frame,
      text: { ...seen.text, firstPublishedAt: at, words: { [lang]: shown } },
      preview: true,
    }),
  )
}

export function mountVersionEditing(app: App, context: Context): void {
  const back = async (request: FastifyRequest<Params>, reply: FastifyReply, said: string) => {
    const found = await asReader(context.db, actorOf(request), request.now, (tx) =>
      version(tx, idOf(request.params.version), request.now),
    )
    return reply.redirect(`/site/texts/${found.page}?lang=${found.lang}&said=${said}`, 303)
  }

  app.get<Params>('/site/versions/:version', page(one), (request, reply) => draw(context, request, reply))
  app.get<Params>('/site/versions/:version/preview', page(one), (request, reply) =>
    drawPreview(context, request, reply),
  )

  app.post<Params>('/site/versions/:version/publication', page(one), async (request, reply) => {
    const at = text(request.body, 'at')
    const from = at === '' ? request.now : instantOf(at, homeZone)
    if (from === null) return draw(context, request, reply, { at, error: request.t('site.error.time') })
    // A slip in the date must not publish at once; the minute that runs is still good.
    if (from < request.now - minuteMs)
      return draw(context, request, reply, { at, error: request.t('site.error.time-past') })
    await publish(context.db, actorOf(request), idOf(request.params.version), from, request.now)
    return back(request, reply, from > request.now ? 'planned' : 'published')
  })

  app.post<Params>('/site/versions/:version/publication/withdrawal', page(one), async (request, reply) => {
    await unplan(context.db, actorOf(request), idOf(request.params.version), request.now)
    return back(request, reply, 'unplanned')
  })

  app.post<Params>('/site/versions/:version/restoration', page(one), async (request, reply) => {
    await restore(context.db, actorOf(request), idOf(request.params.version), request.now)
    return back(request, reply, 'restored')
  })
  mountSchedule(app, context)
}

function mountSchedule(app: App, context: Context): void {
  type Text = { Params: { id: string } }
  const occasion = { who, objects: { id: 'site_occasion' as const } }
  const sample = {
    occasion_kind: 'event',
    starts: '2026-06-01T10:00',
    ends: '2026-06-01T12:00',
    place: 'Brno',
  }

  app.post<Text>('/site/texts/:id/schedule', page({ ...occasion, sample }), async (request, reply) => {
    const id = idOf(request.params.id)
    const schedule = scheduleIn(request.body)
    try {
      await reschedule(context.db, actorOf(request), id, scheduleOf(schedule, homeZone), request.now)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      const refused = { errors: error.fields, schedule }
      return drawText(context, request, reply, { id, lang: request.t.lang, refused })
    }
    return reply.redirect(`/site/texts/${id}?said=moved`, 303)
  })

  app.post<Text>('/site/texts/:id/cancellation', page(occasion), async (request, reply) => {
    const id = idOf(request.params.id)
    await cancel(context.db, actorOf(request), id, request.now)
    return reply.redirect(`/site/texts/${id}?said=cancelled`, 303)
  })
}

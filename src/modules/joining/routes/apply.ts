/** The public form in both languages, and the link of its mail. The same answer goes to everybody, whatever is known of them. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../platform/context.ts'
import type { App } from '../../../platform/http.ts'
import { type Lang, langs, translator } from '../../../platform/i18n.ts'
import { seal, unseal } from '../../../platform/seal.ts'
import { type Drawing, placePage, placePath, visited } from '../../site/pages.ts'
import { apply, confirm, linked, waitOf } from '../apply.ts'
import { type Faults, type Typed, typedIn, understood } from '../form.ts'
import { applyPage, confirmPage, sentPage } from '../pages/apply.tsx'
import { page, sendHtml } from './answers.ts'

/** Nobody fills the form in sooner; programs do. */
const quickestMs = 4_000
const longestMs = 12 * 3_600_000

/** When the form was drawn, sealed, so that it can be neither made up nor moved. */
const beganNow = (context: Context, now: number): string =>
  seal(context.settings.secret, `application ${now}`)

function ageOf(context: Context, began: string, now: number): 'quick' | 'old' | 'right' {
  const text = began === '' ? null : unseal(context.settings, began)
  const at = Number(/^application (\d+)$/.exec(text ?? '')?.[1] ?? Number.NaN)
  if (Number.isNaN(at) || now - at > longestMs) return 'old'
  return now - at < quickestMs ? 'quick' : 'right'
}

interface Refused {
  typed: Typed
  faults: Faults
  problem?: 'quick' | 'old' | 'many'
  minutes?: number
}

export function mountApply(app: App, context: Context): void {
  for (const lang of langs) mountForm(app, context, lang)
  mountConfirmation(app, context)
}

function mountForm(app: App, context: Context, lang: Lang): void {
  const place = placePath('join', lang)
  const draw = (request: FastifyRequest, refused?: Refused): Promise<string> => {
    const form: Drawing = async ({ frame }) => {
      const typed = refused?.typed ?? typedIn({})
      // Putting one cell right takes seconds, so a form that comes back keeps its time; only one too old begins anew.
      const began = refused && refused.problem !== 'old' ? typed.began : beganNow(context, request.now)
      return applyPage({
        frame: await frame({ ...placePage('join', lang), forms: true }),
        action: place,
        typed: { ...typed, began },
        faults: refused?.faults ?? {},
        problem: refused?.problem,
        minutes: refused?.minutes,
      })
    }
    return visited(context, request, lang, form)
  }

  app.get(place, page({ who: 'anyone' }), async (request, reply) => {
    const sent = (request.query as { sent?: unknown }).sent === '1'
    if (!sent) return sendHtml(reply, await draw(request))
    return sendHtml(
      reply,
      await visited(context, request, lang, async ({ frame }) =>
        sentPage(await frame(placePage('join', lang))),
      ),
    )
  })

  app.post(place, page({ who: 'anyone' }), async (request, reply) => {
    const typed = typedIn(request.body)
    const answer = async (refused: Omit<Refused, 'typed'>, status = 422) =>
      sendHtml(reply, await draw(request, { typed, ...refused }), status)
    const wait = await waitOf(context, addressOf(request), request.now)
    if (wait > 0) return answer({ faults: {}, problem: 'many', minutes: Math.ceil(wait / 60_000) }, 429)
    const age = ageOf(context, typed.began, request.now)
    if (age !== 'right') return answer({ faults: {}, problem: age })
    const read = understood(typed, lang)
    if (!read.ok) return answer({ faults: read.faults })
    if (typed.website === '') await apply(context, read.given, request.now)
    return reply.redirect(`${place}?sent=1`, 303)
  })
}

/** A socket of both families writes IPv4 inside IPv6. */
const addressOf = (request: FastifyRequest): string => request.ip.replace(/^::ffff:(?=\d+\.)/, '')

function mountConfirmation(app: App, context: Context): void {
  const access = { who: 'anyone', by: 'token', objects: { token: 'other' } } as const
  const tokenIn = (request: FastifyRequest): string => (request.params as { token: string }).token
  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    lang: Lang,
    state: 'open' | 'done' | 'over',
  ) => {
    const t = translator(lang)
    const title = t(state === 'open' ? 'joining.confirm.title' : `joining.confirm.${state}.title`)
    const token = tokenIn(request)
    const text = await visited(context, request, lang, async ({ frame }) =>
      confirmPage({
        frame: await frame({ ...placePage('join', lang), title, forms: true }),
        token,
        state,
        applyAt: placePath('join', lang),
      }),
    )
    return sendHtml(reply, text, state === 'over' ? 410 : 200)
  }

  app.get('/application/:token', page(access), async (request, reply) => {
    const found = await linked(context, tokenIn(request), request.now)
    if (!found) return draw(request, reply, request.t.lang, 'over')
    return draw(request, reply, found.language, found.confirmed ? 'done' : 'open')
  })

  app.post('/application/:token', page(access), async (request, reply) => {
    const done = await confirm(context, tokenIn(request), request.now)
    if (!done) return draw(request, reply, request.t.lang, 'over')
    return reply.redirect(`/application/${encodeURIComponent(tokenIn(request))}`, 303)
  })
}

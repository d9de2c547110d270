/** The coordinators' page of blocklists. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asReader } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import { asEngine, type Tx } from '../../../../platform/database.ts'
import { Invalid, NotFound } from '../../../../platform/errors.ts'
import { type Access, type App, actorOf } from '../../../../platform/http.ts'
import { doneOf, page, sendHtml, text } from '../../../../platform/page-routes.ts'
import { addNever, enter, letThrough, passJump, removeNever, withdraw } from '../../blocklists/decide.ts'
import { foundItems, neverEntries, protection, troubles, waitingItems } from '../../blocklists/read-all.ts'
import { enterForm, itemParam, neverForm, reasonForm } from '../../blocklists/schema.ts'
import { lists } from '../../blocklists/types.ts'
import { reviewPage } from '../../pages/blocklists/review.tsx'
import { type ReviewProps, reviewDone } from '../../pages/blocklists/review-props.ts'
import { framed, idIn, wordsOf } from './own.ts'

const coordinators: Access = { who: ['coordinator'] }
const ofItem: Access = { ...coordinators, objects: { item: 'blocklist_item' } }
const longestFind = 200

function itemIn(request: FastifyRequest): string {
  const id = itemParam.safeParse((request.params as Record<string, unknown>).item)
  if (!id.success) throw new NotFound('There is no such indicator.')
  return id.data
}

async function draw(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  refused: Pick<ReviewProps, 'entry' | 'forbid'> = {},
): Promise<FastifyReply> {
  const find = text(request.query, 'find').trim().slice(0, longestFind)
  const found = await asReader(context.db, actorOf(request), request.now, async (tx) => ({
    waiting: await waitingItems(tx),
    troubles: await troubles(tx),
    items: await foundItems(tx, find),
    protection: await protection(tx, request.now),
    never: await neverEntries(tx),
  }))
  const frame = framed(request, context, request.t('blocklists.review.title'))
  const drawn = reviewPage({ frame, find, ...found, ...refused, done: doneOf(request, reviewDone) })
  return sendHtml(reply, drawn, Object.keys(refused).length > 0 ? 422 : 200)
}

export function mountReview(app: App, context: Context): void {
  const doing = <R>(work: (tx: Tx) => Promise<R>): Promise<R> => asEngine(context.db, work)
  const back = (reply: FastifyReply, done: (typeof reviewDone)[number], place = 'waiting'): FastifyReply =>
    reply.redirect(`/blocklists/review?done=${done}#${place}`, 303)

  app.get('/blocklists/review', page(coordinators), (request, reply) => draw(context, request, reply))

  const sample = { value: '203.0.113.99', reason: 'x', days: '7' }
  app.post('/blocklists/review/items', page({ ...coordinators, sample }), async (request, reply) => {
    const form = enterForm.safeParse(request.body ?? {})
    if (!form.success) throw new Invalid(request.t('blocklists.wrong.value'))
    const given = form.data
    const days = given.days.trim() === '' ? null : Number(given.days)
    try {
      await doing((tx) => enter(tx, { ...given, days }, actorOf(request), request.now))
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return draw(context, request, reply, { entry: { given, errors: wordsOf(request, error.fields) } })
    }
    return back(reply, 'entered', 'items')
  })

  for (const [path, verb, done] of [
    ['withdrawal', withdraw, 'withdrawn'],
    ['return', letThrough, 'returned'],
  ] as const)
    app.post(
      `/blocklists/review/items/:item/${path}`,
      page({ ...ofItem, sample: { reason: 'x' } }),
      async (request, reply) => {
        const form = reasonForm.safeParse(request.body ?? {})
        if (!form.success) throw new Invalid(request.t('blocklists.wrong.reason'))
        await doing((tx) => verb(tx, itemIn(request), form.data.reason, actorOf(request), request.now))
        return back(reply, done)
      },
    )

  app.post(
    '/blocklists/review/jumps/:list/pass',
    page({ ...coordinators, objects: { list: 'blocklist_list' } }),
    async (request, reply) => {
      const { list: given } = request.params as { list: string }
      const list = lists.find((one) => one === given)
      if (!list) throw new NotFound('There is no such list.')
      await doing((tx) => passJump(tx, list, actorOf(request), request.now))
      return back(reply, 'passed')
    },
  )

  app.post(
    '/blocklists/review/never',
    page({ ...coordinators, sample: { value: '203.0.113.200', reason: 'x' } }),
    async (request, reply) => {
      const form = neverForm.safeParse(request.body ?? {})
      if (!form.success) throw new Invalid(request.t('blocklists.wrong.never'))
      const given = { ...form.data, days: '' }
      try {
        await doing((tx) => addNever(tx, given, actorOf(request), request.now))
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        return draw(context, request, reply, { forbid: { given, errors: wordsOf(request, error.fields) } })
      }
      return back(reply, 'never', 'never')
    },
  )

  app.post(
    '/blocklists/review/never/:never/end',
    page({ ...coordinators, objects: { never: 'blocklist_never' } }),
    async (request, reply) => {
      await doing((tx) => removeNever(tx, idIn(request, 'never'), actorOf(request), request.now))
      return back(reply, 'never-ended', 'never')
    },
  )
}

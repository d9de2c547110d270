/** The list of calls, times without drills, and the steps of the calls to come. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isCoordinator, organisationsOf } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine, type Tx } from '../../../platform/database.ts'
import { Invalid } from '../../../platform/errors.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { instantOf } from '../../../platform/local-time.ts'
import { doneOf, page, sendHtml, text } from '../../../platform/page-routes.ts'
import { type Policy, policyChannels, type Step, targetRoles } from '../../duty/index.ts'
import { type Drill, lastDrill } from '../drills.ts'
import { listPage, type WindowForm } from '../pages/list.tsx'
import { ownSteps, policyPage } from '../pages/policy.tsx'
import { currentPolicy, setPolicy } from '../policies.ts'
import { listBroadcasts } from '../read.ts'
import { mayProtect, protect, unprotect, windows } from '../windows.ts'
import { asAsker, frameFor, idIn, leaders, members, readers } from './asked.ts'

const done = ['protected', 'unprotected', 'discarded'] as const

export function mountList(app: App, context: Context): void {
  const { zone } = context.settings
  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    wrong?: { given: WindowForm; errors: Record<string, string> },
  ) => {
    const actor = actorOf(request)
    const found = await asAsker(context, request, async (tx) => ({
      calls: await listBroadcasts(tx),
      windows: await windows(tx, request.now),
      drills: await drillsOf(tx, organisationsOf(actor)),
    }))
    const said = doneOf(request, done)
    return sendHtml(
      reply,
      listPage({
        frame: frameFor(context, request, request.t('rollcalls.title')),
        ...found,
        ...wrong,
        leads: isCoordinator(actor),
        protects: organisationsOf(actor).filter(({ id }) => mayProtect(actor, id)),
        flash: said && { text: request.t(`rollcalls.done.${said}`) },
      }),
      wrong ? 422 : 200,
    )
  }
  app.get('/rollcalls', page(readers), (request, reply) => draw(request, reply))

  const sample = { org: '1', from: '2099-01-01T08:00', to: '2099-01-02T08:00', reason: 'Operace' }
  app.post('/rollcalls/windows', page({ ...members, sample }), async (request, reply) => {
    const { body } = request
    const given = {
      org: text(body, 'org'),
      from: text(body, 'from'),
      to: text(body, 'to'),
      reason: text(body, 'reason').slice(0, 1_000),
    }
    const org = /^\d{1,9}$/.test(given.org) ? Number(given.org) : -1
    // What is no time lies after or before everything, and is refused as that.
    const from = instantOf(given.from, zone) ?? Number.POSITIVE_INFINITY
    const to = instantOf(given.to, zone) ?? Number.NEGATIVE_INFINITY
    try {
      await asEngine(context.db, (tx) =>
        protect(tx, { org, from, to, reason: given.reason }, actorOf(request), request.now),
      )
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return draw(request, reply, { given, errors: error.fields })
    }
    return reply.redirect('/rollcalls?done=protected', 303)
  })

  app.post(
    '/rollcalls/windows/:window/end',
    page({ ...members, objects: { window: 'protected_window' } }),
    async (request, reply) => {
      await asEngine(context.db, (tx) =>
        unprotect(tx, idIn(request, 'window'), actorOf(request), request.now),
      )
      return reply.redirect('/rollcalls?done=unprotected', 303)
    },
  )
  mountPolicy(app, context)
}

/** How the reader's organisations came out of their last drill or test. */
async function drillsOf(
  tx: Tx,
  orgs: { id: number; name: string }[],
): Promise<{ name: string; drill: Drill }[]> {
  const found: { name: string; drill: Drill }[] = []
  for (const { id, name } of orgs) {
    const drill = await lastDrill(tx, id)
    if (drill) found.push({ name, drill })
  }
  return found
}

function mountPolicy(app: App, context: Context): void {
  const draw = (request: FastifyRequest, reply: FastifyReply, policy: Policy, wrong: boolean) =>
    sendHtml(
      reply,
      policyPage({
        frame: frameFor(context, request, request.t('rollcalls.policy')),
        policy,
        wrong,
        flash: doneOf(request, ['saved']) && { text: request.t('rollcalls.done.saved') },
      }),
      wrong ? 422 : 200,
    )
  app.get('/rollcalls/policy', page(leaders), async (request, reply) =>
    draw(request, reply, await asAsker(context, request, currentPolicy), false),
  )
  const sample = { delay_1: '0', targets_1: 'duty', ways_1: 'mail', delay_4: '30' }
  app.post('/rollcalls/policy', page({ ...leaders, sample }), async (request, reply) => {
    const steps = stepsIn(request.body)
    try {
      await asEngine(context.db, (tx) => setPolicy(tx, steps, actorOf(request), request.now))
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return draw(request, reply, { version: 0, repeat: 0, steps }, true)
    }
    return reply.redirect('/rollcalls/policy?done=saved', 303)
  })
}

/** The rows of the form that name somebody, numbered anew, and the call list at the end. */
function stepsIn(body: unknown): Step[] {
  const each = (name: string): unknown[] =>
    [(body as Record<string, unknown> | undefined)?.[name] ?? []].flat()
  const delay = (no: number): number => {
    const given = text(body, `delay_${no}`)
    return /^\d{1,5}$/.test(given) ? Number(given) : -1
  }
  const rows = Array.from({ length: ownSteps }, (_, i) => i + 1)
    .map((no) => ({
      delayMin: delay(no),
      targets: targetRoles.filter((role) => each(`targets_${no}`).includes(role)).map((role) => ({ role })),
      channels: policyChannels.filter((way) => each(`ways_${no}`).includes(way)),
    }))
    .filter(({ targets, channels }) => targets.length > 0 && channels.length > 0)
  const steps: Omit<Step, 'no'>[] = [
    ...rows,
    { delayMin: delay(ownSteps + 1), targets: ['coordinator'], channels: ['phone'] },
  ]
  return rows.length === 0 ? [] : steps.map((step, i) => ({ ...step, no: i + 1 }))
}

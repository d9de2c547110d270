/** Escalations: read by the organisation's people and the coordinators, kept by who keeps its duties. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Actor, asReader, isCoordinator, organisationsOf } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import { Invalid, NotFound } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { doneOf, page, sendHtml, text } from '../../../platform/page-routes.ts'
import { memberRoles } from '../../members/index.ts'
import { mayKeep } from '../may.ts'
import { type PolicyEntry, policiesPage } from '../pages/policies.tsx'
import { policyPage } from '../pages/policy.tsx'
import { eligible } from '../people.ts'
import { type CallSteps, inForce, policyKinds, policyOf, setPolicy, versionsOf } from '../policies.ts'
import { type Policy, type PolicyKind, policyShape } from '../policy.ts'
import { type GivenPolicy, givenIn, givenOf, policyIn } from '../policy-form.ts'
import { preview, reachesNobody } from '../policy-preview.ts'
import { duties } from '../read.ts'
import { idParam } from '../schema.ts'

const readers: Access = { who: [...memberRoles, 'coordinator'] }

const addressOf = (org: number | null, kind: PolicyKind): string =>
  org === null ? '/duty/policies/csirt' : `/duty/policies/${org}/${kind}`

/** Throws NotFound for whoever neither acts there nor coordinates. */
async function nameOf(
  { db }: Context,
  actor: Actor,
  org: number | null,
  now: number,
): Promise<string | null> {
  if (org === null) return null
  const { rows } = await asReader(db, actor, now, (tx) =>
    tx.query<{ name: string }>('select id as org, name from organisations where id = $1', [org]),
  )
  const isOurs = isCoordinator(actor) || actor.engagements.some((e) => e.org === org)
  if (!rows[0] || !isOurs) throw new NotFound('There is no such organisation')
  return rows[0].name
}

export function mountPolicies(app: App, context: Context, callSteps: CallSteps): void {
  const { db, settings } = context
  const { zone } = settings

  app.get('/duty/policies', page(readers), async (request, reply) => {
    const actor = actorOf(request)
    const owners: { org: number | null; of: string }[] = [
      ...organisationsOf(actor).map(({ id, name }) => ({ org: id, of: name })),
      ...(isCoordinator(actor) ? [{ org: null, of: request.t('duty.coordinators') }] : []),
    ]
    const wanted = owners.flatMap(({ org, of }) => policyKinds(org).map((kind) => ({ org, of, kind })))
    const entries = await asEngine(db, async (tx) => {
      const found: PolicyEntry[] = []
      for (const { org, of, kind } of wanted) {
        const held = await policyOf(tx, org, kind)
        const which = { org, kind, policy: held, isOwn: held.version > 0 }
        const { policy } = await inForce(tx, which, callSteps, request.now)
        const nobody = reachesNobody(await preview(tx, { org, policy, zone }, request.now))
        const { steps } = policy
        const { version } = held
        found.push({ href: addressOf(org, kind), kind, of, version, steps: steps.length, nobody })
      }
      return found
    })
    const frame = frameOf(request, { title: request.t('duty.policies'), active: 'duty', zone })
    return sendHtml(reply, policiesPage({ frame, entries }))
  })

  interface Shown {
    given?: GivenPolicy
    policy?: Policy
    errors?: Record<string, string>
  }
  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { org, kind }: { org: number | null; kind: PolicyKind },
    { given, policy: tried, errors = {} }: Shown = {},
  ): Promise<FastifyReply> => {
    const actor = actorOf(request)
    const of = (await nameOf(context, actor, org, request.now)) ?? request.t('duty.coordinators')
    const read = await asReader(db, actor, request.now, async (tx) => ({
      held: await policyOf(tx, org, kind),
      versions: await versionsOf(tx, org, kind),
      duties: (await duties(tx)).filter((one) => one.org === org),
    }))
    const isOwn = tried !== undefined || read.held.version > 0
    const more = await asEngine(db, async (tx) => {
      const which = { org, kind, policy: tried ?? read.held, isOwn }
      const force = await inForce(tx, which, callSteps, request.now)
      return {
        ...force,
        reached: await preview(tx, { org, policy: force.policy, zone }, request.now),
        people: await eligible(tx, org, request.now),
      }
    })
    // Where nothing was set the form begins with what holds.
    const held = isOwn ? read.held : { ...more.policy, version: read.held.version }
    const shown = policyPage({
      frame: frameOf(request, { title: request.t(`duty.policy.kind.${kind}`), active: 'duty', zone }),
      action: addressOf(org, kind),
      kind,
      of,
      ...more,
      versions: read.versions,
      duties: read.duties,
      mayKeep: mayKeep(actor, org),
      given: given ?? givenOf(held),
      errors: Object.fromEntries(Object.entries(errors).map(([k, v]) => [k, request.t(`duty.wrong.${v}`)])),
      tried: tried !== undefined,
      done: doneOf(request, ['kept']) === 'kept',
    })
    return sendHtml(reply, shown, Object.keys(errors).length > 0 ? 422 : 200)
  }

  const keep = async (
    request: FastifyRequest,
    reply: FastifyReply,
    which: { org: number | null; kind: PolicyKind },
  ): Promise<FastifyReply> => {
    const actor = actorOf(request)
    await nameOf(context, actor, which.org, request.now)
    const given = givenIn(request.body)
    if (!given) throw new Invalid(request.t('duty.wrong.form'))
    const wanted = policyIn(given)
    if ('wrong' in wanted) return draw(request, reply, which, { given, errors: wanted.wrong })
    const { policy } = wanted
    if (!policyShape.safeParse(policy).success)
      return draw(request, reply, which, { given, errors: { steps: 'steps' } })
    if (text(request.body, 'try') === '1' && mayKeep(actor, which.org))
      return draw(request, reply, which, { given, policy })
    try {
      await asEngine(db, (tx) => setPolicy(tx, { ...which, policy }, actor, request.now))
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return draw(request, reply, which, { given, errors: error.fields })
    }
    return reply.redirect(`${addressOf(which.org, which.kind)}?done=kept`, 303)
  }

  const sample = { base: '0', repeat: '0', delay_1: '0', to_1: 'duty', by_1: 'mail' }
  for (const kind of policyKinds(0)) {
    const ofOrg: Access = { ...readers, objects: { org: 'organisation' } }
    const orgIn = (request: FastifyRequest): number => {
      const id = idParam.safeParse((request.params as Record<string, unknown>).org)
      if (!id.success) throw new NotFound('There is no such organisation')
      return id.data
    }
    app.get(`/duty/policies/:org/${kind}`, page(ofOrg), (request, reply) =>
      draw(request, reply, { org: orgIn(request), kind }),
    )
    app.post(`/duty/policies/:org/${kind}`, page({ ...ofOrg, sample }), (request, reply) =>
      keep(request, reply, { org: orgIn(request), kind }),
    )
  }
  const central: Access = { who: ['coordinator'] }
  const csirt = { org: null, kind: 'csirt' } as const
  app.get('/duty/policies/csirt', page(central), (request, reply) => draw(request, reply, csirt))
  app.post('/duty/policies/csirt', page({ ...central, sample }), (request, reply) =>
    keep(request, reply, csirt),
  )
}

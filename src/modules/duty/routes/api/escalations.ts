/** Escalations, the simple form of a duty and how well organisations can be reached, for programs. */
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { type Actor, asReader, isCoordinator, organisationsOf } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import { asEngine, type Tx } from '../../../../platform/database.ts'
import { iso } from '../../../../platform/dates.ts'
import { NotFound } from '../../../../platform/errors.ts'
import { type Access, type App, actorOf } from '../../../../platform/http.ts'
import { eligible } from '../../people.ts'
import { type CallSteps, type InForce, inForce, policyKinds, policyOf, setPolicy } from '../../policies.ts'
import type { Policy, PolicyKind } from '../../policy.ts'
import { preview } from '../../policy-preview.ts'
import { distribution, type ScoreLine, scores } from '../../reach/reckon.ts'
import { nextStep, type Points, parts as partNames } from '../../reach/score.ts'
import { setSimple, simpleOf } from '../../simple.ts'
import { api, doing, readers } from './route.ts'
import * as shapes from './shapes.ts'

interface Owner {
  org: number | null
  organisation: string | null
}

/** The organisation of an address. Throws NotFound for whoever neither acts there nor coordinates. */
async function ownerOf(
  context: Context,
  request: FastifyRequest,
  org: number,
): Promise<Owner & { organisation: string }> {
  const actor = actorOf(request)
  const isOurs = isCoordinator(actor) || actor.engagements.some((e) => e.org === org)
  const { rows } = await asReader(context.db, actor, request.now, (tx) =>
    tx.query<{ name: string }>('select id as org, name from organisations where id = $1', [org]),
  )
  if (!rows[0] || !isOurs) throw new NotFound('There is no such organisation')
  return { org, organisation: rows[0].name }
}

const ownersOf = (actor: Actor): Owner[] => [
  ...organisationsOf(actor).map(({ id, name }) => ({ org: id, organisation: name })),
  ...(isCoordinator(actor) ? [{ org: null, organisation: null }] : []),
]

const stepsJson = (steps: Policy['steps']) =>
  steps.map(({ delayMin, targets, channels }) => ({ delay_min: delayMin, targets, channels }))

const policyJson = (owner: Owner, kind: PolicyKind, { version, repeat, steps }: Policy) => ({
  ...{ ...owner, kind, version, repeat },
  steps: stepsJson(steps),
})

async function policyShown(
  { db, settings: { zone } }: Context,
  request: FastifyRequest,
  { owner, kind, callSteps }: { owner: Owner; kind: PolicyKind; callSteps: CallSteps },
) {
  const { org } = owner
  const { now } = request
  const held = await asReader(db, actorOf(request), now, (tx) => policyOf(tx, org, kind))
  const { policy, whose, reached } = await asEngine(db, async (tx) => {
    const force: InForce = await inForce(
      tx,
      { org, kind, policy: held, isOwn: held.version > 0 },
      callSteps,
      now,
    )
    return { ...force, reached: await preview(tx, { org, policy: force.policy, zone }, now) }
  })
  return {
    ...policyJson(owner, kind, held),
    in_force: { whose, steps: stepsJson(policy.steps) },
    reaches: reached.map(({ people }) => ({ people })),
  }
}

type PolicyBody = z.infer<typeof shapes.policyBody>

const policyIn = ({ version, repeat, steps }: PolicyBody): Policy => ({
  ...{ version, repeat },
  steps: steps.map(({ delay_min: delayMin, ...step }, i) => ({ no: i + 1, delayMin, ...step })),
})

export function mountEscalationApi(app: App, context: Context, callSteps: CallSteps): void {
  const { db } = context
  const listed = { response: { 200: shapes.policiesAnswer } }
  app.get(
    '/api/v1/duty/policies',
    api(readers, 'Escalations that hold for your organisations; for coordinators their own', listed),
    (request) =>
      asReader(db, actorOf(request), request.now, async (tx) => {
        const policies: z.infer<typeof shapes.policiesAnswer>['policies'] = []
        for (const owner of ownersOf(actorOf(request)))
          for (const kind of policyKinds(owner.org))
            policies.push(policyJson(owner, kind, await policyOf(tx, owner.org, kind)))
        return { policies }
      }),
  )
  const shown = { response: { 200: shapes.policyAnswer } }
  const keeping = { ...shown, body: shapes.policyBody }
  const sample = {
    version: 0,
    repeat: 0,
    steps: [{ delay_min: 0, targets: [{ role: 'duty' }], channels: ['mail'] }],
  }
  const keep = async (request: FastifyRequest, owner: Owner, kind: PolicyKind) => {
    const policy = policyIn(request.body as PolicyBody) // parsed by the route
    const wanted = { org: owner.org, kind, policy }
    await doing(asEngine(db, (tx) => setPolicy(tx, wanted, actorOf(request), request.now)))
    return policyShown(context, request, { owner, kind, callSteps })
  }
  const central: Owner = { org: null, organisation: null }
  const coordinators: Access = { who: ['coordinator'] }
  app.get(
    '/api/v1/duty/policies/csirt',
    api(coordinators, "The coordinators' escalation and whom it would reach now", shown),
    (request) => policyShown(context, request, { owner: central, kind: 'csirt', callSteps }),
  )
  app.put(
    '/api/v1/duty/policies/csirt',
    api({ ...coordinators, sample }, "A new version of the coordinators' escalation", keeping),
    (request) => keep(request, central, 'csirt'),
  )
  const objects: Access['objects'] = { org: 'organisation' }
  for (const [kind, of] of [
    ['member', 'a critical warning'],
    ['rollcall', 'a roll-call'],
  ] as const) {
    const url = `/api/v1/duty/policies/:org/${kind}`
    app.get<{ Params: z.infer<typeof shapes.orgParams> }>(
      url,
      api({ ...readers, objects }, `The escalation of ${of} and whom each of its steps would reach now`, {
        ...{ params: shapes.orgParams, ...shown },
      }),
      async (request) => {
        const owner = await ownerOf(context, request, request.params.org)
        return policyShown(context, request, { owner, kind, callSteps })
      },
    )
    app.put<{ Params: z.infer<typeof shapes.orgParams> }>(
      url,
      api({ who: readers.who, objects, sample }, `A new version of the escalation of ${of}`, {
        ...{ params: shapes.orgParams, ...keeping },
      }),
      async (request) => keep(request, await ownerOf(context, request, request.params.org), kind),
    )
  }
  mountContacts(app, context)
  mountReach(app, context)
}

function mountContacts(app: App, context: Context): void {
  const { db } = context
  const objects: Access['objects'] = { org: 'organisation' }
  const told = async (request: FastifyRequest, org: number) => {
    const { organisation } = await ownerOf(context, request, org)
    const held = await asReader(db, actorOf(request), request.now, (tx) => simpleOf(tx, org))
    const names = new Map(
      (await asEngine(db, (tx) => eligible(tx, org, request.now))).map(({ id, name }) => [id, name]),
    )
    const people = (held?.people ?? []).map((id) => ({ id, name: names.get(id) ?? null }))
    return { org, organisation, people, always: held?.always ?? false }
  }
  const shape = { params: shapes.orgParams, response: { 200: shapes.contactsAnswer } }
  app.get<{ Params: z.infer<typeof shapes.orgParams> }>(
    '/api/v1/duty/contacts/:org',
    api({ ...readers, objects }, 'The simple form of a duty: first, second and third contact', shape),
    (request) => told(request, request.params.org),
  )
  app.put<{ Params: z.infer<typeof shapes.orgParams>; Body: z.infer<typeof shapes.contactsBody> }>(
    '/api/v1/duty/contacts/:org',
    api({ who: readers.who, objects, sample: { people: [1] } }, 'Set the three contacts; nobody ends them', {
      ...{ ...shape, body: shapes.contactsBody },
    }),
    async (request) => {
      const { org } = request.params
      await ownerOf(context, request, org)
      await asEngine(db, (tx) => setSimple(tx, org, request.body, actorOf(request), request.now))
      return told(request, org)
    },
  )
}

const scoreJson = ({ org, name, score, lastCall, at, ...line }: ScoreLine) => {
  const parts = Object.fromEntries(partNames.map((part) => [part, line.parts[part]])) as Points // of the names just given
  const next = nextStep(parts)
  return {
    ...{ org, organisation: name, score, parts, last_call: lastCall, reckoned_at: iso(at) },
    next_step: next && { part: next.part, points: next.gain },
  }
}

async function reachTold(tx: Tx) {
  const organisations = (await scores(tx)).map(scoreJson)
  const bands = await distribution(tx)
  const count = (band: string): number | null => bands.get(band) ?? null
  return { organisations, sector: { good: count('good'), fair: count('fair'), poor: count('poor') } }
}

function mountReach(app: App, { db }: Context): void {
  app.get(
    '/api/v1/duty/reachability',
    api(readers, 'How well your organisations can be reached, and the sector without small numbers', {
      response: { 200: shapes.reachAnswer },
    }),
    (request) => asReader(db, actorOf(request), request.now, reachTold),
  )
}

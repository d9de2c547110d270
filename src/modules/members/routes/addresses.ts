/** Addresses of an organisation: what it holds on any day, what it claims, and the end of either. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Actor, asActor, isCoordinator, organisationsOf } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine, type Tx } from '../../../platform/database.ts'
import { dayBounds } from '../../../platform/dates.ts'
import { Invalid, NotFound } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import type { T } from '../../../platform/i18n.ts'
import { ask } from '../claims/ask.ts'
import { delegate } from '../claims/delegate.ts'
import { end } from '../claims/end.ts'
import { heldAt, heldOne, listClaims, registryInUse } from '../claims/queries.ts'
import { addressesQuery, claimForm, endForm, partForm } from '../claims/schema.ts'
import { mayClaim, memberRoles } from '../may.ts'
import { addressesPage } from '../pages/addresses.tsx'
import type { AddressesProps, Organisation } from '../pages/addresses-props.ts'
import { type HeldProps, heldPage } from '../pages/held.tsx'
import { doneOf, sendPage } from './answers.ts'

const who: Access = { who: [...memberRoles, 'coordinator'] }
const hidden = { hide: true } as const
const done = ['asked', 'withdrawn', 'ended', 'offered'] as const

export function mountAddresses(app: App, context: Context): void {
  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    refused?: AddressesProps['refused'],
  ): Promise<FastifyReply> => {
    const actor = actorOf(request)
    const found = await asActor(context.db, actor, request.now, (tx) => read(tx, actor, request))
    const frame = frameOf(request, {
      title: request.t('addresses.title'),
      active: 'addresses',
      zone: context.settings.zone,
    })
    const page = addressesPage({
      frame,
      ...found,
      central: isCoordinator(actor),
      done: doneOf(request, done),
      ...(refused ? { refused } : {}),
    })
    return sendPage(reply, page, refused ? 422 : 200)
  }

  app.get('/addresses', { config: { access: who }, schema: hidden }, (request, reply) => draw(request, reply))

  const sample = { org: '1', values: 'nova.example', until: '', note: '' }
  app.post(
    '/addresses/claims',
    { config: { access: { ...who, sample } }, schema: hidden },
    async (request, reply) => {
      const form = claimForm.safeParse(request.body)
      const given = (request.body ?? {}) as Record<string, string>
      if (!form.success)
        return draw(request, reply, { given, errors: {}, entries: [['', request.t('addresses.wrong.form')]] })
      const wanted = { ...form.data, org: Number(form.data.org) }
      try {
        const ids = await asEngine(context.db, (tx) => ask(tx, wanted, actorOf(request), request.now))
        return reply.redirect(
          ids.length === 1 ? `/addresses/claims/${ids[0]}?done=asked` : '/addresses?done=asked',
          303,
        )
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        return draw(request, reply, { given, ...faultsOf(error, request.t) })
      }
    },
  )
  mountHeld(app, context)
}

/** Faults of entries apart from those of fields, each with its sentence. */
function faultsOf(error: Invalid, t: T): { errors: Record<string, string>; entries: [string, string][] } {
  const all = Object.entries(error.fields).map(([field, code]): [string, string] => [
    field,
    t(`addresses.wrong.${code}`),
  ])
  const ofEntry = ([field]: [string, string]): boolean => field.startsWith('value:')
  return {
    errors: Object.fromEntries(all.filter((one) => !ofEntry(one))),
    entries: all.filter(ofEntry).map(([field, said]) => [field.slice('value:'.length), said]),
  }
}

type Found = Omit<AddressesProps, 'frame' | 'central' | 'done' | 'refused'>

async function read(tx: Tx, actor: Actor, request: FastifyRequest): Promise<Found> {
  const query = addressesQuery.parse(request.query)
  const orgs = await chosen(tx, actor, query.org)
  const ids = orgs.map(({ id }) => id)
  // A whole day is shown as it was at its end.
  const moment = query.at ? Math.min(dayBounds(query.at).to - 1, request.now) : request.now
  const held = await Promise.all(ids.map((id) => heldAt(tx, id, moment)))
  const only = query.org || !isCoordinator(actor) ? { orgs: ids } : {}
  return {
    orgs,
    mayClaim: orgs.filter(({ id }) => mayClaim(actor, id)),
    held: held.flat(),
    asOf: query.at ?? '',
    own: await listClaims(tx, { open: true, ...only }),
    others: ids.length > 0 ? await listClaims(tx, { open: true, touching: ids }) : [],
    // Of a member's all that it may see: what others were granted of its own too.
    earlier: await listClaims(tx, {
      open: false,
      before: query.before ? Number(query.before) : null,
      ...(query.org ? { orgs: ids } : {}),
    }),
    paged: query.before !== undefined,
    registry: await registryInUse(tx),
  }
}

/** The organisations to show: the one asked for, one's own, or (for coordinators) none in particular. */
async function chosen(tx: Tx, actor: Actor, asked: string | undefined): Promise<Organisation[]> {
  const own = organisationsOf(actor)
  if (asked === undefined) return isCoordinator(actor) ? [] : own
  const { rows } = await tx.query<Organisation & Record<string, unknown>>(
    'select id, id as org_id, name from organisations where id = $1',
    [Number(asked)],
  )
  if (!rows[0] || (!isCoordinator(actor) && !own.some(({ id }) => id === Number(asked))))
    throw new NotFound('There is no such organisation.')
  return rows.map(({ id, name }) => ({ id, name }))
}

/** Whatever the parameter is called: the walk of all routes tells records of one kind from another by it. */
const heldIn = (request: FastifyRequest): string =>
  Object.values(request.params as Record<string, string>)[0] ?? ''

function mountHeld(app: App, context: Context): void {
  const ofHeld: Access = { ...who, objects: { held: 'held' } }
  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    refused: Pick<HeldProps, 'errors' | 'given'> = {},
  ): Promise<FastifyReply> => {
    const actor = actorOf(request)
    const held = await asActor(context.db, actor, request.now, (tx) =>
      heldOne(tx, heldIn(request), request.now),
    )
    const frame = frameOf(request, {
      title: request.t('addresses.held.one', { value: held.value }),
      active: 'addresses',
      zone: context.settings.zone,
    })
    const mayEnd = mayClaim(actor, held.org_id)
    const page = heldPage({
      frame,
      held,
      mayEnd,
      mayDelegate: mayEnd && (held.kind === 'prefix' || held.kind === 'range'),
      ...refused,
    })
    return sendPage(reply, page, refused.errors ? 422 : 200)
  }
  const refusedBy = (error: unknown, request: FastifyRequest): Pick<HeldProps, 'errors' | 'given'> => {
    if (!(error instanceof Invalid)) throw error
    return { ...faultsOf(error, request.t), given: (request.body ?? {}) as Record<string, string> }
  }

  app.get('/addresses/held/:held', { config: { access: ofHeld }, schema: hidden }, (request, reply) =>
    draw(request, reply),
  )

  app.post(
    '/addresses/held/:held/end',
    { config: { access: { ...ofHeld, sample: { reason: 'Přestěhováno.' } } }, schema: hidden },
    async (request, reply) => {
      const form = endForm.safeParse(request.body)
      try {
        const reason = form.success ? form.data.reason : ''
        await asEngine(context.db, (tx) => end(tx, heldIn(request), reason, actorOf(request), request.now))
      } catch (error) {
        return draw(request, reply, refusedBy(error, request))
      }
      return reply.redirect('/addresses?done=ended', 303)
    },
  )

  const sample = { value: '192.0.2.16/29', to: '2', until: '2026-12-31', shown: '', note: '' }
  app.post(
    '/addresses/held/:range/parts',
    { config: { access: { ...who, objects: { range: 'held' }, sample } }, schema: hidden },
    async (request, reply) => {
      const actor = actorOf(request)
      const form = partForm.safeParse(request.body)
      const held = await asActor(context.db, actor, request.now, (tx) =>
        heldOne(tx, heldIn(request), request.now),
      )
      if (!form.success)
        return draw(request, reply, { errors: { value: request.t('addresses.wrong.form') }, given: {} })
      const wanted = { ...form.data, org: held.org_id, shown: form.data.shown === '1' }
      try {
        const id = await asEngine(context.db, (tx) => delegate(tx, wanted, actor, request.now))
        return reply.redirect(`/addresses/claims/${id}`, 303)
      } catch (error) {
        return draw(request, reply, refusedBy(error, request))
      }
    },
  )
}

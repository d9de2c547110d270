/** One claim: looked at, proved, answered by whom it touches, decided, withdrawn. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { type Actor, asActor, isCoordinator } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine, type Tx } from '../../../platform/database.ts'
import { Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { withdraw } from '../claims/ask.ts'
import { answer, decide } from '../claims/decide.ts'
import { accept } from '../claims/delegate.ts'
import { mailCode, proveByCode } from '../claims/prove-contact.ts'
import { proveByDns } from '../claims/prove-dns.ts'
import { asPrefixes, claimShown } from '../claims/queries.ts'
import { claimCodeForm, decisionForm, holderAnswerForm } from '../claims/schema.ts'
import { mayClaim, memberRoles } from '../may.ts'
import { claimPage } from '../pages/claim.tsx'
import type { ClaimProps } from '../pages/claim-props.ts'
import { doneOf, sendPage } from './answers.ts'

const roles: Access = { who: [...memberRoles, 'coordinator'] }
const hidden = { hide: true } as const
const done = ['proved', 'contested', 'mailed', 'answered', 'decided', 'asked', 'looked'] as const

type Refused = Pick<ClaimProps, 'errors' | 'given'> & { status: 409 | 422 }

/** The number of the claim, whatever the parameter is called: the walk of all routes tells claims of one kind from another by it. */
function claimIn(request: FastifyRequest): number {
  const [given = ''] = Object.values(request.params as Record<string, string>)
  if (!/^\d{1,9}$/.test(given)) throw new NotFound('There is no such claim.')
  return Number(given)
}

function formIn<Shape extends z.ZodType>(form: Shape, request: FastifyRequest): z.output<Shape> {
  const read = form.safeParse(request.body)
  if (!read.success) throw new Invalid('The form is not right.', { top: 'form' })
  return read.data
}

/** As the organisation itself: a coordinator who is also somebody's administrator is so there alone. */
const speaks = (actor: Actor, org: number): boolean =>
  mayClaim({ ...actor, engagements: actor.engagements.filter((e) => e.org === org) }, org)

async function read(tx: Tx, actor: Actor, id: number) {
  const claim = await claimShown(tx, id)
  return {
    claim,
    isClaimant: mayClaim(actor, claim.org_id),
    isDelegator: claim.delegatorId !== null && speaks(actor, claim.delegatorId),
    speaksFor: claim.holders.map(({ org_id }) => org_id).filter((org) => speaks(actor, org)),
    central: isCoordinator(actor),
    prefixes: claim.kind === 'as' ? await asPrefixes(tx, claim.value) : [],
  }
}

/** What a deed refused with is said on the claim's page, beside how it stands now. */
function refusalOf(error: unknown, request: FastifyRequest): Refused {
  const { t } = request
  const given = (request.body ?? {}) as Record<string, string>
  if (error instanceof WrongState) return { status: 409, errors: { top: t('addresses.wrong.state') }, given }
  if (!(error instanceof Invalid)) throw error
  const errors = Object.fromEntries(
    Object.entries(error.fields).map(([field, code]) => [field, t(`addresses.wrong.${code}`)]),
  )
  // Not what was typed is wrong, but the moment.
  const isMoment = Object.values(error.fields).some((code) =>
    ['soon', 'soonDns', 'over', 'noContact', 'noRange', 'noDomain'].includes(code),
  )
  if (isMoment) return { status: 409, errors: { top: Object.values(errors)[0] ?? '' }, given }
  return { status: 422, errors, given }
}

export function mountClaim(app: App, context: Context): void {
  const { db } = context
  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    refused?: Refused,
  ): Promise<FastifyReply> => {
    const actor = actorOf(request)
    const found = await asActor(db, actor, request.now, (tx) => read(tx, actor, claimIn(request)))
    const frame = frameOf(request, {
      title: request.t('addresses.claim.title', { value: found.claim.value }),
      active: 'addresses',
      zone: context.settings.zone,
    })
    const { status, ...said } = refused ?? { status: 200 }
    return sendPage(reply, claimPage({ frame, ...found, done: doneOf(request, done), ...said }), status)
  }
  /** A deed on the claim: its word goes into the address of the page that follows. */
  const deed = (
    param: string,
    noun: string,
    sample: Record<string, unknown>,
    work: (request: FastifyRequest, claim: number) => Promise<(typeof done)[number] | 'withdrawn'>,
  ): void => {
    const access: Access = { ...roles, objects: { [param]: 'claim' }, sample }
    app.post(
      `/addresses/claims/:${param}/${noun}`,
      { config: { access }, schema: hidden },
      async (request, reply) => {
        const id = claimIn(request)
        try {
          const word = await work(request, id)
          return reply.redirect(
            word === 'withdrawn' ? '/addresses?done=withdrawn' : `/addresses/claims/${id}?done=${word}`,
            303,
          )
        } catch (error) {
          return draw(request, reply, refusalOf(error, request))
        }
      },
    )
  }

  const ofClaim: Access = { ...roles, objects: { claim: 'claim' } }
  app.get('/addresses/claims/:claim', { config: { access: ofClaim }, schema: hidden }, (request, reply) =>
    draw(request, reply),
  )

  deed('claim', 'dns', {}, async (request, id) => {
    const { state } = await proveByDns(context, id, actorOf(request), request.now)
    // What was found stands on the page; nothing was done.
    return state === 'asked' ? 'looked' : state
  })
  deed('coded', 'code-mail', {}, async (request, id) => {
    await mailCode(context, id, actorOf(request), request.now)
    return 'mailed'
  })
  deed('coded', 'code', { code: 'abc' }, async (request, id) => {
    const { code } = formIn(claimCodeForm, request)
    const proved = await proveByCode(context, id, code, actorOf(request), request.now)
    if (proved.state === 'wrong') throw new Invalid('Another code was mailed.', { code: 'code' })
    return proved.state
  })
  deed('offered', 'acceptance', {}, (request, id) =>
    asEngine(db, (tx) => accept(tx, id, actorOf(request), request.now)),
  )
  deed('touched', 'answer', { org: '1', answer: 'consents', note: '' }, async (request, id) => {
    const form = formIn(holderAnswerForm, request)
    const said = { ...form, org: Number(form.org) }
    await asEngine(db, (tx) => answer(tx, id, said, actorOf(request), request.now))
    return 'answered'
  })
  deed('claim', 'decision', { decision: 'accept', reason: 'Ověřeno.' }, async (request, id) => {
    const { decision, reason, prefixes } = formIn(decisionForm, request)
    const decided = { accept: decision === 'accept', reason, prefixes }
    await asEngine(db, (tx) => decide(tx, id, decided, actorOf(request), request.now))
    return 'decided'
  })
  deed('claim', 'withdrawal', {}, async (request, id) => {
    await asEngine(db, (tx) => withdraw(tx, id, actorOf(request), request.now))
    return 'withdrawn'
  })
}

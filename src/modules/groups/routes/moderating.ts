/** What moderators and coordinators do about others' seats. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isCoordinator } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { Tx } from '../../../platform/database.ts'
import { Forbidden, Invalid, WrongState } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { organisationNamed } from '../../members/index.ts'
import { groupAt } from '../groups.ts'
import { invite, withdrawInvitation } from '../invitations.ts'
import { decide } from '../joining.ts'
import { appoint, dismiss, giveSeat, mute, removeSeat, unmute } from '../moderating.ts'
import { type MemberProps, memberDone, memberPage } from '../pages/member.tsx'
import { seatedPerson } from '../roster.ts'
import { giveForm, invitationForm, reasonForm } from '../schema.ts'
import { standings } from '../standing.ts'
import { asAsker, doneOf, idIn, page, sendPage, slugIn, typed } from './answers.ts'
import { deed } from './show.ts'

const ofGroup: Access = { who: 'signed-in', objects: { slug: 'group' } }
const ofSeat: Access = { who: 'signed-in', objects: { slug: 'group', seat: 'group_seat' } }
const ofInvitation: Access = {
  who: 'signed-in',
  objects: { slug: 'group', invitation: 'group_invitation' },
}
const ofPerson: Access = { who: 'signed-in', objects: { slug: 'group', seated: 'group_seat' } }

export function mountModerating(app: App, context: Context): void {
  for (const [path, accept] of [
    ['acceptance', true],
    ['refusal', false],
  ] as const)
    app.post(
      `/groups/:slug/requests/:seat/${path}`,
      page({ ...ofSeat, sample: { reason: '' } }),
      (request, reply) =>
        deed(context, [request, reply], {
          form: 'decide',
          done: 'decided',
          work: (tx, slug) => {
            const { reason } = typed(reasonForm, request)
            const decision = { slug, seat: idIn(request, 'seat'), accept, reason }
            return decide(tx, decision, actorOf(request), request.now)
          },
        }),
    )
  mountInviting(app, context)
  mountMember(app, context)
}

function mountInviting(app: App, context: Context): void {
  const sample = { address: 'novy@people.example', reason: 'Přizvaný úřad', until: '2026-06-01' }
  app.post('/groups/:slug/invitations', page({ ...ofGroup, sample }), (request, reply) =>
    deed(context, [request, reply], {
      form: 'invite',
      done: 'invited',
      work: (tx, slug) =>
        invite(tx, { slug, ...typed(invitationForm, request) }, actorOf(request), request.now),
    }),
  )
  app.post('/groups/:slug/invitations/:invitation/withdrawal', page(ofInvitation), (request, reply) =>
    deed(context, [request, reply], {
      form: 'own',
      done: 'withdrawn',
      work: (tx, slug) =>
        withdrawInvitation(
          tx,
          { slug, invitation: idIn(request, 'invitation') },
          actorOf(request),
          request.now,
        ),
    }),
  )
  const given = {
    email: 'osoba-manager@people.example',
    organisation: '',
    reason: 'Přizvaný úřad',
    until: '2026-06-01',
  }
  app.post(
    '/groups/:slug/seats',
    page({ who: ['coordinator'], objects: { slug: 'group' }, sample: given }),
    (request, reply) =>
      deed(context, [request, reply], {
        form: 'give',
        done: 'given',
        work: async (tx, slug) => {
          const { organisation, ...rest } = typed(giveForm, request)
          const org = await organisationIn(tx, organisation)
          return giveSeat(tx, { slug, org, ...rest }, actorOf(request), request.now)
        },
      }),
  )
}

/** Which organisation was typed; null when the field was left empty. Throws Invalid. */
async function organisationIn(tx: Tx, typedName: string): Promise<number | null> {
  if (typedName.trim() === '') return null
  const named = await organisationNamed(tx, typedName)
  if (typeof named === 'string')
    throw new Invalid('No one organisation is called so.', { organisation: `named-${named}` })
  return named.id
}

function mountMember(app: App, context: Context): void {
  const draw = async (request: FastifyRequest, reply: FastifyReply, refused?: MemberProps['refused']) => {
    const person = idIn(request, 'seated')
    const found = await asAsker(context, request, async (tx) => {
      const group = await groupAt(tx, slugIn(request))
      if (!(await standings(tx, group.id)).get(group.id)?.leads)
        throw new Forbidden('Only moderators and coordinators manage seats')
      return { group, seats: await seatedPerson(tx, group.id, person) }
    })
    const actor = actorOf(request)
    const frame = frameOf(request, {
      title: found.seats[0]?.name ?? '',
      active: 'groups',
      zone: context.settings.zone,
    })
    const rest = { coordinates: isCoordinator(actor), self: actor.person === person }
    const props = { frame, ...found, ...rest, done: doneOf(request, memberDone), refused }
    return sendPage(reply, memberPage(props), refused ? (refused.problem ? 409 : 422) : 200)
  }
  app.get('/groups/:slug/members/:seated', page(ofPerson), (request, reply) => draw(request, reply))

  const act = (
    path: string,
    form: NonNullable<MemberProps['refused']>['form'],
    work: (tx: Tx, whom: { slug: string; person: number }, request: FastifyRequest) => Promise<void>,
  ): void => {
    const access = form === 'moderator' ? ofPerson : { ...ofPerson, sample: { reason: 'Důvod' } }
    app.post(`/groups/:slug/members/:seated/${path}`, page(access), async (request, reply) => {
      const whom = { slug: slugIn(request), person: idIn(request, 'seated') }
      try {
        await asAsker(context, request, (tx) => work(tx, whom, request))
      } catch (error) {
        const given = (request.body ?? {}) as Record<string, string>
        if (error instanceof WrongState)
          return draw(request, reply, { form, given, errors: {}, problem: true })
        if (!(error instanceof Invalid) || !error.fields.reason) throw error
        const errors = { reason: request.t(`groups.wrong.${error.fields.reason}`) }
        return draw(request, reply, { form, given, errors })
      }
      const gone = path === 'removal' || whom.person === actorOf(request).person
      return reply.redirect(
        gone
          ? `/groups/${whom.slug}?done=managed`
          : `/groups/${whom.slug}/members/${whom.person}?done=managed`,
        303,
      )
    })
  }
  act('mute', 'mute', (tx, whom, request) =>
    mute(tx, { ...whom, ...typed(reasonForm, request) }, actorOf(request), request.now),
  )
  act('mute/withdrawal', 'moderator', (tx, whom, request) => unmute(tx, whom, actorOf(request), request.now))
  act('moderator', 'moderator', (tx, whom, request) => appoint(tx, whom, actorOf(request), request.now))
  act('moderator/withdrawal', 'moderator', (tx, whom, request) =>
    dismiss(tx, whom, actorOf(request), request.now),
  )
  act('removal', 'removal', (tx, whom, request) =>
    removeSeat(tx, { ...whom, ...typed(reasonForm, request) }, actorOf(request), request.now),
  )
}

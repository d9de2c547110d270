/** People of an organisation: seen by its own, managed by the representative and whom it lets. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asActor, organisationsOf } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine, type Tx } from '../../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { colleague, colleagues, nameOf } from '../colleagues.ts'
import { invite, openInvitations, withdraw } from '../invitations.ts'
import { delegate, managersOf, manages, removePerson, setRoles } from '../managing.ts'
import { givable, mayDelegate, memberRoles } from '../may.ts'
import { choosePage, type PeopleProps, peoplePage } from '../pages/people.tsx'
import { type PersonProps, personPage } from '../pages/person.tsx'
import { idParam, invitationForm, rolesForm } from '../schema.ts'
import { doneOf, sendPage } from './answers.ts'

const ofOrg: Access = { who: 'signed-in', objects: { id: 'organisation' } }
const ofPerson: Access = { who: 'signed-in', objects: { id: 'organisation', person: 'person' } }
const hidden = { hide: true } as const

const peopleDone = ['invited', 'withdrawn', 'removed'] as const
const personDone = ['roles', 'delegated', 'ended'] as const

function idsOf(request: FastifyRequest): { org: number; person: number; invitation: number } {
  const given = request.params as Record<string, string | undefined>
  const number = (name: string): number => {
    if (given[name] === undefined) return 0
    const read = idParam.safeParse(given[name])
    if (!read.success) throw new NotFound('There is no such person or organisation')
    return read.data
  }
  return { org: number('id'), person: number('person'), invitation: number('invitation') }
}

export function mountPeople(app: App, context: Context): void {
  app.get('/people', { config: { access: { who: [...memberRoles] } }, schema: hidden }, (request, reply) => {
    const own = organisationsOf(actorOf(request))
    if (own.length === 1) return reply.redirect(`/members/${own[0]?.id}/people`, 303)
    const frame = frameOf(request, {
      title: request.t('people.title'),
      active: 'people',
      zone: context.settings.zone,
    })
    return sendPage(reply, choosePage({ frame, own }))
  })
  mountList(app, context)
  mountPerson(app, context)
}

function mountList(app: App, context: Context): void {
  const draw = async (request: FastifyRequest, reply: FastifyReply, refused?: PeopleProps['refused']) => {
    const { t } = request
    const actor = actorOf(request)
    const { org } = idsOf(request)
    const found = await asActor(context.db, actor, request.now, async (tx) => ({
      name: await nameOf(tx, org),
      people: await colleagues(tx, org),
      invitations: await openInvitations(tx, org, request.now),
      managers: await managersOf(tx, org, request.now),
      mayManage: await manages(tx, actor, org, request.now),
    }))
    const frame = frameOf(request, {
      title: t('people.title'),
      active: 'people',
      zone: context.settings.zone,
    })
    const { providers = [] } = context.settings
    const props = {
      frame,
      org,
      ...found,
      providers,
      givable: givable(actor, org),
      done: doneOf(request, peopleDone),
    }
    return sendPage(reply, peoplePage({ ...props, ...(refused ? { refused } : {}) }), refused ? 422 : 200)
  }

  app.get('/members/:id/people', { config: { access: ofOrg }, schema: hidden }, (request, reply) =>
    draw(request, reply),
  )

  const sample = { email: 'nova@people.example', name: 'Nová Kolegyně', role: 'duty', language: 'cs' }
  app.post(
    '/members/:id/invitations',
    { config: { access: { ...ofOrg, sample } }, schema: hidden },
    async (request, reply) => {
      const { t } = request
      const { org } = idsOf(request)
      const form = invitationForm.safeParse(request.body)
      const given = (request.body ?? {}) as Record<string, string>
      if (!form.success) return draw(request, reply, { given, errors: { role: t('people.error.form') } })
      try {
        await invite(context, { org, ...form.data }, actorOf(request), request.now)
      } catch (error) {
        if (error instanceof WrongState)
          return draw(request, reply, { given, errors: { email: t('people.error.state') } })
        if (!(error instanceof Invalid)) throw error
        const said = Object.keys(error.fields).map((field) => [field, t(`people.error.${field}`)])
        return draw(request, reply, { given, errors: Object.fromEntries(said) })
      }
      return reply.redirect(`/members/${org}/people?done=invited`, 303)
    },
  )

  const ofInvitation: Access = { who: 'signed-in', objects: { id: 'organisation', invitation: 'invitation' } }
  app.post(
    '/members/:id/invitations/:invitation/withdrawal',
    { config: { access: ofInvitation }, schema: hidden },
    async (request, reply) => {
      const { org, invitation } = idsOf(request)
      await asEngine(context.db, (tx) => withdraw(tx, { org, invitation }, actorOf(request), request.now))
      return reply.redirect(`/members/${org}/people?done=withdrawn`, 303)
    },
  )
}

function mountPerson(app: App, context: Context): void {
  const draw = async (request: FastifyRequest, reply: FastifyReply, problem?: PersonProps['problem']) => {
    const actor = actorOf(request)
    const { org, person } = idsOf(request)
    const found = await asActor(context.db, actor, request.now, async (tx) => ({
      name: await nameOf(tx, org),
      person: await colleague(tx, org, person),
      mayManage: await manages(tx, actor, org, request.now),
    }))
    if (!found.mayManage) throw new Forbidden(request.t('people.forbidden'))
    const frame = frameOf(request, {
      title: found.person.name,
      active: 'people',
      zone: context.settings.zone,
    })
    const { providers = [] } = context.settings
    const rights = { providers, givable: givable(actor, org), mayDelegate: mayDelegate(actor, org) }
    const self = person === actor.person
    const props = { frame, org, ...found, ...rights, self, done: doneOf(request, personDone) }
    return sendPage(reply, personPage({ ...props, ...(problem ? { problem } : {}) }), problem ? 409 : 200)
  }

  app.get('/members/:id/people/:person', { config: { access: ofPerson }, schema: hidden }, (request, reply) =>
    draw(request, reply),
  )

  /** A deed about one person: back to `to` when it was done, the page with the reason when the state forbids it. */
  const deed = (
    path: string,
    sample: Access['sample'],
    work: (tx: Tx, request: FastifyRequest) => Promise<unknown>,
    to: (ids: { org: number; person: number }, request: FastifyRequest) => string,
  ): void => {
    const access: Access = { ...ofPerson, fresh: true, ...(sample ? { sample } : {}) }
    app.post(
      `/members/:id/people/:person/${path}`,
      { config: { access }, schema: hidden },
      async (request, reply) => {
        try {
          await asEngine(context.db, (tx) => work(tx, request))
        } catch (error) {
          if (error instanceof Invalid) return draw(request, reply, 'none')
          if (error instanceof WrongState) return draw(request, reply, 'last')
          throw error
        }
        return reply.redirect(to(idsOf(request), request), 303)
      },
    )
  }
  const here =
    (done: (typeof personDone)[number]) =>
    ({ org, person }: { org: number; person: number }, request: FastifyRequest): string =>
      // Whoever gave up the own right to manage has no page of this kind any more.
      person === actorOf(request).person
        ? `/members/${org}/people`
        : `/members/${org}/people/${person}?done=${done}`

  deed(
    'roles',
    { roles: 'admin' },
    (tx, request) => {
      const form = rolesForm.safeParse(request.body)
      if (!form.success) throw new Invalid('Roles', { roles: 'unknown' })
      return setRoles(tx, { ...idsOf(request), roles: form.data.roles }, actorOf(request), request.now)
    },
    here('roles'),
  )
  deed(
    'delegation',
    undefined,
    (tx, request) => delegate(tx, { ...idsOf(request), on: true }, actorOf(request), request.now),
    here('delegated'),
  )
  deed(
    'delegation/withdrawal',
    undefined,
    (tx, request) => delegate(tx, { ...idsOf(request), on: false }, actorOf(request), request.now),
    here('ended'),
  )
  deed(
    'removal',
    undefined,
    (tx, request) => removePerson(tx, idsOf(request), actorOf(request), request.now),
    ({ org }, request) =>
      idsOf(request).person === actorOf(request).person ? '/' : `/members/${org}/people?done=removed`,
  )
}

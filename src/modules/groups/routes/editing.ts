/** Groups made, changed and closed, and where they lack somebody: for coordinators. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../platform/context.ts'
import { together } from '../../../platform/database.ts'
import { Invalid } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { sets } from '../../members/index.ts'
import { seatedCount, seatedOrganisations, uncovered } from '../coverage.ts'
import { changeGroup, closeGroup, createGroup, groupAt, groups, type WantedGroup } from '../groups.ts'
import { coveragePage } from '../pages/coverage.tsx'
import { groupFormPage } from '../pages/edit.tsx'
import { organisationsPage } from '../pages/organisations.tsx'
import { groupForm, organisationsQuery } from '../schema.ts'
import { asAsker, page, sendPage, slugIn, typed } from './answers.ts'

const coordinators: Access = { who: ['coordinator'] }
const ofGroup: Access = { who: ['coordinator'], objects: { slug: 'group' } }

const blank: WantedGroup = {
  slug: '',
  name: '',
  purposeCs: '',
  purposeEn: '',
  joining: 'request',
  roles: [],
  kinds: [],
  tlpMax: 'AMBER',
  public: false,
}

const sample = {
  slug: 'nova-skupina',
  name: 'Nová skupina',
  purposeCs: 'Zkouška',
  purposeEn: '',
  joining: 'closed',
  tlpMax: 'GREEN',
}

function wantedIn(request: FastifyRequest): WantedGroup {
  const form = typed(groupForm, request)
  return { ...form, public: form.public !== undefined }
}

export function mountEditing(app: App, context: Context): void {
  const framed = (request: FastifyRequest, title: string) =>
    frameOf(request, { title, active: 'groups', zone: context.settings.zone })

  const form = (
    request: FastifyRequest,
    reply: FastifyReply,
    { slug, given, fields }: { slug: string | null; given: WantedGroup; fields?: Record<string, string> },
  ) => {
    const title = request.t(slug === null ? 'groups.new' : 'groups.edit')
    const errors = Object.fromEntries(
      Object.entries(fields ?? {}).map(([field, code]) => [field, request.t(`groups.wrong.${code}`)]),
    )
    const drawn = groupFormPage({ frame: framed(request, title), slug, given, errors })
    return sendPage(reply, drawn, fields ? 422 : 200)
  }

  app.get('/groups/new', page(coordinators), (request, reply) =>
    form(request, reply, { slug: null, given: blank }),
  )
  app.post('/groups', page({ ...coordinators, sample }), async (request, reply) => {
    const given = wantedIn(request)
    const by = actorOf(request)
    try {
      const slug = await asAsker(context, request, (tx) => createGroup(tx, given, by, request.now))
      return reply.redirect(`/groups/${slug}?done=saved`, 303)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return form(request, reply, { slug: null, given, fields: error.fields })
    }
  })
  app.get('/groups/:slug/edit', page(ofGroup), async (request, reply) => {
    const group = await asAsker(context, request, (tx) => groupAt(tx, slugIn(request)))
    const given = { ...group, purposeCs: group.purpose.cs, purposeEn: group.purpose.en }
    return form(request, reply, { slug: group.slug, given })
  })
  const changed = { ...sample, name: 'Jiný název' }
  app.post('/groups/:slug', page({ ...ofGroup, sample: changed }), async (request, reply) => {
    const slug = slugIn(request)
    const given = wantedIn(request)
    try {
      await asAsker(context, request, (tx) => changeGroup(tx, slug, given, actorOf(request), request.now))
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return form(request, reply, { slug, given, fields: error.fields })
    }
    return reply.redirect(`/groups/${slug}?done=saved`, 303)
  })
  mountCoverage(app, context, framed)
  app.post('/groups/:slug/closing', page(ofGroup), async (request, reply) => {
    await asAsker(context, request, (tx) => closeGroup(tx, slugIn(request), actorOf(request), request.now))
    return reply.redirect('/groups?done=closed', 303)
  })
}

const organisationsPerPage = 50

function mountCoverage(
  app: App,
  context: Context,
  framed: (request: FastifyRequest, title: string) => ReturnType<typeof frameOf>,
): void {
  app.get('/groups/:slug/coverage', page(ofGroup), async (request, reply) => {
    const found = await asAsker(context, request, async (tx) => {
      const group = await groupAt(tx, slugIn(request))
      return { group, rows: await uncovered(tx, group.id) }
    })
    const title = request.t('groups.coverage.title', { name: found.group.name })
    return sendPage(reply, coveragePage({ frame: framed(request, title), ...found }))
  })

  app.get('/groups/organisations', page(coordinators), async (request, reply) => {
    const filter = organisationsQuery.parse(request.query)
    const found = await asAsker(context, request, (tx) =>
      together({
        sets: sets(tx),
        seated: seatedCount(tx),
        groups: groups(tx),
        rows: seatedOrganisations(tx, { ...filter, limit: organisationsPerPage }),
      }),
    )
    const rows = found.rows.slice(0, organisationsPerPage)
    const next = found.rows.length > rows.length ? rows.at(-1)?.orgId : undefined
    const frame = framed(request, request.t('groups.organisations.title'))
    return sendPage(reply, organisationsPage({ frame, ...found, rows, next, filter }))
  })
}

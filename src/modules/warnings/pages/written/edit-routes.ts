/** Writing: every deed is a noun in the address; a mistake shows the page again with what was written. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Actor, asReader } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import { type Queryable, together } from '../../../../platform/database.ts'
import { Changed, Forbidden, Invalid, WrongState } from '../../../../platform/errors.ts'
import { frameOf } from '../../../../platform/frame.ts'
import { type App, actorOf } from '../../../../platform/http.ts'
import { type Shown, shownOf } from '../../../../platform/revision.ts'
import { knownNames } from '../../../advisories/index.ts'
import { kinds as orgKinds } from '../../../members/index.ts'
import { periodAt } from '../../written/duty.ts'
import { create, discard, save, sendBack, submit } from '../../written/edit.ts'
import { newsFor } from '../../written/from-advisory.ts'
import { derivationOf } from '../../written/from-warnings.ts'
import { findIn, keyOf } from '../../written/indicators/find.ts'
import { indicatorsOf } from '../../written/indicators/keep.ts'
import { textsOf } from '../../written/indicators/offer.ts'
import { countOwners } from '../../written/owners.ts'
import { publish } from '../../written/publish.ts'
import { reachOf } from '../../written/reach.ts'
import { getWritten, versionOf } from '../../written/read.ts'
import { draftShown, versionShown } from '../../written/seen.ts'
import { templateOf, templates } from '../../written/templates.ts'
import { coordinators, idOf, text } from '../access.ts'
import { page, sendHtml } from '../route.ts'
import type { Choices } from './editor-props.ts'
import { addressesOf, comparedOf, draftFrom, type Typed, typedIn, typedOf } from './form.ts'
import { whatChanged } from './moved.ts'
import { newPage } from './new.tsx'
import { workingPage } from './working.tsx'

interface Params {
  id: string
}

type Wrong = {
  typed?: Typed
  /** What its writer had seen before the mistake. */
  shown?: Shown
  errors?: Record<string, string>
  refused?: string
  /** The fields that changed since the form was drawn. */
  changed?: string[]
}

const sample = {
  kind: 'campaign',
  severity: '2',
  tlp: 'GREEN',
  audience: 'all_members',
  group: '',
  named: '',
  cs_title: 'Zkouška',
  cs_happened: 'x',
  cs_concerns: 'x',
  cs_todo: 'x',
  en_title: '',
  en_happened: '',
  en_concerns: '',
  en_todo: '',
  all: '1',
  prefixes: '',
  domains: '',
  products: '',
  addVendor: '',
  addProduct: '',
  addVersions: '',
  actionBy: '',
  validUntil: '',
  refs: '',
  changeNote: 'x',
  note: 'x',
  reason: 'x',
}

export function mountEditing(app: App, context: Context): void {
  const { db } = context
  const of = { who: coordinators, objects: { id: 'written' as const }, sample }

  const drawNew = async (request: FastifyRequest, reply: FastifyReply, wrong: Wrong = {}) => {
    const actor = actorOf(request)
    const chosen = (request.query as { template?: string }).template
    const choices = await asReader(db, actor, request.now, choicesOf)
    const frame = frameOf(request, { active: 'written', title: request.t('written.new.title') })
    const typed = wrong.typed ?? typedOf(templateOf(chosen), [])
    return sendHtml(
      reply,
      newPage({ frame, typed, choices, errors: wrong.errors ?? {}, templates: templates(), chosen }),
      wrong.errors ? 422 : 200,
    )
  }
  app.get('/warnings/written/new', page({ who: coordinators }), (request, reply) => drawNew(request, reply))
  app.post('/warnings/written', page({ who: coordinators, sample }), async (request, reply) => {
    const actor = actorOf(request)
    const typed = typedIn(request.body)
    try {
      const draft = await asReader(db, actor, request.now, (tx) => draftFrom(tx, typed))
      const id = await create(db, actor, draft, request.now)
      return reply.redirect(`/warnings/written/${id}/edit?said=saved`, 303)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return drawNew(request, reply, { typed, errors: error.fields })
    }
  })

  const draw = async (
    request: FastifyRequest<{ Params: Params }>,
    reply: FastifyReply,
    wrong: Wrong = {},
  ) => {
    const actor = actorOf(request)
    const found = await asReader(db, actor, request.now, async (tx) => {
      const working = await workingIn(tx, idOf(request.params.id), request.now)
      const now = versionShown(working.version, working.indicators)
      return {
        ...working,
        changed: wrong.changed
          ? await whatChanged(tx, request.t, { body: request.body, fields: wrong.changed, now })
          : null,
      }
    })
    const products = found.version.rules.products ?? []
    const owners = products.length === 0 ? null : await countOwners(db, products)
    const frame = frameOf(request, { active: 'written', title: '' })
    const said = (request.query as { said?: string }).said
    return sendHtml(
      reply,
      workingPage({
        frame,
        ...found,
        owners,
        typed: wrong.typed ?? found.typed,
        shown: wrong.shown ?? shownOf(draftShown(found.version)),
        errors: wrong.errors ?? {},
        refused: wrong.refused ?? null,
        mine: wrong.changed && wrong.typed ? comparedOf(wrong.typed) : null,
        own: isOwn(actor, found.version),
        flash: said === 'saved' ? { kind: 'done', text: request.t('written.saved') } : undefined,
      }),
      wrong.changed ? 409 : wrong.refused ? 403 : wrong.errors ? 422 : 200,
    )
  }
  app.get<{ Params: Params }>('/warnings/written/:id/edit', page(of), (request, reply) =>
    draw(request, reply),
  )

  app.post<{ Params: Params }>('/warnings/written/:id/draft', page(of), async (request, reply) => {
    const typed = typedIn(request.body)
    const shown = { seen: text(request.body, 'seen'), saw: text(request.body, 'saw') }
    const id = idOf(request.params.id)
    try {
      const draft = await asReader(db, actorOf(request), request.now, async (tx) => {
        await getWritten(tx, id)
        return draftFrom(tx, typed)
      })
      await save(db, id, actorOf(request), draft, request.now, shown.seen)
    } catch (error) {
      if (error instanceof Changed) return draw(request, reply, { typed, changed: error.fields })
      if (!(error instanceof Invalid)) throw error
      return draw(request, reply, { typed, shown, errors: error.fields })
    }
    return reply.redirect(`/warnings/written/${id}/edit?said=saved`, 303)
  })

  /** A step of what is being written; answers where to go on. */
  const step = (noun: string, act: (id: number, by: Actor, request: FastifyRequest) => Promise<string>) =>
    app.post<{ Params: Params }>(`/warnings/written/:id/${noun}`, page(of), async (request, reply) => {
      const id = idOf(request.params.id)
      try {
        return reply.redirect(await act(id, actorOf(request), request), 303)
      } catch (error) {
        if (error instanceof Invalid) return draw(request, reply, { errors: error.fields })
        if (error instanceof Changed) return draw(request, reply, { changed: error.fields })
        if (!(error instanceof Forbidden)) throw error
        return draw(request, reply, { refused: 'publication' })
      }
    })
  const at = (id: number): string => `/warnings/written/${id}`
  step('review', async (id, by, { now }) => {
    await submit(db, id, by, now)
    return `${at(id)}/edit`
  })
  step('review/withdrawal', async (id, by, { now, body }) => {
    await sendBack(db, id, by, text(body, 'note'), now)
    return `${at(id)}/edit`
  })
  step('discarding', async (id, by, { now }) => {
    await discard(db, id, by, now)
    return '/warnings/written'
  })
  step('publication', async (id, by, { now, body }) => {
    const { anybody } = await publish(db, id, by, now, text(body, 'seen'))
    return `${at(id)}?said=${anybody ? 'published' : 'nobody'}`
  })
}

const isOwn = (actor: Actor, version: { author: number; editor: number }): boolean =>
  actor.person === version.author || actor.person === version.editor

async function workingIn(tx: Queryable, id: number, now: number) {
  const warning = await getWritten(tx, id)
  const version = await versionOf(tx, id, 'working')
  if (!version) throw new WrongState('Nothing of this warning is being written')
  const { reach, choices, named, period, indicators } = await together({
    indicators: indicatorsOf(tx, id, version.no),
    reach: reachOf(tx, version, now),
    choices: choicesOf(tx),
    named: addressesOf(tx, version),
    period: periodAt(tx, now),
  })
  const taken = new Set(indicators.map(keyOf))
  const untaken = findIn(textsOf(version)).found.filter((one) => !taken.has(keyOf(one))).length
  const news = await newsFor(tx, id)
  const derivation = await derivationOf(tx, version)
  return {
    warning,
    version,
    reach,
    choices,
    period,
    indicators,
    untaken,
    news,
    derivation,
    typed: typedOf(version, named),
  }
}

async function choicesOf(tx: Queryable): Promise<Choices> {
  const { organisations, groups, regions, names } = await together({
    names: knownNames(tx),
    organisations: tx.query<{ id: number; name: string }>(
      `select id, name from organisations where status <> 'left' order by name collate "cs-x-icu", id`,
    ),
    groups: tx.query<{ id: number; name: string }>(
      `select id, name from groups where closed_at is null order by name collate "cs-x-icu"`,
    ),
    regions: tx.query<{ region: string }>(
      `select region from organisations where region is not null and status <> 'left' group by region order by region collate "cs-x-icu"`,
    ),
  })
  return {
    organisations: organisations.rows,
    groups: groups.rows,
    kinds: [...orgKinds],
    regions: regions.rows.map((row) => row.region),
    ...names,
  }
}

/** Reading: the list, one warning, and the same for programs. What is hidden answers 404, as what does not exist. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asActor, asReader, isCoordinator } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import { type Queryable, together } from '../../../../platform/database.ts'
import { Changed, Forbidden, Invalid, NotFound } from '../../../../platform/errors.ts'
import { frameOf } from '../../../../platform/frame.ts'
import { type App, actorOf } from '../../../../platform/http.ts'
import type { Flash } from '../../../../ui/index.ts'
import { markOpened } from '../../../channels/index.ts'
import { linesOf } from '../../written/board-read.ts'
import { change } from '../../written/edit.ts'
import { newsFor } from '../../written/from-advisory.ts'
import { derivationOf } from '../../written/from-warnings.ts'
import { indicatorsOf } from '../../written/indicators/keep.ts'
import { passingOrgs, passingsOf } from '../../written/passing.ts'
import { judge } from '../../written/publish.ts'
import { reachOf } from '../../written/reach.ts'
import { getWritten, versionOf, versionsOf } from '../../written/read.ts'
import { revoke } from '../../written/revoke.ts'
import { callsAbout } from '../../written/rollcalls.ts'
import { revocationShown, versionShown } from '../../written/seen.ts'
import { countWithTombstones, listWithTombstones, tombstoneOf } from '../../written/tombstones.ts'
import type { Version } from '../../written/types.ts'
import { coordinators, idOf, readers, text } from '../access.ts'
import { cursorOf } from '../filters.ts'
import { page, sendHtml } from '../route.ts'
import { giveBy, outcomeOf, said } from './answer-routes.ts'
import { formOf, type GivenForm } from './given.ts'
import { gonePage } from './gone.tsx'
import { listPage } from './list.tsx'
import { filtersOf, type Query } from './list-filters.ts'
import { whatChanged } from './moved.ts'
import { showPage } from './show.tsx'
import type { ShowProps } from './show-props.ts'

interface Params {
  id: string
}

const perPage = 50

export function mountWritten(app: App, context: Context): void {
  const { db } = context
  app.get<{ Querystring: Query }>('/warnings/written', page({ who: readers }), async (request, reply) => {
    const filters = filtersOf(request.query)
    const found = await asReader(db, actorOf(request), request.now, (tx) =>
      together({
        rows: listWithTombstones(tx, filters, cursorOf(request.query.after), perPage + 1),
        total: countWithTombstones(tx, filters),
      }),
    )
    return sendHtml(
      reply,
      listPage({
        frame: frameOf(request, { active: 'written', title: request.t('written.list.title') }),
        actor: actorOf(request),
        rows: found.rows.slice(0, perPage),
        total: found.total,
        more: found.rows.length > perPage,
        query: request.query,
        flash: flashOf(request),
      }),
    )
  })

  const draw = async (
    request: FastifyRequest<{ Params: Params }>,
    reply: FastifyReply,
    wrong: {
      refused?: string
      /** The fields that the verb refused for. */
      changed?: string[]
      status?: number
      answering?: { errors: Record<string, string>; form: GivenForm }
    } = {},
  ) => {
    const no = (request.query as { version?: string }).version
    const { actor, now } = request
    const id = idOf(request.params.id)
    const opens = actor !== null && request.method === 'GET'
    const found = await (opens ? asActor : asReader)(db, actor, now, async (tx) => {
      const gone = request.method === 'GET' ? await tombstoneOf(tx, id) : null
      if (gone) return gone
      const shown = await shownIn(tx, id, no, actor !== null && isCoordinator(actor), now)
      if (opens) await markOpened(tx, 'written', id, now)
      const orgs = actor ? await passingOrgs(tx, id, actor) : []
      const { warning, version, indicators } = shown
      const fields = { ...versionShown(version, indicators), ...revocationShown(warning, version) }
      return {
        ...shown,
        passing: { orgs, rows: actor ? await passingsOf(tx, id) : [] },
        changed: wrong.changed
          ? await whatChanged(tx, request.t, { body: request.body, fields: wrong.changed, now: fields })
          : null,
      }
    })
    const frame = frameOf(request, { active: 'written', title: '' })
    if ('revokedAt' in found) return sendHtml(reply, gonePage({ frame, gone: found }))
    return sendHtml(
      reply,
      showPage({
        frame,
        actor,
        ...found,
        refused: wrong.refused ?? null,
        answering: wrong.answering,
        flash: flashOf(request),
      }),
      wrong.status ?? 200,
    )
  }
  app.get<{ Params: Params }>(
    '/warnings/written/:id',
    page({ who: 'anyone', objects: { id: 'written' } }),
    (request, reply) => draw(request, reply),
  )

  app.post<{ Params: Params }>(
    '/warnings/written/:id/answer',
    page({ who: readers, objects: { id: 'written' }, sample: { org: '1', answer: 'seen' } }),
    async (request, reply) => {
      try {
        const result = await giveBy(context, request)
        return reply.redirect(`/warnings/written/${request.params.id}?said=${outcomeOf(result)}`, 303)
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        return draw(request, reply, {
          status: 422,
          answering: { errors: error.fields, form: formOf(request.body) },
        })
      }
    },
  )

  const step = (noun: string, act: (id: number, request: FastifyRequest) => Promise<string>) =>
    app.post<{ Params: Params }>(
      `/warnings/written/:id/${noun}`,
      page({ who: coordinators, objects: { id: 'written' }, sample: { reason: 'x' } }),
      async (request, reply) => {
        try {
          return reply.redirect(await act(idOf(request.params.id), request), 303)
        } catch (error) {
          if (error instanceof Invalid) return draw(request, reply, { refused: 'reason', status: 422 })
          if (error instanceof Changed) return draw(request, reply, { changed: error.fields, status: 409 })
          if (!(error instanceof Forbidden)) throw error
          return draw(request, reply, { refused: noun, status: 403 })
        }
      },
    )
  step('change', async (id, request) => {
    await change(db, id, actorOf(request), request.now)
    return `/warnings/written/${id}/edit`
  })
  step('judgement', async (id, request) => {
    await judge(db, id, actorOf(request), request.now, text(request.body, 'seen'))
    return `/warnings/written/${id}?said=judged`
  })
  step('revocation', async (id, request) => {
    const [why, seen] = [text(request.body, 'reason'), text(request.body, 'seen')]
    const done = await revoke(db, id, actorOf(request), why, request.now, seen)
    return done.asked ? `/warnings/written/${id}?said=asked` : `/warnings/written?said=revoked`
  })
}

/** What is out, or an earlier version; what was never out is for its writers' page alone. */
export async function shownIn(
  tx: Queryable,
  id: number,
  no: string | undefined,
  coordinator: boolean,
  now: number,
) {
  const warning = await getWritten(tx, id)
  const versions = await versionsOf(tx, id)
  const wanted = no !== undefined && /^\d{1,6}$/.test(no) ? Number(no) : warning.version
  const shown = wanted > 0 ? await versionOf(tx, id, wanted) : null
  const current = warning.version > 0 ? await versionOf(tx, id, 'published') : null
  if (!shown || !current || shown.publishedAt === null) throw new NotFound('There is no such warning')
  // A new version is never wider, so the label of what is out now holds for what was written before.
  const version = { ...shown, tlp: current.tlp, audience: current.audience }
  return {
    warning,
    version,
    versions,
    indicators: await indicatorsOf(tx, id, version.no),
    calls: await callsAbout(tx, id),
    lines: coordinator ? [] : await linesOf(tx, id),
    reached: coordinator ? await reachedBy(tx, current, now) : null,
    news: coordinator ? await newsFor(tx, id) : null,
    derivation: coordinator ? await derivationOf(tx, version) : null,
  }
}

/** Of the board; of what is for no organisation, the people to whom the preview would say that it goes. */
async function reachedBy(tx: Queryable, out: Version, now: number): Promise<ShowProps['reached']> {
  const { rows } = await tx.query<{ orgs: number; asked: number }>(
    `select count(*)::int as orgs, (count(*) filter (where asked))::int as asked from written_asked where warning_id = $1 and out_at is null`,
    [out.warning],
  )
  const board = rows[0] ?? { orgs: 0, asked: 0 }
  return { ...board, people: board.orgs > 0 ? 0 : (await reachOf(tx, out, now)).people.length }
}

const deeds = [
  'published',
  'nobody',
  'judged',
  'asked',
  'revoked',
  'passed',
  'takenBack',
  'noted',
  'granted',
  'grantEnded',
  ...said,
] as const

function flashOf({ t, query }: FastifyRequest): Flash | undefined {
  const deed = deeds.find((one) => one === (query as { said?: string }).said)
  return (
    deed && {
      kind: ['nobody', 'conflict', 'kept'].includes(deed) ? 'careful' : 'done',
      text: t(`written.flash.${deed}`),
    }
  )
}

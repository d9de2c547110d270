/** Routes of choosing: finding shows the page with what was found, keeping writes the choice into the draft. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asReader } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import type { Queryable } from '../../../../platform/database.ts'
import { Changed, Invalid, WrongState } from '../../../../platform/errors.ts'
import { frameOf } from '../../../../platform/frame.ts'
import { type App, actorOf } from '../../../../platform/http.ts'
import { type Shown, shownOf } from '../../../../platform/revision.ts'
import { indicatorOf } from '../../../../values/indicators.ts'
import { choose } from '../../written/indicators/choose.ts'
import { type Finding, type Found, findIn, keyOf } from '../../written/indicators/find.ts'
import { askLists, groundsOf, judge } from '../../written/indicators/judge.ts'
import { indicatorsOf, type Kept } from '../../written/indicators/keep.ts'
import { getWritten, versionOf } from '../../written/read.ts'
import { choiceShown } from '../../written/seen.ts'
import { parts, type Version } from '../../written/types.ts'
import { coordinators, idOf, text } from '../access.ts'
import { page, sendHtml } from '../route.ts'
import { each } from './form.ts'
import { choosingPage, longestPaste } from './indicators.tsx'
import { whatChanged } from './moved.ts'

interface Params {
  id: string
}

interface Wanted {
  pasted: string
  /** Null: what is kept. */
  take: string[] | null
  /** What the choice was made on; without it what is kept. */
  shown?: Shown
  errors?: Record<string, string>
}

export function mountIndicators(app: App, context: Context): void {
  const { db, settings } = context
  const of = {
    who: coordinators,
    objects: { id: 'written' as const },
    sample: { take: 'evil.example', pasted: '', deed: 'keep' },
  }
  const grounds = groundsOf(settings)

  const draw = async (
    request: FastifyRequest<{ Params: Params }>,
    reply: FastifyReply,
    { pasted, take, shown, errors }: Wanted,
  ) => {
    const actor = actorOf(request)
    const id = idOf(request.params.id)
    const { warning, version, kept, changed } = await asReader(db, actor, request.now, async (tx) => {
      const draft = await draftIn(tx, id)
      const now = choiceShown(draft.version, draft.kept)
      const isLate = errors?.indicators === 'changed'
      const changed = isLate
        ? await whatChanged(tx, request.t, { body: request.body, fields: ['indicators'], now })
        : null
      return { ...draft, changed }
    })
    const chosen = take ? take.flatMap((one) => indicatorOf(one) ?? []) : kept
    const { found, cut } = allOf(version, pasted, [...kept, ...chosen])
    const lists = await askLists(grounds, found)
    const judged = await asReader(db, actor, request.now, (tx) =>
      judge(tx, found, grounds, lists, request.now),
    )
    const said = (request.query as { said?: string }).said
    return sendHtml(
      reply,
      choosingPage({
        frame: frameOf(request, { active: 'written', title: '' }),
        warning,
        version,
        judged,
        chosen: new Set(chosen.map(keyOf)),
        shown: shown ?? shownOf(choiceShown(version, kept)),
        changed,
        pasted,
        cut,
        listed: grounds.listsDir !== null,
        errors: errors ?? {},
        flash:
          said === 'kept'
            ? { kind: 'done', text: request.t('indicators.kept', { n: kept.length }) }
            : undefined,
      }),
      errors?.indicators === 'changed' ? 409 : errors ? 422 : 200,
    )
  }

  app.get<{ Params: Params }>('/warnings/written/:id/indicators', page(of), (request, reply) =>
    draw(request, reply, { pasted: '', take: null }),
  )
  app.post<{ Params: Params }>('/warnings/written/:id/indicators', page(of), async (request, reply) => {
    const id = idOf(request.params.id)
    const take = each(request.body, 'take')
    const pasted = text(request.body, 'pasted')
    const shown = { seen: text(request.body, 'seen'), saw: text(request.body, 'saw') }
    if (pasted.length > longestPaste)
      return draw(request, reply, { pasted: '', take, shown, errors: { indicators: 'long' } })
    if (text(request.body, 'deed') === 'find') return draw(request, reply, { pasted, take, shown })
    try {
      await choose(db, id, actorOf(request), take, grounds, request.now, shown.seen)
    } catch (error) {
      if (error instanceof Changed)
        return draw(request, reply, { pasted, take, errors: { indicators: 'changed' } })
      if (!(error instanceof Invalid)) throw error
      return draw(request, reply, { pasted, take, shown, errors: error.fields })
    }
    return reply.redirect(`/warnings/written/${id}/indicators?said=kept`, 303)
  })
}

async function draftIn(tx: Queryable, id: number) {
  const warning = await getWritten(tx, id)
  const version = await versionOf(tx, id, 'working')
  if (version?.state !== 'draft') throw new WrongState('Indicators are chosen in a draft alone')
  return { warning, version, kept: await indicatorsOf(tx, id, version.no) }
}

/** Of the texts of a version, and of what was pasted; those taken already stay, also when the text has lost them. */
function allOf(version: Version, pasted: string, taken: Pick<Kept, 'kind' | 'value'>[]): Finding {
  const finding = findIn([...textsOf(version), { where: 'pasted', text: pasted }])
  const known = new Map(finding.found.map((one) => [keyOf(one), one]))
  for (const { kind, value } of taken) {
    const one: Found = { kind, value, places: [], fault: null }
    if (!known.has(keyOf(one))) known.set(keyOf(one), one)
  }
  return { ...finding, found: [...known.values()] }
}

/** What an author has written, by the names of the fields. */
export const textsOf = (version: Pick<Version, 'texts' | 'refs'>): { where: string; text: string }[] => [
  ...(['cs', 'en'] as const).flatMap((lang) =>
    parts.map((part) => ({ where: `${lang}.${part}`, text: version.texts[lang][part] })),
  ),
  { where: 'refs', text: version.refs },
]

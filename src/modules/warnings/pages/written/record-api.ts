/** For programs: every version of a written warning with what changed in it, and for coordinators where each organisation stands. */
import { z } from 'zod'
import { asReader } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import { type Queryable, together } from '../../../../platform/database.ts'
import { iso } from '../../../../platform/dates.ts'
import { NotFound } from '../../../../platform/errors.ts'
import { type App, actorOf } from '../../../../platform/http.ts'
import { figuresOf, inTime, type Line, linesOf } from '../../written/board-read.ts'
import { changesBetween } from '../../written/compare.ts'
import { namesProducts } from '../../written/exposure.ts'
import { indicatorsOf } from '../../written/indicators/keep.ts'
import { getWritten, versionOf, versionsOf } from '../../written/read.ts'
import { answerWords, ownersWords } from '../../written/types.ts'
import { coordinators, idOf, readers } from '../access.ts'
import { api } from '../route.ts'
import { asJson, writtenAnswer } from './api.ts'

const instant = z.string().describe('ISO 8601, UTC')
const params = z.object({ id: z.string().max(40) })

const versionsAnswer = z.object({
  versions: z.array(
    writtenAnswer.extend({
      substantive: z.boolean().describe('everybody was asked anew'),
      changes: z
        .array(z.object({ field: z.string(), before: z.string(), after: z.string() }))
        .describe('against the version before; long texts by their paragraphs'),
    }),
  ),
})

const lineAnswer = z.object({
  organisation: z.object({ id: z.number(), name: z.string() }),
  asked: z
    .boolean()
    .describe(
      'false: it is in the audience, but no rule of the warning concerns it, or only what it runs does and it has not answered',
    ),
  answer: z.enum(['pending', ...answerWords]),
  planned_on: z.string().nullable(),
  affected: z.number().nullable(),
  conflict: z.boolean(),
  asked_at: instant,
  answered_at: instant.nullable(),
  first_answer_at: instant.nullable(),
  done_at: instant.nullable(),
  reminded_at: instant.nullable(),
  out_at: instant.nullable().describe('since when a narrower version no longer reaches it'),
  in_time: z
    .boolean()
    .nullable()
    .describe('first answered within an hour (high) or two working days (medium)'),
  next_step_at: instant.nullable().describe('when somebody is told next, or called, while nothing changes'),
  call: z.enum(['phone', 'silent', 'deadline']).nullable().describe('why it is on the call list'),
})
const boardAnswer = z.object({
  number: z.string().nullable(),
  version: z.number(),
  asked: z.number(),
  owners: z
    .enum(ownersWords)
    .nullable()
    .describe('how many run what it names, who are asked too and are not named; null: it names nothing'),
  answered: z.number(),
  done: z.number(),
  median_minutes_to_answer: z.number().nullable(),
  mean_minutes_to_answer: z.number().nullable(),
  mean_minutes_to_done: z.number().nullable(),
  affected: z.number(),
  in_time: z.number().nullable().describe('how many first answered in time; null where nothing is aimed at'),
  organisations: z.array(lineAnswer),
})

export function mountRecordApi(app: App, { db }: Context): void {
  app.get<{ Params: z.infer<typeof params> }>(
    '/api/v1/written-warnings/:id/versions',
    api(
      { who: readers, objects: { id: 'written' }, key: 'warnings.read' },
      'Every published version of a written warning with what it changed, the newest first',
      { params, response: { 200: versionsAnswer } },
    ),
    async (request) => ({
      versions: await asReader(db, actorOf(request), request.now, (tx) =>
        versionsIn(tx, idOf(request.params.id), request.now),
      ),
    }),
  )
  app.get<{ Params: z.infer<typeof params> }>(
    '/api/v1/written-warnings/:id/board',
    api(
      { who: coordinators, objects: { id: 'written' } },
      'Where every organisation stands that a written warning reached',
      { params, response: { 200: boardAnswer } },
    ),
    async (request) => {
      const { warning, lines, owners } = await asReader(db, actorOf(request), request.now, async (tx) => {
        const id = idOf(request.params.id)
        const found = await together({ warning: getWritten(tx, id), lines: linesOf(tx, id) })
        if (found.warning.version === 0) throw new NotFound('There is no such warning')
        const out = await versionOf(tx, id, 'published')
        return { ...found, owners: out && namesProducts(out.rules) ? out.owners : null }
      })
      const figures = figuresOf(lines)
      return {
        number: warning.number,
        version: warning.version,
        asked: figures.asked,
        owners,
        answered: figures.answered,
        done: figures.done,
        median_minutes_to_answer: figures.medianToAnswer,
        mean_minutes_to_answer: figures.meanToAnswer,
        mean_minutes_to_done: figures.meanToDone,
        affected: figures.affected,
        in_time: figures.inTime,
        organisations: lines.map(lineJson),
      }
    },
  )
}

/** A new version is never wider, so the label of what is out now holds for what was written before. */
async function versionsIn(tx: Queryable, id: number, now: number) {
  const { warning, all, current } = await together({
    warning: getWritten(tx, id),
    all: versionsOf(tx, id),
    current: versionOf(tx, id, 'published'),
  })
  if (!current || current.publishedAt === null) throw new NotFound('There is no such warning')
  const out = all.filter((version) => version.publishedAt !== null)
  const confirmed = await Promise.all(out.map((version) => indicatorsOf(tx, id, version.no)))
  return out.map((version, i) => {
    const before = out[i + 1]
    return {
      ...asJson(
        warning,
        { ...version, tlp: current.tlp, audience: current.audience },
        confirmed[i] ?? [],
        now,
      ),
      substantive: version.substantive,
      changes: before ? changesBetween(before, version) : [],
    }
  })
}

const isoOf = (at: number | null): string | null => (at === null ? null : iso(at))

const lineJson = (line: Line): z.infer<typeof lineAnswer> => ({
  organisation: { id: line.org, name: line.name },
  asked: line.asked,
  answer: line.answer,
  planned_on: line.plannedOn,
  affected: line.affected,
  conflict: line.conflict,
  asked_at: iso(line.askedAt),
  answered_at: isoOf(line.answeredAt),
  first_answer_at: isoOf(line.firstAnswerAt),
  done_at: isoOf(line.doneAt),
  reminded_at: isoOf(line.remindedAt),
  out_at: isoOf(line.outAt),
  in_time: inTime(line),
  next_step_at: isoOf(line.next?.at ?? null),
  call: line.listed?.why ?? null,
})

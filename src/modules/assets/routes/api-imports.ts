/** Files with assets for programs of an organisation's people: taken in, looked at, decided, carried out, undone. */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { asActor, asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { Tx } from '../../../platform/database.ts'
import { iso } from '../../../platform/dates.ts'
import { Invalid } from '../../../platform/errors.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { uploadIn } from '../../../platform/uploads.ts'
import { type AssetField, type AssetValues, columns, kinds } from '../asset.ts'
import { apply, undo } from '../import/apply.ts'
import { formats, mostLines } from '../import/line.ts'
import { decisions, figuresOf, kindsOfLine, type Proposed } from '../import/plan.ts'
import { type Problem, readAssets } from '../import/read.ts'
import { decide, holderOf, preview, type Sheet, sheets, takeIn } from '../import/store.ts'
import { requireRight } from '../may.ts'
import { idParam } from '../schema.ts'
import { api, orgOf, readers } from './whose.ts'

const params = z.object({ sheet: idParam })
type Params = z.infer<typeof params>
const ofFile = { who: readers, objects: { sheet: 'asset_import' as const } }
const instant = z.string().describe('ISO 8601, UTC')
const org = idParam.optional().describe('one of your organisations; may be left out where there is only one')

const figures = z.object({
  added: z.number(),
  changed: z.number(),
  same: z.number(),
  skipped: z.number(),
  undecided: z.number(),
})
const file = z.object({
  id: z.number(),
  org: z.number(),
  name: z.string(),
  format: z.enum(formats),
  taken_by: z.string(),
  taken_at: instant,
  applied_at: instant.nullable(),
  undone_at: instant.nullable(),
  counts: figures.nullable().describe('what came of it; null until it is carried out'),
})
const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]).nullable()
const line = z.object({
  line: z.number(),
  what: z.string(),
  kind: z
    .enum(kindsOfLine)
    .describe(
      'version: the same product in another version; double: like an earlier line; stranger: names a number that is none of yours',
    ),
  why: z.enum(['number', 'serial', 'identity', 'product', 'none']).describe('what made it look like another'),
  asset: z.number().nullable().describe('the item that it was compared with'),
  twin: z.number().nullable().describe('the earlier line, of a double'),
  values: z.record(z.string(), value).describe('what it would be, by the names of items'),
  changes: z.array(z.string()).describe('in which of them it differs from the item'),
  options: z.array(z.enum(decisions)),
  proposal: z.enum(decisions),
  decided: z.enum(decisions).nullable(),
})
const refused = z.object({
  line: z.number(),
  what: z.string(),
  field: z.string().nullable(),
  why: z.string(),
})
const previewAnswer = file.extend({
  would: figures.describe('what would come of it by the decisions so far'),
  lines: z.array(line).describe('none once it is carried out'),
  refused: z.array(refused),
  next: z.number().nullable().describe('to be given as `after` for the next lines; null at the end'),
})
const previewQuery = z.object({
  kind: z.enum(kindsOfLine).optional(),
  undecided: z.literal('1').optional().describe('those alone that are still to be decided'),
  after: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(2_000).default(500),
})
const upload = z.object({
  org,
  kind: z.enum(kinds).default('software').describe('of what does not say one'),
  name: z.string().max(200).default('').describe('of the file, where it is sent as text'),
  text: z.string().max(1_000_000).default('').describe('CSV, CycloneDX as JSON or XML, Nmap XML'),
  // What a form brings is bytes by now, which no schema of JSON describes.
  file: z
    .unknown()
    .optional()
    .meta({ type: 'string', format: 'binary' })
    .describe('of a form: any of these, or Excel'),
})
const decisionsBody = z.object({
  decisions: z
    .array(
      z.object({ line: z.int().min(0), decision: z.enum(decisions).nullable().describe('null: taken back') }),
    )
    .max(mostLines)
    .default([]),
  rest: z
    .enum(['proposals', 'skip'])
    .nullable()
    .default(null)
    .describe('what becomes of lines that nobody decided; null: they stay open'),
})

const when = (at: number | null): string | null => (at === null ? null : iso(at))
const fileJson = (sheet: Omit<Sheet, 'lines'>): z.infer<typeof file> => ({
  ...{ id: sheet.id, org: sheet.org, name: sheet.fileName, format: sheet.format, taken_by: sheet.taker },
  ...{ taken_at: iso(sheet.takenAt), applied_at: when(sheet.appliedAt), undone_at: when(sheet.undoneAt) },
  counts: sheet.counts,
})
const valuesJson = (values: AssetValues): z.infer<typeof line>['values'] =>
  Object.fromEntries(Object.entries(columns).map(([name, column]) => [column, values[name as AssetField]])) // the keys of `columns`
const lineJson = (one: Proposed): z.infer<typeof line> => ({
  ...{ line: one.line.line, what: one.line.what, kind: one.kind, why: one.why },
  ...{ asset: one.asset?.id ?? null, twin: one.twin, values: valuesJson(one.values) },
  changes: one.fields.map((field) => columns[field]),
  ...{ options: one.options, proposal: one.proposal, decided: one.decided },
})

/** By line what is wrong with the file, in the words of the reader's language. */
const unreadable = (problems: Problem[]): Invalid =>
  new Invalid(
    'The file cannot be read.',
    Object.fromEntries(problems.map((one) => [one.line > 0 ? `line.${one.line}` : 'file', one.problem])),
  )

export function mountImportApi(app: App, context: Context): void {
  const { db } = context
  app.get<{ Querystring: { org?: number } }>(
    '/api/v1/assets/imports',
    api({ who: readers }, 'Files with assets that were taken in, the newest first', {
      ...{ querystring: z.object({ org }), response: { 200: z.object({ imports: z.array(file) }) } },
    }),
    async (request) => {
      const whose = orgOf(actorOf(request), request.query.org)
      const found = await asReader(db, actorOf(request), request.now, (tx) => sheets(tx, whose))
      return { imports: found.map(fileJson) }
    },
  )

  const sample = { org: 1, kind: 'medical', text: 'Výrobce;Produkt;Počet\nPhilips;IntelliVue MX800;3' }
  app.post<{ Body: z.infer<typeof upload> }>(
    '/api/v1/assets/imports',
    api(
      { who: readers, sample },
      'Take in a file with assets; nothing of it counts until it is carried out',
      {
        ...{ consumes: ['application/json', 'multipart/form-data'], body: upload, response: { 201: file } },
      },
    ),
    async (request, reply) => {
      const [by, { kind, text, name, org: wanted }] = [actorOf(request), request.body]
      const whose = orgOf(by, wanted)
      requireRight(by, 'keep', whose)
      const sent = uploadIn(request.body)
      const bytes = sent?.bytes ?? Buffer.from(text)
      const fileName = sent?.name ?? (name || request.t('assets.files.pasted'))
      const { read, problems } = await readAssets(bytes, fileName, kind, request.t)
      if (read === null) throw unreadable(problems)
      const id = await asActor(db, by, request.now, (tx) =>
        takeIn(tx, { org: whose, bytes, fileName, read }, by, request.now),
      )
      const { sheet } = await asReader(db, by, request.now, (tx) => preview(tx, whose, id))
      return reply.status(201).send(fileJson(sheet))
    },
  )

  app.get<{ Params: Params; Querystring: z.infer<typeof previewQuery> }>(
    '/api/v1/assets/imports/:sheet',
    api(
      ofFile,
      'A file beside the inventory: what is new, changed, the same, alike or refused, line by line',
      {
        ...{ params, querystring: previewQuery, response: { 200: previewAnswer } },
      },
    ),
    async (request) => {
      const { kind, undecided, after, limit } = request.query
      const { sheet } = request.params
      const found = await asReader(db, actorOf(request), request.now, async (tx) =>
        preview(tx, await holderOf(tx, sheet), sheet),
      )
      const rest = found.proposed.filter(
        (one) =>
          one.line.line > after &&
          (kind === undefined || one.kind === kind) &&
          (undecided === undefined || one.decided === null),
      )
      const lines = rest.slice(0, limit).map(lineJson)
      return {
        ...fileJson(found.sheet),
        ...{ would: figuresOf(found.proposed), lines },
        refused: found.sheet.refused.map((one) => ({ ...one, field: one.field && columns[one.field] })),
        next: rest.length > limit ? (lines.at(-1)?.line ?? null) : null,
      }
    },
  )
  mountDeciding(app, context)
}

function mountDeciding(app: App, { db }: Context): void {
  /** With the file of the address, as its organisation. */
  const doing = <R>(
    request: FastifyRequest<{ Params: Params }>,
    work: (tx: Tx, which: { org: number; sheet: number }) => Promise<R>,
  ): Promise<R> =>
    asActor(db, actorOf(request), request.now, async (tx) => {
      const { sheet } = request.params
      return work(tx, { org: await holderOf(tx, sheet), sheet })
    })

  app.put<{ Params: Params; Body: z.infer<typeof decisionsBody> }>(
    '/api/v1/assets/imports/:sheet/decisions',
    api(
      { ...ofFile, sample: { decisions: [] } },
      'Decide lines of a file; what is not named stays as it was',
      {
        ...{ params, body: decisionsBody, response: { 200: figures } },
      },
    ),
    (request) =>
      doing(request, async (tx, which) => {
        const said = new Map(request.body.decisions.map(({ line, decision }) => [line, decision ?? '']))
        await decide(tx, which, said, request.body.rest, actorOf(request))
        return figuresOf((await preview(tx, which.org, which.sheet)).proposed)
      }),
  )
  app.put<{ Params: Params }>(
    '/api/v1/assets/imports/:sheet/application',
    api(ofFile, 'Carry out what was decided, once and as a whole', { params, response: { 200: figures } }),
    (request) => doing(request, (tx, which) => apply(tx, which, actorOf(request), request.now)),
  )
  const undone = z.object({
    undone: z.number(),
    kept: z.number().describe('items that somebody changed since, which stay as they are'),
  })
  app.delete<{ Params: Params }>(
    '/api/v1/assets/imports/:sheet/application',
    api(ofFile, 'Undo what a file did', { params, response: { 200: undone } }),
    (request) => doing(request, (tx, which) => undo(tx, which, actorOf(request), request.now)),
  )
}

/** For coordinators' programs: a warning from its first draft to its publication, by the verbs of the editor. */
import { z } from 'zod'
import { type Actor, asReader } from '../../../../../platform/access.ts'
import type { Context } from '../../../../../platform/context.ts'
import type { Queryable } from '../../../../../platform/database.ts'
import { iso } from '../../../../../platform/dates.ts'
import { WrongState } from '../../../../../platform/errors.ts'
import { type App, actorOf } from '../../../../../platform/http.ts'
import { readDraft } from '../../../written/draft.ts'
import { change, create, discard, save, sendBack, submit } from '../../../written/edit.ts'
import { indicatorsOf } from '../../../written/indicators/keep.ts'
import { countOwners } from '../../../written/owners.ts'
import { publish } from '../../../written/publish.ts'
import { reachOf } from '../../../written/reach.ts'
import { getWritten, versionOf } from '../../../written/read.ts'
import { choiceRevision, draftRevision, versionRevision } from '../../../written/seen.ts'
import type { Draft } from '../../../written/types.ts'
import { coordinators, idOf } from '../../access.ts'
import { api } from '../../route.ts'
import { addressesOf, peopleAt } from '../form.ts'
import { previewAnswer, previewJson } from './preview.ts'
import { doing, draftAnswer, fieldsOf, newBody, params, saveBody, seen, wantedOf } from './shapes.ts'

type Params = z.infer<typeof params>
type Given = Omit<z.infer<typeof saveBody>, 'seen'>

const of = { who: coordinators, objects: { id: 'written' as const } }
const address = '/api/v1/written-warnings/:id'

const published = z.object({
  number: z.string(),
  version: z.number(),
  messages: z.number().describe('that wait to go out'),
  anybody: z.boolean().describe('false: the audience turned out empty, so nobody gets it'),
})
const backBody = z.object({ note: z.string().max(2_000).describe('why it is given back') })

const text = { title: 'Zkouška', happened: 'x', concerns: 'x', todo: 'x' }
const sample = { kind: 'campaign', severity: 'medium', tlp: 'GREEN', audience: 'all_members', cs: text }

export function mountDraftApi(app: App, context: Context): void {
  const { db } = context
  const shown = (by: Actor, id: number, now: number) => asReader(db, by, now, (tx) => draftJson(tx, id, by))
  /** What was sent, as a draft; as its reader, who may not know of the warning. */
  const draftIn = (by: Actor, given: Given, now: number, id?: number): Promise<Draft> =>
    asReader(db, by, now, async (tx) => {
      if (id !== undefined) await getWritten(tx, id)
      return readDraft(wantedOf(given, await peopleAt(tx, given.named)))
    })

  app.post<{ Body: z.infer<typeof newBody> }>(
    '/api/v1/written-warnings',
    api({ who: coordinators, sample }, 'Begin a warning: a draft, which only coordinators see', {
      ...{ body: newBody, response: { 201: draftAnswer } },
    }),
    async (request, reply) => {
      const [by, { now }] = [actorOf(request), request]
      const id = await doing(draftIn(by, request.body, now).then((draft) => create(db, by, draft, now)))
      return reply.status(201).send(await shown(by, id, now))
    },
  )

  app.get<{ Params: Params }>(
    `${address}/draft`,
    api(of, 'What is being written of a warning, with the revisions to say when it is saved or published', {
      ...{ params, response: { 200: draftAnswer } },
    }),
    (request) => shown(actorOf(request), idOf(request.params.id), request.now),
  )

  const whole = {
    ...{ ...sample, organisations: [], group: null, named: [], en: text, action_by: null, valid_until: null },
    exposure: { all: true, prefixes: [], domains: [], kinds: [], regions: [], products: [] },
    ...{ references: '', change_note: 'x', substantive: true, seen: 'x' },
  }
  app.put<{ Params: Params; Body: z.infer<typeof saveBody> }>(
    `${address}/draft`,
    api({ ...of, sample: whole }, 'Save what is being written, all of it', {
      ...{ params, body: saveBody, response: { 200: draftAnswer } },
    }),
    async (request) => {
      const [by, { now }, id] = [actorOf(request), request, idOf(request.params.id)]
      const { seen: was, ...given } = request.body
      await doing(draftIn(by, given, now, id).then((draft) => save(db, id, by, draft, now, was)))
      return shown(by, id, now)
    },
  )

  app.post<{ Params: Params }>(
    `${address}/versions`,
    api(of, 'Begin the next version of what is out, as a copy of it', {
      ...{ params, response: { 201: draftAnswer } },
    }),
    async (request, reply) => {
      const [by, id] = [actorOf(request), idOf(request.params.id)]
      await change(db, id, by, request.now)
      return reply.status(201).send(await shown(by, id, request.now))
    },
  )

  app.put<{ Params: Params }>(
    `${address}/review`,
    api(of, 'Hand a draft to another coordinator', { params, response: { 200: draftAnswer } }),
    async (request) => {
      const [by, id] = [actorOf(request), idOf(request.params.id)]
      await doing(submit(db, id, by, request.now))
      return shown(by, id, request.now)
    },
  )

  app.put<{ Params: Params; Body: z.infer<typeof backBody> }>(
    `${address}/review/withdrawal`,
    api({ ...of, sample: { note: 'x' } }, 'Give a draft back, or take it back, with the reason', {
      ...{ params, body: backBody, response: { 200: draftAnswer } },
    }),
    async (request) => {
      const [by, id] = [actorOf(request), idOf(request.params.id)]
      await doing(sendBack(db, id, by, request.body.note, request.now))
      return shown(by, id, request.now)
    },
  )

  app.get<{ Params: Params }>(
    `${address}/preview`,
    api(of, 'Exactly who would get what is being written, by which way and why', {
      ...{ params, response: { 200: previewAnswer } },
    }),
    async (request) => {
      const { version, indicators, reach } = await asReader(db, actorOf(request), request.now, async (tx) => {
        const working = await workingIn(tx, idOf(request.params.id))
        return { ...working, reach: await reachOf(tx, working.version, request.now) }
      })
      const products = version.rules.products ?? []
      const owners = products.length === 0 ? null : await countOwners(db, products)
      return previewJson(reach, owners, versionRevision(version, indicators))
    },
  )

  app.delete<{ Params: Params }>(
    `${address}/draft`,
    api(of, 'Throw away what is being written; a warning that was never out goes whole', {
      ...{ params, response: { 204: z.null() } },
    }),
    async (request, reply) => {
      await discard(db, idOf(request.params.id), actorOf(request), request.now)
      return reply.status(204).send(null)
    },
  )

  app.put<{ Params: Params; Body: { seen: string } }>(
    `${address}/publication`,
    api({ ...of, sample: { seen: 'x' } }, 'Publish what another coordinator wrote; `seen` of the preview', {
      ...{ params, body: z.object({ seen }), response: { 200: published } },
    }),
    async (request) => {
      const id = idOf(request.params.id)
      const done = await doing(publish(db, id, actorOf(request), request.now, request.body.seen))
      return { number: done.number, version: done.no, messages: done.told, anybody: done.anybody }
    },
  )
}

async function workingIn(tx: Queryable, id: number) {
  const warning = await getWritten(tx, id)
  const version = await versionOf(tx, id, 'working')
  if (!version) throw new WrongState('Nothing of this warning is being written')
  return { warning, version, indicators: await indicatorsOf(tx, id, version.no) }
}

export async function draftJson(tx: Queryable, id: number, by: Actor): Promise<z.infer<typeof draftAnswer>> {
  const { warning, version, indicators } = await workingIn(tx, id)
  const named = await addressesOf(tx, version)
  return {
    ...{ id, number: warning.number, version: version.no },
    state: version.state === 'review' ? 'review' : 'draft',
    ...fieldsOf(version, named),
    translation: version.translation,
    indicators: indicators.map(({ kind, value }) => ({ kind, value })),
    ...{ review_note: version.reviewNote, author: version.authorName, editor: version.editorName },
    yours: [version.author, version.editor].includes(by.person),
    changed_at: iso(version.changedAt),
    seen: {
      draft: draftRevision(version),
      publication: versionRevision(version, indicators),
      indicators: choiceRevision(version, indicators),
    },
  }
}

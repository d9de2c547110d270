/** Advisories that coordinators write, for their programs: written by one, confirmed by another. */
import { z } from 'zod'
import type { Context } from '../../../platform/context.ts'
import type { Tx } from '../../../platform/database.ts'
import { renaming, WrongState } from '../../../platform/errors.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { confirmAdvisory } from '../confirm.ts'
import { mostProducts } from '../csaf/read.ts'
import { formOf, productLine, rewriteAdvisory, writeAdvisory } from '../hand.ts'
import { advisoryJson } from '../json.ts'
import { advisoryTlps } from '../labels.ts'
import { advisoryAt } from '../queries.ts'
import { advisoryAnswer, type HandForm, severities, severityName } from '../schema.ts'
import { waitingOf } from '../second.ts'
import { acting, api, coordinators, idIn, ofAdvisory, reading } from './answers.ts'

/** A form has a product on each line, with semicolons between its parts. */
const name = z
  .string()
  .max(300)
  .regex(/^[^;\n]*$/)
const product = z.object({
  vendor: name,
  product: name,
  versions: z
    .string()
    .max(300)
    .regex(/^[^\n]*$/),
})
const fields = {
  title: z.string().max(300),
  text: z.string().max(20_000),
  action: z.string().max(20_000).describe('what to do'),
  link: z.string().max(2_000),
  cves: z.array(z.string().max(30)).max(100),
  products: z.array(product).max(200),
  severity: z.enum(severities).nullable(),
  tlp: z.enum(advisoryTlps),
  exploited: z.boolean(),
  patient_safety: z.boolean(),
}
const newBody = z.object({
  ...fields,
  action: fields.action.default(''),
  link: fields.link.default(''),
  cves: fields.cves.default([]),
  products: fields.products.default([]),
  severity: fields.severity.default(null),
  exploited: fields.exploited.default(false),
  patient_safety: fields.patient_safety.default(false),
})
const version = z.string().max(12).describe('the one that you read: 409 where another came in between')
const saveBody = z.object({ ...fields, version })
const writingAnswer = z.object({
  id: z.number(),
  ...fields,
  version: z.string().describe('to be said when it is saved or confirmed'),
  waits: z
    .object({ yours: z.boolean().describe('you wrote it: somebody else confirms it') })
    .nullable()
    .describe('null: members see this version'),
})

const formIn = (body: z.infer<typeof newBody>, base: string): HandForm => ({
  ...{ title: body.title, text: body.text, action: body.action, link: body.link, cves: body.cves.join(' ') },
  products: body.products
    .map((one) => productLine({ ...one, ref: '', name: '', cpe: null, purl: null }))
    .join('\n'),
  severity: body.severity === null ? '' : String(severities.indexOf(body.severity)),
  ...{ tlp: body.tlp, base },
  ...(body.exploited ? { exploited: '1' as const } : {}),
  ...(body.patient_safety ? { safety: '1' as const } : {}),
})

async function writingIn(tx: Tx, id: number, person: number): Promise<z.infer<typeof writingAnswer>> {
  const waiting = await waitingOf(tx, id)
  const { line, content } = await advisoryAt(tx, id, waiting?.seq ?? null)
  if (line.kind !== 'hand') throw new WrongState('Only what was written here can be changed here')
  const form = formOf(content)
  return {
    ...{ id, title: form.title, text: form.text, action: form.action, link: form.link },
    cves: content.vulnerabilities.flatMap(({ cve }) => cve ?? []),
    products: content.products.map(({ vendor, product, versions }) => ({ vendor, product, versions })),
    severity: severityName(content.severity),
    tlp: advisoryTlps.find((one) => one === content.tlp) ?? 'AMBER',
    exploited: form.exploited !== undefined,
    patient_safety: form.safety !== undefined,
    version: content.version,
    waits: waiting && { yours: waiting.writtenBy === person },
  }
}

/** The verb, with what it refuses named as in the body. */
const doing = <R>(work: Promise<R>): Promise<R> =>
  renaming(work, (field) => (field === 'safety' ? 'patient_safety' : field))

export function mountHandApi(app: App, context: Context): void {
  const sample = { title: 'Zkouška', text: 'Zkouška formuláře', tlp: 'AMBER' }
  app.post<{ Body: z.infer<typeof newBody> }>(
    '/api/v1/advisories',
    api(
      { ...coordinators, sample },
      'Write an advisory; members see it when another coordinator confirmed it',
      {
        ...{ body: newBody, response: { 201: writingAnswer } },
      },
    ),
    async (request, reply) => {
      const by = actorOf(request)
      const form = formIn(request.body, '')
      const id = await doing(acting(context, request, (tx) => writeAdvisory(tx, form, by, request.now)))
      return reply.status(201).send(await reading(context, request, (tx) => writingIn(tx, id, by.person)))
    },
  )
  app.get(
    '/api/v1/advisories/:id/writing',
    api(ofAdvisory, 'An advisory written here as its editor has it, with what waits to be confirmed', {
      response: { 200: writingAnswer },
    }),
    (request) => reading(context, request, (tx) => writingIn(tx, idIn(request), actorOf(request).person)),
  )
  const whole = {
    ...{ ...sample, action: '', link: '', cves: [], products: [], severity: null, exploited: false },
    ...{ patient_safety: false, version: '1' },
  }
  app.put<{ Body: z.infer<typeof saveBody> }>(
    '/api/v1/advisories/:id/writing',
    api(
      { ...ofAdvisory, sample: whole },
      'Write the next version; one that says more waits to be confirmed',
      {
        ...{ body: saveBody, response: { 200: writingAnswer } },
      },
    ),
    async (request) => {
      const [id, by] = [idIn(request), actorOf(request)]
      const form = formIn(request.body, request.body.version)
      await doing(acting(context, request, (tx) => rewriteAdvisory(tx, id, form, by, request.now)))
      return reading(context, request, (tx) => writingIn(tx, id, by.person))
    },
  )
  app.put<{ Body: { version: string } }>(
    '/api/v1/advisories/:id/confirmation',
    api({ ...ofAdvisory, sample: { version: '1' } }, 'Confirm what another coordinator wrote', {
      ...{ body: z.object({ version: z.string().max(500) }), response: { 200: advisoryAnswer } },
    }),
    async (request) => {
      const [id, { version: said }] = [idIn(request), request.body]
      await acting(context, request, (tx) => confirmAdvisory(tx, id, said, actorOf(request), request.now))
      return advisoryJson(await reading(context, request, (tx) => advisoryAt(tx, id, null, mostProducts)))
    },
  )
}

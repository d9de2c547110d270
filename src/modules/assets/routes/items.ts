/** One item of an inventory: looked at, made, changed, removed, brought back. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asActor, asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { dayOf } from '../../../platform/dates.ts'
import { Invalid, NotFound } from '../../../platform/errors.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { page, sendHtml } from '../../../platform/page-routes.ts'
import { blank } from '../asset.ts'
import { addAsset, changeAsset, readAsset, setRemoved, titleOf } from '../assets.ts'
import { may, requireRight } from '../may.ts'
import { editPage, type Suggestions } from '../pages/edit.tsx'
import { showPage } from '../pages/show.tsx'
import { historyOf, wordsUsed } from '../queries.ts'
import { assetForm } from '../schema.ts'
import { shippedTable } from '../support/table.ts'
import { asTexts, type Given } from '../understand.ts'
import { doneIn, framed, idIn, nameOfOrg, ofAsset, ofOrg, orgIn, standings } from './whose.ts'

const sample = { kind: 'medical', vendor: 'Philips', product: 'IntelliVue MX800', quantity: '2' }
const pathOf = (org: number, asset: number): string => `/members/${org}/inventory/${asset}`

/** A form with a box that may be left unticked says so by leaving it out. */
function givenIn(request: FastifyRequest): Given {
  const form = assetForm.safeParse(request.body ?? {})
  if (!form.success) throw new Invalid('The form was longer than its fields allow.')
  const { data } = form
  return { ...(data as Given), patientSafety: data.patientSafety ?? '' }
}

export function mountItems(app: App, context: Context): void {
  mountShowing(app, context)
  mountMaking(app, context)
  mountChanging(app, context)
}

function mountShowing(app: App, context: Context): void {
  const { db, settings } = context
  app.get('/members/:id/inventory/:asset', page(ofAsset), async (request, reply) => {
    const [org, actor] = [orgIn(request), actorOf(request)]
    const found = await asReader(db, actor, request.now, async (tx) => {
      const asset = await readAsset(tx, idIn(request, 'asset'), actor)
      const [row] = (await standings(tx, [asset], dayOf(request.now, settings.zone))).rows
      if (!row) throw new NotFound('There is no such item')
      return { asset, standing: row.standing, history: await historyOf(tx, asset.id) }
    })
    const frame = framed(request, context, titleOf(found.asset))
    return sendHtml(
      reply,
      showPage({
        ...{ frame, ...found, name: nameOfOrg(request, org) },
        mayKeep: may(actor, 'keep', found.asset.org),
        flash: doneIn(request, ['added', 'changed', 'restored']),
      }),
    )
  })
}

/** What is offered while typing: what the organisation wrote before, and what the table of dates names. */
async function offered(context: Context, request: FastifyRequest, org: number): Promise<Suggestions> {
  const used = await asReader(context.db, actorOf(request), request.now, (tx) => wordsUsed(tx, org))
  const { rows } = shippedTable()
  const both = (own: string[], more: string[]): string[] => [...new Set([...own, ...more])]
  const platforms = rows.filter((row) => row.product.startsWith('Windows'))
  return {
    ...used,
    vendor: both(
      used.vendor,
      rows.map((row) => row.vendor),
    ),
    product: both(
      used.product,
      rows.map((row) => row.product),
    ),
    runsOn: both(
      used.runsOn,
      platforms.map((row) => row.product),
    ),
  }
}

interface Refused {
  given: Given
  errors: Record<string, string>
}

async function drawForm(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  form: Refused & { org: number; asset: number | null; title: string },
): Promise<FastifyReply> {
  const { org, title } = form
  const suggestions = await offered(context, request, org)
  const frame = framed(request, context, title)
  const name = nameOfOrg(request, org)
  const status = Object.keys(form.errors).length > 0 ? 422 : 200
  return sendHtml(reply, editPage({ frame, name, suggestions, ...form }), status)
}

function mountMaking(app: App, context: Context): void {
  const draw = (request: FastifyRequest, reply: FastifyReply, refused?: Refused) => {
    const org = orgIn(request)
    requireRight(actorOf(request), 'keep', org)
    const { given, errors } = refused ?? {
      given: { ...asTexts(blank), kind: 'medical', quantity: '' },
      errors: {},
    }
    return drawForm(context, request, reply, {
      ...{ org, asset: null, title: request.t('assets.add'), given, errors },
    })
  }

  app.get('/members/:id/inventory/new', page(ofOrg), (request, reply) => draw(request, reply))

  app.post('/members/:id/inventory', page({ ...ofOrg, sample }), async (request, reply) => {
    const org = orgIn(request)
    const by = actorOf(request)
    const given = givenIn(request)
    try {
      const id = await asActor(context.db, by, request.now, (tx) =>
        addAsset(tx, org, given, 'hand', by, request.now),
      )
      return reply.redirect(`${pathOf(org, id)}?done=added`, 303)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return draw(request, reply, { given, errors: error.fields })
    }
  })
}

function mountChanging(app: App, context: Context): void {
  const { db } = context
  const draw = async (request: FastifyRequest, reply: FastifyReply, refused?: Refused) => {
    const [by, id] = [actorOf(request), idIn(request, 'asset')]
    const asset = await asReader(db, by, request.now, (tx) => readAsset(tx, id, by))
    requireRight(by, 'keep', asset.org)
    const { given, errors } = refused ?? { given: asTexts(asset), errors: {} }
    return drawForm(context, request, reply, {
      ...{ org: orgIn(request), asset: id, title: titleOf(asset), given, errors },
    })
  }

  app.get('/members/:id/inventory/:asset/edit', page(ofAsset), (request, reply) => draw(request, reply))

  app.post('/members/:id/inventory/:asset', page({ ...ofAsset, sample }), async (request, reply) => {
    const [org, by, id] = [orgIn(request), actorOf(request), idIn(request, 'asset')]
    const given = givenIn(request)
    try {
      await asActor(db, by, request.now, (tx) => changeAsset(tx, id, given, by, request.now))
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return draw(request, reply, { given, errors: error.fields })
    }
    return reply.redirect(`${pathOf(org, id)}?done=changed`, 303)
  })

  for (const [path, gone] of [
    ['removal', true],
    ['restoration', false],
  ] as const)
    app.post(`/members/:id/inventory/:asset/${path}`, page(ofAsset), async (request, reply) => {
      const [org, by, id] = [orgIn(request), actorOf(request), idIn(request, 'asset')]
      await asActor(db, by, request.now, (tx) => setRemoved(tx, id, gone, by, request.now))
      return reply.redirect(
        gone ? `/members/${org}/inventory?done=removed` : `${pathOf(org, id)}?done=restored`,
        303,
      )
    })
}

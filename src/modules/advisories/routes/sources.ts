/** Where advisories come from, and what was set aside: for coordinators. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../platform/context.ts'
import { together } from '../../../platform/database.ts'
import { Invalid } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { sourceFormPage } from '../pages/source-form.tsx'
import { type SourcesProps, sourcesDone, sourcesPage } from '../pages/sources.tsx'
import { decide, waiting } from '../quarantine.ts'
import { decisionForm, sourceConfirmForm, sourceForm, switchForm } from '../schema.ts'
import {
  addSource,
  askNow,
  changeSource,
  sourceAt,
  sources,
  switchSource,
  type WantedSource,
} from '../sources.ts'
import { confirmSource } from '../sources-second.ts'
import { acting, doneOf, faultsIn, idIn, page, reading, sendHtml, typed } from './answers.ts'

const coordinators: Access = { who: ['coordinator'] }
const one: Access = { ...coordinators, objects: { id: 'advisory_source' } }
const aside: Access = { ...coordinators, objects: { id: 'advisory_document' } }
const path = '/advisories/sources'

const blank: WantedSource = {
  ...{ kind: 'csaf-provider', label: '', url: '', tlp: 'CLEAR', everyMinutes: '60', key: '' },
}
const sample = {
  kind: 'feed',
  label: 'Zkušební zdroj',
  url: 'https://zdroj.example/feed',
  tlp: 'AMBER',
  everyMinutes: '60',
}

export function mountSources(app: App, context: Context): void {
  const framed = (request: FastifyRequest, title: string) =>
    frameOf(request, { title, active: 'advisories', zone: context.settings.zone })

  const draw = async (request: FastifyRequest, reply: FastifyReply, refused?: SourcesProps['refused']) => {
    const found = await reading(context, request, (tx) =>
      together({ sources: sources(tx), waiting: waiting(tx) }),
    )
    const frame = framed(request, request.t('advisories.sources.title'))
    const drawn = sourcesPage({
      frame,
      ...found,
      person: actorOf(request).person,
      done: doneOf(request, sourcesDone),
      refused,
    })
    return sendHtml(reply, drawn, refused ? 422 : 200)
  }
  const form = (
    request: FastifyRequest,
    reply: FastifyReply,
    props: { id: number | null; given: WantedSource; errors?: Record<string, string> },
  ) => {
    const title = request.t(props.id === null ? 'advisories.source.new' : 'advisories.source.edit')
    return sendHtml(
      reply,
      sourceFormPage({ frame: framed(request, title), errors: {}, ...props }),
      props.errors ? 422 : 200,
    )
  }

  app.get(path, page(coordinators), (request, reply) => draw(request, reply))
  app.get(`${path}/new`, page(coordinators), (request, reply) =>
    form(request, reply, { id: null, given: blank }),
  )
  app.post(path, page({ ...coordinators, sample }), async (request, reply) => {
    const given = typed(sourceForm, request)
    try {
      await acting(context, request, (tx) => addSource(tx, given, actorOf(request), request.now))
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return form(request, reply, { id: null, given, errors: faultsIn(request, error) })
    }
    return reply.redirect(`${path}?done=added`, 303)
  })
  app.get(`${path}/:id`, page(one), async (request, reply) => {
    const found = await reading(context, request, (tx) => sourceAt(tx, idIn(request)))
    const given = { ...found, url: found.url ?? '', everyMinutes: String(found.everyMinutes), key: '' }
    return form(request, reply, { id: found.id, given })
  })
  app.post(
    `${path}/:id`,
    page({ ...one, sample: { ...sample, label: 'Jiný název' } }),
    async (request, reply) => {
      const id = idIn(request)
      const given = typed(sourceForm, request)
      try {
        await acting(context, request, (tx) => changeSource(tx, id, given, actorOf(request), request.now))
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        const was = await reading(context, request, (tx) => sourceAt(tx, id))
        return form(request, reply, {
          id,
          given: { ...given, kind: was.kind },
          errors: faultsIn(request, error),
        })
      }
      return reply.redirect(`${path}?done=saved`, 303)
    },
  )
  app.post(`${path}/:id/switch`, page({ ...one, sample: { enabled: 'yes' } }), async (request, reply) => {
    const isOn = typed(switchForm, request).enabled === 'yes'
    await acting(context, request, (tx) =>
      switchSource(tx, idIn(request), isOn, actorOf(request), request.now),
    )
    return reply.redirect(`${path}?done=${isOn ? 'enabled' : 'disabled'}`, 303)
  })
  app.post(`${path}/:id/asking`, page(one), async (request, reply) => {
    await acting(context, request, (tx) => askNow(tx, idIn(request), actorOf(request), request.now))
    return reply.redirect(`${path}?done=asking`, 303)
  })
  app.post(`${path}/:id/confirmation`, page({ ...one, sample: { asked: '1' } }), async (request, reply) => {
    const { asked } = typed(sourceConfirmForm, request)
    await acting(context, request, (tx) =>
      confirmSource(tx, idIn(request), asked, actorOf(request), request.now),
    )
    return reply.redirect(`${path}?done=sourceConfirmed`, 303)
  })
  const decision = { decision: 'discarded' }
  app.post('/advisories/aside/:id', page({ ...aside, sample: decision }), async (request, reply) => {
    const id = idIn(request)
    const wanted = typed(decisionForm, request)
    try {
      await acting(context, request, (tx) => decide(tx, id, wanted, actorOf(request), request.now))
    } catch (error) {
      if (!(error instanceof Invalid) || Object.keys(error.fields).length === 0) throw error
      return draw(request, reply, { id, errors: faultsIn(request, error) })
    }
    return reply.redirect(`${path}?done=${wanted.decision}#aside`, 303)
  })
}

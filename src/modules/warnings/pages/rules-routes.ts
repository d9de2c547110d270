/** Rules: read, tried on last week, changed with a reason. Coordinators only. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { Invalid, NotFound } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import type { T } from '../../../platform/i18n.ts'
import { dryRun } from '../dry-run.ts'
import { countWarnings } from '../queries.ts'
import { change, history, type Params, type RuleDefinition, ruleBook, settingsAt } from '../rules.ts'
import { coordinators, queryWith, text } from './access.ts'
import type { Query } from './filters.ts'
import { page, sendHtml } from './route.ts'
import { rulePage } from './rule.tsx'
import { type RulesProps, rulesPage } from './rules.tsx'

type Request = FastifyRequest<{ Params: { rule: string }; Querystring: Query }>

interface Refused {
  errors: Record<string, string>
  wanted: Record<string, string>
  enabled: boolean
  reason: string
}

const weekMs = 7 * 86_400_000

const definitionOf = (rule: string): RuleDefinition => {
  const found = ruleBook().find((one) => one.rule === rule)
  if (!found) throw new NotFound('There is no such rule')
  return found
}

export function mountRules(app: App, context: Context): void {
  app.get('/rules', page({ who: coordinators }), async (request, reply) => {
    const rules = await asActor(context.db, actorOf(request), request.now, async (tx) => {
      const found: RulesProps['rules'] = []
      for (const definition of ruleBook())
        found.push({
          definition,
          settings: await settingsAt(tx, definition.rule, request.now),
          living: await countWarnings(tx, { rule: definition.rule, state: 'living' }),
        })
      return found
    })
    return sendHtml(
      reply,
      rulesPage({
        frame: frameOf(request, { active: 'rules', title: request.t('warnings.rules.title') }),
        rules,
      }),
    )
  })

  const draw = async (request: Request, reply: FastifyReply, refused?: Refused): Promise<FastifyReply> => {
    const { t, now, query } = request
    const definition = definitionOf(request.params.rule)
    const asked = query.try === '1' ? numbers(definition, query, t) : null
    const found = await asActor(context.db, actorOf(request), now, async (tx) => ({
      settings: await settingsAt(tx, definition.rule, now),
      history: await history(tx, definition.rule),
      ...(asked && Object.keys(asked.errors).length === 0
        ? { trial: await dryRun(tx, definition.rule, asked.params, { from: now - weekMs, to: now }) }
        : {}),
    }))
    const wrong = asked && Object.keys(asked.errors).length > 0 ? asked.errors : undefined
    const frame = frameOf(request, { active: 'rules', title: definition.name[t.lang] })
    const shown = rulePage({
      frame,
      definition,
      ...found,
      wanted: refused?.wanted ?? wantedOf(definition, query),
      enabled: refused?.enabled ?? (asked ? query.enabled === '1' : found.settings.enabled),
      reason: refused?.reason ?? query.reason ?? '',
      errors: refused?.errors ?? wrong,
      flash:
        query.said === 'saved'
          ? { text: t('warnings.rule.saved', { version: found.settings.version }) }
          : undefined,
    })
    return sendHtml(reply, shown, refused || wrong ? 422 : 200)
  }

  app.get<{ Params: { rule: string }; Querystring: Query }>(
    '/rules/:rule',
    page({ who: coordinators, objects: { rule: 'rule' } }),
    (request, reply) => draw(request, reply),
  )

  // A trial changes nothing: it becomes an address that can be opened again and shown to a colleague.
  app.post<{ Params: { rule: string } }>(
    '/rules/:rule/trial',
    page({ who: coordinators, objects: { rule: 'rule' } }),
    (request, reply) => {
      const definition = definitionOf(request.params.rule)
      const query = queryWith({
        try: '1',
        ...wantedOf(definition, request.body),
        enabled: text(request.body, 'enabled'),
        reason: text(request.body, 'reason'),
      })
      return reply.redirect(`/rules/${definition.rule}${query}#trial`, 303)
    },
  )

  app.post<{ Params: { rule: string }; Querystring: Query }>(
    '/rules/:rule/settings',
    page({
      who: coordinators,
      fresh: true,
      objects: { rule: 'rule' },
      sample: { reason: '…', enabled: '1' },
    }),
    async (request, reply) => {
      const definition = definitionOf(request.params.rule)
      const wanted = wantedOf(definition, request.body)
      const { params, errors } = numbers(definition, request.body, request.t)
      const reason = text(request.body, 'reason').trim()
      const enabled = text(request.body, 'enabled') === '1'
      if (reason === '') errors.reason = request.t('warnings.rule.error.reason')
      if (Object.keys(errors).length > 0) return draw(request, reply, { errors, wanted, enabled, reason })
      try {
        await change(context.db, actorOf(request), definition.rule, { params, enabled }, reason, request.now)
      } catch (error) {
        if (error instanceof Invalid)
          return draw(request, reply, { errors: error.fields, wanted, enabled, reason })
        throw error
      }
      return reply.redirect(`/rules/${definition.rule}?said=saved`, 303)
    },
  )
}

/** What the form holds, as text; fields left out stay as they are. */
const wantedOf = (definition: RuleDefinition, from: unknown): Record<string, string> =>
  Object.fromEntries(
    definition.params.flatMap(({ name }) => (text(from, name) === '' ? [] : [[name, text(from, name)]])),
  )

/** The thresholds as numbers, a comma being as good as a point, with a sentence for each that is out of bounds. */
function numbers(
  definition: RuleDefinition,
  from: unknown,
  t: T,
): { params: Params; errors: Record<string, string> } {
  const params: Params = {}
  const errors: Record<string, string> = {}
  for (const { name, min, max } of definition.params) {
    const given = text(from, name).trim().replace(',', '.')
    if (given === '') continue
    const value = Number(given)
    if (Number.isFinite(value) && value >= min && value <= max) params[name] = value
    else errors[name] = t('warnings.rule.error.bounds', { min, max })
  }
  return { params, errors }
}

/** The webhooks of an organisation: made, tried, given a new secret, switched on again and taken away by those who keep it. */
import { randomBytes } from 'node:crypto'
import { isIP } from 'node:net'
import { type Actor, asActor, rolesAt } from '../../../platform/access.ts'
import { record } from '../../../platform/audit.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine, type Database, type Queryable, type Tx } from '../../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { hostOf, isPrivate } from '../../../platform/public-addresses.ts'
import { seal } from '../../../platform/seal.ts'
import { COORDINATORS, readersOfOrg } from '../../../values/scopes.ts'
import { forms, type HookForm, isTemplate, type News, news, secretOf } from './message.ts'

export interface NewWebhook {
  org: number
  name: string
  form: string
  template: string
  url: string
  events: string[]
  least: number
  language: string
}

export interface Webhook {
  id: number
  org: number
  orgName: string
  name: string
  form: HookForm
  host: string
  events: News[]
  least: number
  failures: number
  disabledAt: number | null
  disabledWhy: string | null
  earlierUntil: number | null
  madeAt: number
  madeBy: string | null
}

const mostOfOne = 10
const [longestName, longestUrl, longestTemplate] = [100, 1_000, 4_000]
/** How long the secret before is signed with as well. */
export const overlapMs = 7 * 86_400_000

export const keepers = ['admin', 'security_manager'] as const
const keeps = (actor: Actor, org: number): boolean =>
  rolesAt(actor, org).some((role) => (keepers as readonly string[]).includes(role))

/** Organisations whose webhooks the actor keeps. */
export const keptBy = (actor: Actor): number[] => [
  ...new Set(
    actor.engagements.flatMap((e) =>
      e.org !== null && e.through == null && keeps(actor, e.org) ? [e.org] : [],
    ),
  ),
]

/** `allowed`: origins in our own networks that the operator wrote out. Null: it is no address for a webhook. */
export function judgeUrl(text: string, allowed: readonly string[]): URL | null {
  const url = text.length <= longestUrl ? URL.parse(text) : null
  if (!url || url.username || url.password || url.hash) return null
  if (allowed.includes(url.origin)) return url
  if (url.protocol !== 'https:' || (isIP(hostOf(url)) && isPrivate(hostOf(url)))) return null
  return url
}

const isNews = (word: string): word is News => (news as readonly string[]).includes(word)
const isForm = (word: string): word is HookForm => (forms as readonly string[]).includes(word)

function mistakesIn(wanted: NewWebhook, name: string, allowed: readonly string[]): Record<string, string> {
  return {
    ...(name === '' || name.length > longestName || /\p{Cc}/u.test(name) ? { name: 'name' } : {}),
    ...(judgeUrl(wanted.url, allowed) ? {} : { url: 'url' }),
    ...(isForm(wanted.form) ? {} : { form: 'form' }),
    ...(wanted.form === 'template' &&
    (wanted.template.length > longestTemplate || !isTemplate(wanted.template))
      ? { template: 'template' }
      : {}),
    ...(wanted.events.length > 0 && wanted.events.every(isNews) ? {} : { events: 'events' }),
    ...([1, 2, 3, 4].includes(wanted.least) ? {} : { least: 'least' }),
  }
}

/** Makes a webhook and answers its secret, this once. `Invalid` names what is wrong. */
export async function addWebhook(
  tx: Tx,
  { settings }: Context,
  wanted: NewWebhook,
  by: Actor,
  now: number,
): Promise<{ id: number; secret: string }> {
  if (!keeps(by, wanted.org))
    throw new Forbidden('Webhooks are kept by administrators and the security manager')
  const name = wanted.name.normalize('NFC').trim()
  const allowed = settings.webhookOrigins ?? []
  const fields = mistakesIn(wanted, name, allowed)
  const url = judgeUrl(wanted.url, allowed)
  if (Object.keys(fields).length > 0 || !url)
    throw new Invalid('The webhook cannot be made so: look at what is marked', fields)
  const { rows: there } = await tx.query<{ n: number }>(
    'select count(*)::int as n from webhooks where org_id = $1',
    [wanted.org],
  )
  if ((there[0]?.n ?? 0) >= mostOfOne) throw new WrongState('There are ten webhooks already: remove one')
  const secret = secretOf(randomBytes(24))
  const { rows } = await tx.query<{ id: number }>(
    `insert into webhooks (org_id, name, form, template, sealed_url, host, sealed_secret, events, least, language, made_at, made_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, to_timestamp($11 / 1000.0), $12) returning id`,
    [
      wanted.org,
      name,
      wanted.form,
      wanted.form === 'template' ? wanted.template : '',
      seal(settings.secret, url.href),
      url.host,
      seal(settings.secret, secret),
      [...new Set(wanted.events)],
      wanted.least,
      wanted.language === 'en' ? 'en' : 'cs',
      now,
      by.person,
    ],
  )
  const id = rows[0]?.id ?? 0
  await note(tx, 'channels.add-webhook', { id, org: wanted.org }, { name, host: url.host }, by, now)
  return { id, secret }
}

/** Those of organisations that the actor keeps; the database shows no other organisation's. */
export async function listWebhooks(tx: Queryable, by: Actor): Promise<Webhook[]> {
  const ms = (column: string): string => `(extract(epoch from w.${column}) * 1000)::float8`
  const { rows } = await tx.query<Webhook & Record<string, unknown>>(
    `select w.id, w.org_id as org, o.name as "orgName", w.name, w.form, w.host, w.events, w.least, w.failures, ${ms('disabled_at')} as "disabledAt",
       w.disabled_why as "disabledWhy", ${ms('earlier_until')} as "earlierUntil", ${ms('made_at')} as "madeAt", p.name as "madeBy"
     from webhooks w join organisations o on o.id = w.org_id left join people p on p.id = w.made_by
     where w.org_id = any ($1) order by o.name collate "cs-x-icu", w.name collate "cs-x-icu", w.id`,
    [keptBy(by)],
  )
  return rows
}

export async function getWebhook(tx: Queryable, id: number, by: Actor): Promise<Webhook> {
  const found = (await listWebhooks(tx, by)).find((one) => one.id === id)
  if (!found) throw new NotFound('There is no such webhook')
  return found
}

/** A new secret; what the other side has is good for a week more. Answers the new one, this once. */
export async function renewSecret(
  tx: Tx,
  { settings }: Context,
  id: number,
  by: Actor,
  now: number,
): Promise<string> {
  const { org } = await getWebhook(tx, id, by)
  const secret = secretOf(randomBytes(24))
  await tx.query(
    `update webhooks set sealed_earlier = sealed_secret, earlier_until = to_timestamp($2 / 1000.0), sealed_secret = $3 where id = $1`,
    [id, now + overlapMs, seal(settings.secret, secret)],
  )
  await note(tx, 'channels.renew-webhook', { id, org }, {}, by, now)
  return secret
}

/** Off by hand, or on again after it was off for whatever reason. */
export async function switchWebhook(tx: Tx, id: number, on: boolean, by: Actor, now: number): Promise<void> {
  const { org } = await getWebhook(tx, id, by)
  const { rowCount } = await tx.query(
    on
      ? 'update webhooks set disabled_at = null, disabled_why = null, failures = 0 where id = $1 and disabled_at is not null'
      : `update webhooks set disabled_at = to_timestamp(${Number(now)} / 1000.0), disabled_why = 'hand' where id = $1 and disabled_at is null`,
    [id],
  )
  if (!rowCount && on) throw new WrongState('The webhook is on already')
  if (!rowCount) throw new WrongState('The webhook is off already')
  await note(tx, on ? 'channels.switch-webhook-on' : 'channels.switch-webhook-off', { id, org }, {}, by, now)
}

export async function removeWebhook(tx: Tx, id: number, by: Actor, now: number): Promise<void> {
  const { org, name, host } = await getWebhook(tx, id, by)
  await tx.query('delete from webhooks where id = $1', [id])
  await note(tx, 'channels.remove-webhook', { id, org }, { name, host }, by, now)
}

export interface HookDelivery {
  id: number
  kind: string
  number: string | null
  state: string
  reason: string | null
  reply: string | null
  attempts: number
  at: number
}

/** The last messages to a webhook, as the actor of the transaction may read them. */
export async function lastTo(tx: Queryable, id: number, most = 50): Promise<HookDelivery[]> {
  const { rows } = await tx.query<HookDelivery & Record<string, unknown>>(
    `select d.id, d.kind, coalesce(w.number, r.number) as number, d.state, d.reason, d.reply, d.attempts, (extract(epoch from d.decided_at) * 1000)::float8 as at
     from deliveries d left join warnings w on w.id = d.warning_id left join written_warnings r on r.id = d.written_id
     where d.channel = 'webhook' and d.address = 'webhook:' || $1::int order by d.decided_at desc, d.id desc limit $2`,
    [id, most],
  )
  return rows
}

/** Queues a message that says it is a trial. Throws NotFound, WrongState while it is off. */
export async function tryNow(db: Database, id: number, by: Actor, now: number): Promise<void> {
  const { org, disabledAt } = await asActor(db, by, now, (tx) => getWebhook(tx, id, by))
  if (disabledAt !== null) throw new WrongState('The webhook is off: switch it on first')
  await asEngine(db, (tx) => tryWebhook(tx, id, org, now))
}

/** By the program, as it is no news of a warning. */
async function tryWebhook(engine: Tx, id: number, org: number, now: number): Promise<void> {
  await engine.query(
    `insert into deliveries (channel, kind, topic, org_id, address, detail, decided_at, due_at, readers, unit)
     values ('webhook', 'account', $1, $2, $3, '{"as": "contact", "template": "webhook-test"}', to_timestamp($4 / 1000.0), to_timestamp($4 / 1000.0), $5, $2)
     on conflict (topic, address) do nothing`,
    [`webhook trial ${now}`, org, `webhook:${id}`, now, [COORDINATORS, readersOfOrg(org)]],
  )
}

const note = (
  tx: Tx,
  verb: string,
  { id, org }: { id: number; org: number },
  detail: object,
  by: Actor,
  now: number,
): Promise<void> =>
  record(tx, {
    at: now,
    actor: by,
    verb,
    object: `webhook ${id}`,
    org,
    detail,
    readers: [COORDINATORS, readersOfOrg(org)],
  })

/** The devices in which a person wants messages: subscribed by the browser, named, tried out and taken away by their person. */
import { type Actor, asActor } from '../../../platform/access.ts'
import { record } from '../../../platform/audit.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine, type Queryable, type Tx } from '../../../platform/database.ts'
import { Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { COORDINATORS, person as personScope } from '../../../values/scopes.ts'
import { judgeEndpoint } from './hosts.ts'

export interface NewDevice {
  endpoint: string
  /** base64url, as the browser gives them (RFC 8291): a point of 65 bytes, a secret of 16. */
  p256dh: string
  auth: string
  name: string
}

export interface OwnDevice {
  id: number
  name: string
  addedAt: number
  seenAt: number
  toldAt: number | null
  /** Its push service knows it no more. */
  gone: boolean
  /** What became of the last message to it. */
  last: string | null
  lastAt: number | null
}

export const mostDevices = 10
const longestName = 60

/**
 * Keeps a device, or what it says anew. Of one browser there is one row: whoever signed in there last has it. `Invalid` for what
 * no browser says, or a service that is not on the list.
 */
export async function subscribe(context: Context, given: NewDevice, by: Actor, now: number): Promise<number> {
  const wrong = mistakeIn(given, context.settings.pushHosts ?? [])
  if (wrong) throw new Invalid(wrong)
  const name =
    given.name
      .normalize('NFC')
      .replace(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, longestName) || '–'
  return asEngine(context.db, async (tx) => {
    const { rows: held } = await tx.query<{ n: number }>(
      'select count(*)::int as n from push_devices where person_id = $1 and endpoint <> $2',
      [by.person, given.endpoint],
    )
    if ((held[0]?.n ?? 0) >= mostDevices)
      throw new WrongState('There are ten devices already: remove one that you do not use')
    const { rows } = await tx.query<{ id: number; fresh: boolean }>(
      `insert into push_devices as d (person_id, name, endpoint, p256dh, auth, added_at, seen_at)
       values ($1, $2, $3, $4, $5, to_timestamp($6 / 1000.0), to_timestamp($6 / 1000.0))
       on conflict (endpoint) do update set p256dh = $4, auth = $5, seen_at = excluded.seen_at, person_id = $1, gone_at = null,
         name = case when d.person_id = $1 then d.name else $2 end,
         added_at = case when d.person_id = $1 then d.added_at else excluded.added_at end
       returning id, added_at = seen_at as fresh`,
      [by.person, name, given.endpoint, given.p256dh, given.auth, now],
    )
    const { id = 0, fresh = false } = rows[0] ?? {}
    if (!fresh) return id
    // Whoever subscribes wants something: from high on, unless something was chosen before.
    await tx.query(
      `insert into channel_choices (person_id, channel, least, changed_at) values ($1, 'push', 3, to_timestamp($2 / 1000.0)) on conflict do nothing`,
      [by.person, now],
    )
    await note(tx, 'channels.add-device', name, by, now)
    return id
  })
}

function mistakeIn(
  { endpoint, p256dh, auth }: Omit<NewDevice, 'name'>,
  hosts: readonly string[],
): string | null {
  if (hosts.length === 0) return 'Push is switched off here'
  if (judgeEndpoint(endpoint, hosts) === null) return 'The push service of this browser is not allowed here'
  const point = Buffer.from(p256dh, 'base64url')
  if (point.length !== 65 || point[0] !== 4 || Buffer.from(auth, 'base64url').length !== 16)
    return 'The browser did not say what is needed'
  return null
}

/**
 * What a browser says of itself at a visit: it is there, and where it takes messages by now. `NotFound` where the device that it
 * was is no longer its person's.
 */
export function revisit(
  { db, settings }: Context,
  given: Omit<NewDevice, 'name'> & { was: string },
  by: Actor,
  now: number,
): Promise<void> {
  const wrong = mistakeIn(given, settings.pushHosts ?? [])
  if (wrong) return Promise.reject(new Invalid(wrong))
  return asActor(db, by, now, async (tx) => {
    const { rowCount } = await tx
      .query(
        `update push_devices set endpoint = $2, p256dh = $3, auth = $4, seen_at = to_timestamp($5 / 1000.0), gone_at = null where endpoint = $1`,
        [given.was, given.endpoint, given.p256dh, given.auth, now],
      )
      .catch((error: unknown) => {
        if ((error as { code?: string }).code === '23505')
          throw new WrongState('This browser is known already')
        throw error
      })
    if (!rowCount) throw new NotFound('There is no such device')
  })
}

/** Devices of which nothing was heard for a quarter of a year after their service let go of them. */
export async function forgetDevices(tx: Queryable, now: number): Promise<void> {
  await tx.query(`delete from push_devices where gone_at < to_timestamp($1 / 1000.0) - interval '90 days'`, [
    now,
  ])
}

export async function ownDevices(tx: Queryable): Promise<OwnDevice[]> {
  const { rows } = await tx.query<OwnDevice & Record<string, unknown>>(
    `select p.id, p.name, (extract(epoch from p.added_at) * 1000)::float8 as "addedAt", (extract(epoch from p.seen_at) * 1000)::float8 as "seenAt",
       (extract(epoch from p.told_at) * 1000)::float8 as "toldAt", p.gone_at is not null as gone, l.state as last, (extract(epoch from l.decided_at) * 1000)::float8 as "lastAt"
     from push_devices p left join lateral (select d.state, d.decided_at from deliveries d
       where d.channel = 'push' and d.address = 'push:' || p.id order by d.decided_at desc, d.id desc limit 1) l on true
     where p.person_id = actor_person() order by p.added_at, p.id`,
  )
  return rows
}

/** `NotFound` for another's device. */
export function renameDevice(
  { db }: Context,
  id: number,
  given: string,
  by: Actor,
  now: number,
): Promise<void> {
  return asActor(db, by, now, async (tx) => {
    const name = given.normalize('NFC').trim()
    if (name === '' || name.length > longestName || /\p{Cc}/u.test(name))
      throw new Invalid('Give the device a name of at most 60 characters')
    const { rowCount } = await tx.query('update push_devices set name = $2 where id = $1', [id, name])
    if (!rowCount) throw new NotFound('There is no such device')
  })
}

export function removeDevice({ db }: Context, id: number, by: Actor, now: number): Promise<void> {
  return asActor(db, by, now, async (tx) => {
    const { rows } = await tx.query<{ name: string }>(
      'delete from push_devices where id = $1 returning name',
      [id],
    )
    if (!rows[0]) throw new NotFound('There is no such device')
    await note(tx, 'channels.remove-device', rows[0].name, by, now)
  })
}

/** Queues a message that says it is a trial. */
export async function tryDevice(context: Context, id: number, by: Actor, now: number): Promise<void> {
  const { rowCount } = await asActor(context.db, by, now, (tx) =>
    tx.query('select 1 from push_devices where id = $1', [id]),
  )
  if (!rowCount) throw new NotFound('There is no such device')
  await asEngine(context.db, async (tx) => {
    await tx.query(
      `insert into deliveries (channel, kind, topic, person_id, address, detail, decided_at, due_at, readers)
       values ('push', 'account', $1, $2, $3, '{"as": "member", "template": "push-test"}', to_timestamp($4 / 1000.0), to_timestamp($4 / 1000.0), $5)
       on conflict (topic, address) do nothing`,
      [`push trial ${now}`, by.person, `push:${id}`, now, [COORDINATORS, personScope(by.person)]],
    )
  })
}

const note = (tx: Tx, verb: string, name: string, by: Actor, now: number): Promise<void> =>
  record(tx, {
    at: now,
    actor: by,
    verb,
    object: `person ${by.person}`,
    detail: { name },
    readers: [COORDINATORS, personScope(by.person)],
  })

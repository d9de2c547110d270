/** Codes in text messages: four signs by which a reply says which message of which person and organisation it answers. */
import { randomInt } from 'node:crypto'
import type { Actor } from '../../../platform/access.ts'
import type { Queryable, Tx } from '../../../platform/database.ts'
import { readerOf } from '../recipients.ts'
import type { Reply } from './incoming.ts'

/** Crockford's base 32: no I, L, O, U. */
const signs = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const length = 4
const tries = 10
/** How long an answer to a message counts. */
const goodMs = 30 * 86_400_000

/** The code of a delivery, the same at every try; null when all that were drawn are taken at its number. */
export async function codeFor(db: Queryable, delivery: number): Promise<string | null> {
  for (let n = 0; n < tries; n++) {
    const drawn = Array.from({ length }, () => signs[randomInt(signs.length)]).join('')
    const { rows } = await db.query<{ code: string | null }>(
      `update deliveries d set code = coalesce(d.code, $2)
       where d.id = $1 and (d.code is not null or not exists (select 1 from deliveries x where x.address = d.address and x.code = $2)) returning code`,
      [delivery, drawn],
    )
    if (rows[0]?.code) return rows[0].code
  }
  return null
}

export interface Said {
  /** A letter answers a warning, a digit a roll-call. */
  sign: string
  code: string
  /** What stands behind them. */
  rest: string
}

/** `V 7F3K`, `v7f3k`, `1-7f3k thanks`; null for anything else. */
export function readReply(text: string): Said | null {
  const found = /^\s*([A-Za-z0-9])[\s:.,-]*([A-Za-z0-9]{4})(?![A-Za-z0-9])[\s.,!-]*([\s\S]*)$/.exec(text)
  if (!found) return null
  const [, sign = '', code = '', rest = ''] = found
  return {
    sign: sign.toUpperCase(),
    code: code.toUpperCase().replace(/O/g, '0').replace(/[IL]/g, '1'),
    rest: rest.trim().slice(0, 500),
  }
}

/** What a reply answers, as whom; `not` says why a reply with a code answers nothing. Null: it has no code at all. */
export interface Coded extends Said {
  delivery: number
  warning: number | null
  written: number | null
  org: number
  actor: Actor
}

/** Finds the message by the sender's number and the code together; either alone proves nothing. */
export async function codedReply(
  tx: Tx,
  { from, text }: Reply,
  now: number,
): Promise<Coded | { not: string } | null> {
  const said = readReply(text)
  if (!said) return null
  const { rows } = await tx.query<Found & Record<string, unknown>>(
    `select d.id, d.person_id as person, d.org_id as org, d.warning_id as warning, d.written_id as written,
       (extract(epoch from d.claimed_at) * 1000)::float8 as at, exists (select 1 from contact_points p where p.channel = 'sms' and p.value = d.address
         and p.person_id = d.person_id and p.ended_at is null and p.verified_at is not null) as theirs
     from deliveries d where d.channel = 'sms' and d.address = $1 and d.code = $2`,
    [from, said.code],
  )
  const [found] = rows
  if (!found) return { not: 'no-such-code' }
  // A number that was given up or went to somebody else answers for nobody.
  if (!found.theirs) return { not: 'not-theirs' }
  if (found.at < now - goodMs) return { not: 'too-old' }
  const { person, org, warning, written } = found
  const reader = await readerOf(tx, { person, org, as: 'member' }, now)
  if (!reader || reader.roles.length === 0) return { not: 'left' }
  return { ...said, delivery: found.id, warning, written, org, actor: reader.actor }
}

interface Found {
  id: number
  person: number
  org: number
  warning: number | null
  written: number | null
  at: number
  theirs: boolean
}

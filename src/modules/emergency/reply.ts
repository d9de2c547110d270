/** A reply by text message: a digit and the code of the message, in either case and with or without blanks (mail.md 11). */
import type { Actor, Engagement } from '../../platform/access.ts'
import type { Tx } from '../../platform/database.ts'
import { Forbidden, Invalid, WrongState } from '../../platform/errors.ts'
import type { Understand } from '../channels/index.ts'
import { answer } from './answer.ts'
import { log } from './log.ts'

export interface Read {
  answer: string
  code: string
  note: string
}

/** `1 7f3k`, `17F3K`, `1-7F3K jsme v poradku`; null for what is none. Of look-alikes the sign of the alphabet is meant. */
export function readReply(text: string): Read | null {
  const found = /^\W*([1-9])\W*((?:[0-9a-z]\W*){3}[0-9a-z])(?![0-9a-z])(.*)$/is.exec(text)
  if (!found?.[1] || !found[2]) return null
  const code = found[2]
    .replace(/[^0-9a-z]/gi, '')
    .toUpperCase()
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
  return { answer: found[1], code, note: (found[3] ?? '').trim().slice(0, 500) }
}

interface Open {
  broadcast: number
  org: number
  person: number | null
  address: string
}

/** Of the calls that run: whose code it is; a code from another number is for a coordinator to look at. */
export const understandReply: Understand = async (tx, reply, now) => {
  const read = readReply(reply.text)
  if (!read) return null
  const { rows } = await tx.query<Open & Record<string, unknown>>(
    `select distinct a.broadcast_id as broadcast, a.org_id as org, a.person_id as person, a.address
     from rollcall_attempts a join broadcasts b on b.id = a.broadcast_id
     where a.code = $1 and a.channel = 'sms' and b.state in ('approved', 'sending', 'open') order by a.broadcast_id desc`,
    [read.code],
  )
  const own = rows.find((one) => one.address === reply.from)
  const actor = own?.person ? await actorAt(tx, own.person, own.org, now) : null
  if (own && actor && (await take(tx, own, read, actor, now))) return `rollcall ${own.broadcast}`
  const [about] = own ? [own] : rows
  if (about)
    await log(
      tx,
      {
        broadcast: about.broadcast,
        what: 'stray',
        org: about.org,
        detail: { from: reply.from, text: reply.text.slice(0, 300), answer: read.answer },
      },
      now,
    )
  return null
}

/** False where the call has no such answer, a word that has to be explained elsewhere, or the person answers no more there. */
async function take(
  tx: Tx,
  { broadcast, org }: Open,
  read: Read,
  actor: Actor,
  now: number,
): Promise<boolean> {
  try {
    await answer(tx, broadcast, { org, code: read.answer, note: read.note, via: 'sms' }, actor, now)
    return true
  } catch (error) {
    if ([Forbidden, Invalid, WrongState].some((kind) => error instanceof kind)) return false
    throw error
  }
}

/** The person with the roles of this moment at the organisation; null for who has left. */
async function actorAt(tx: Tx, person: number, org: number, now: number): Promise<Actor | null> {
  const { rows } = await tx.query<{
    name: string
    email: string
    language: 'cs' | 'en'
    engagements: Engagement[]
  }>(
    `select p.name, p.email, p.language, coalesce((select jsonb_agg(jsonb_build_object('org', r.org_id, 'orgName', r.org_name, 'role', r.role))
       from roles_of_person(p.id, to_timestamp($3 / 1000.0)) r where r.org_id = $2), '[]') as engagements
     from people p where p.id = $1 and p.disabled_at is null`,
    [person, org, now],
  )
  const found = rows[0]
  return found && found.engagements.length > 0 ? { person, ...found } : null
}

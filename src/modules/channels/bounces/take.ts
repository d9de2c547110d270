/** The door for mails that come back: what their return path names is noted on that message; a made-up one changes nothing. */
import type { Database, Tx } from '../../../platform/database.ts'
import { asEngine } from '../../../platform/database.ts'
import { dayOf } from '../../../platform/dates.ts'
import { type Bounce, type BounceKind, readBounce } from './dsn.ts'
import { iso, weigh } from './standing.ts'
import { keyIn } from './verp.ts'

/** `unknown`: not our return path. `again`: this message came back before. `storm`: noted, but not held against the address. */
export type Taken = BounceKind | 'unknown' | 'again' | 'storm'

/** Larger ones are refused at the door. */
export const mostReturnedBytes = 2_000_000

interface Message {
  id: number
  address: string
  state: string
  bounced: boolean
}

/**
 * Takes one returned mail that came to the addresses `to`; `base` is the address for returns. Answers what it was. Whatever it
 * says itself about whom it concerns is not looked at.
 */
export async function takeReturn(
  db: Database,
  base: string,
  { to, raw }: { to: string[]; raw: Buffer },
  now: number,
): Promise<Taken> {
  const keys = to.map((address) => keyIn(address, base)).filter((key) => key !== null)
  const bounce = keys.length > 0 ? await readBounce(raw) : null
  return asEngine(db, async (tx) => {
    const message = bounce && (await messageOf(tx, keys))
    const taken = bounce && message ? await note(tx, message, bounce, now) : 'unknown'
    await tx.query(
      `insert into mail_returns (on_day, kind, n) values ($1, $2, 1) on conflict (on_day, kind) do update set n = mail_returns.n + 1`,
      [dayOf(now), taken],
    )
    return taken
  })
}

async function messageOf(tx: Tx, keys: string[]): Promise<Message | null> {
  const { rows } = await tx.query<Message & Record<string, unknown>>(
    `select id, address, state, bounced_at is not null as bounced from deliveries where bounce_key = any ($1)
     order by id limit 1 for update`,
    [keys],
  )
  return rows[0] ?? null
}

async function note(tx: Tx, message: Message, bounce: Bounce, now: number): Promise<Taken> {
  // Whoever was erased meanwhile is not named anew by what another server says.
  const isErased = message.address.endsWith('@erased.invalid')
  const said = isErased ? null : bounce.said
  switch (bounce.kind) {
    case 'hard':
    case 'soft':
    case 'policy':
      break
    case 'delivered':
      await tx.query(
        `update deliveries set state = 'delivered', reply = coalesce($2, reply) where id = $1 and state = 'sent'`,
        [message.id, said],
      )
      return 'delivered'
    case 'delayed':
    case 'complaint':
      await tx.query(
        `update deliveries set reason = $2, reply = coalesce($3, reply) where id = $1 and state = 'sent'`,
        [message.id, bounce.kind, said],
      )
      return bounce.kind
    default:
      return bounce.kind
  }
  if (message.bounced || !['sending', 'sent', 'delivered'].includes(message.state)) return 'again'
  await tx.query(
    `update deliveries set state = 'bounced', bounced_at = $2, reason = $3, reply = $4,
       sent_at = coalesce(sent_at, $2) where id = $1`,
    [message.id, iso(now), `bounce-${bounce.kind}`, said],
  )
  if (bounce.kind === 'policy' || isErased) return bounce.kind
  const weighed = await weigh(
    tx,
    { delivery: message.id, address: message.address, kind: bounce.kind, said: bounce.said },
    now,
  )
  return weighed === 'storm' ? 'storm' : bounce.kind
}

const addresses = /[^\s<>,;:"()]+@[^\s<>,;:"()]+/g
const recipientFields = /^(?:delivered-to|x-original-to|envelope-to|x-envelope-to|to):(.*)$/gim
const mostHeader = 65_536

/** The addresses to which a mail came, from the fields that servers write of them. For a mail that comes without its envelope. */
export function recipientsIn(raw: Buffer): string[] {
  const text = raw.subarray(0, mostHeader).toString('latin1').replace(/\r\n?/g, '\n')
  const end = text.indexOf('\n\n')
  const header = (end < 0 ? text : text.slice(0, end)).replace(/\n[ \t]+/g, ' ')
  return [...header.matchAll(recipientFields)].flatMap(([, value = '']) => value.match(addresses) ?? [])
}

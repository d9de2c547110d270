/**
 * Links in mails by which somebody acts without signing in: looking (GET) changes nothing, the form behind it (POST) acts as the
 * owner. Each is bound to one delivery and its person; its table keeps the hash of the token and says how long it holds.
 */
import { createHash, createHmac } from 'node:crypto'
import type { Actor, Engagement } from './access.ts'
import type { Context } from './context.ts'
import { named } from './database.ts'
import { NotFound } from './errors.ts'

export interface Bound {
  delivery: number
  person: number
}

/** What every such function of the database answers; `More` is what the link is about. */
type Row<More> = More & {
  revoked: boolean
  over: boolean
  person_id: number
  email: string
  name: string
  language: 'cs' | 'en'
  engagements: Engagement[]
}

export interface Owned<More> {
  about: More
  /** False: revoked, or past its time. */
  alive: boolean
  /** The owner, with its roles at the organisation concerned and no others. */
  actor: Actor
}

export interface MailLinks<More> {
  /** 128 bits; made of the same things at every try of a mail, so that a copy sent twice holds the same link. */
  tokenOf(context: Context, to: Bound): string
  /** Reads a link and changes nothing. `NotFound` for a token that is not ours, or whose owner has gone. */
  read(context: Context, token: string, now: number): Promise<Owned<More>>
  /** Makes a link useless; doing it again changes nothing. */
  revoke(context: Context, token: string, now: number): Promise<void>
}

/** What stands in the table in place of the token. */
export const linkHash = (token: string): Buffer => createHash('sha256').update(token).digest()

/** `purpose` goes into the token, so that no link serves for another sort; `reads` names the functions, `X` and `revoke_X`. */
export function mailLinks<More extends object>(purpose: string, reads: string): MailLinks<More> {
  return {
    tokenOf: ({ settings }, { delivery, person }) =>
      createHmac('sha256', settings.secret)
        .update(`${purpose} ${delivery} ${person}`)
        .digest()
        .subarray(0, 16)
        .toString('base64url'),

    async read({ db }, token, now) {
      const { rows } = await db.app
        .query<Row<More> & Record<string, unknown>>(`select * from ${reads}($1, to_timestamp($2 / 1000.0))`, [
          linkHash(token),
          now,
        ])
        .catch((error: unknown) => Promise.reject(named(error)))
      const row = rows[0]
      if (!row || row.engagements.length === 0) throw new NotFound('This link is not one of ours')
      const { person_id: person, name, email, language, engagements } = row
      return {
        about: row,
        alive: !row.revoked && !row.over,
        actor: { person, name, email, language, engagements },
      }
    },

    async revoke({ db }, token, now) {
      await db.app.query(`select revoke_${reads}($1, to_timestamp($2 / 1000.0))`, [linkHash(token), now])
    },
  }
}

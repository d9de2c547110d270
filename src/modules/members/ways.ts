/**
 * Ways to prove who one is: each a `Way` with its own kind of proof, judged, slowed down and recorded by the same
 * sign-in (sign-in.ts). Passkeys stand in passkeys.ts, codes in second-factor.ts.
 */
import type { Role } from '../../platform/access.ts'
import { kept, type Queryable, together } from '../../platform/database.ts'
import { isPassword } from '../../platform/passwords.ts'
import { hashToken } from '../../platform/sessions.ts'
import type { Proof } from '../../platform/strength.ts'

/** Where and with what somebody comes. */
export interface From {
  address: string
  agent: string
  /** What the browser is known by when it comes again. */
  device: string
}

/** What decides how far a session of a person reaches, besides what was proved. */
export interface Standing {
  hasSecond: boolean
  roles: Role[]
  /** The same browser signed the same person in within the last day: nobody needs to note it once more. */
  wellKnown: boolean
}

/** Why a proof was refused: for the trail only, never for the one who tried. */
export type Doubt =
  | ('unknown' | 'password' | 'code' | 'passkey' | 'disabled' | 'no-role')
  /** Of a provider: its answer does not hold, came twice, or names whom we do not know, or may not know by it. */
  | ('provider' | 'used' | 'unlinked' | 'other-subject' | 'beyond' | 'groups')
export type Proved =
  | { ok: true; person: number; by: Proof; standing?: Standing }
  | { ok: false; person: number | null; doubt: Doubt }

export interface Way<Given> {
  name: string
  /** Under which account guesses are counted, whether there is such an account or not. */
  accountOf(given: Given): string
  /**
   * Reads what is known of the account, while the tries before are being counted, and answers how to judge the proof by it
   * if one more may be made. Both cost the same whether or not there is such an account.
   */
  look(db: Queryable, given: Given & From, now: number): Promise<() => Promise<Proved>>
}

interface Known {
  id: number
  password_hash: string | null
  disabled: boolean
  engaged: boolean
}

export const byPassword: Way<{ email: string; password: string }> = {
  name: 'password',
  accountOf: ({ email }) => email.trim(),
  async look(db, { email, password, device }, now) {
    const known = await accountOf(db, email.trim(), now)
    return async () => {
      // The same question is asked beside the check where there is no such account.
      const { fits, standing } = await together({
        fits: isPassword(known?.password_hash ?? null, password),
        standing: standingOf(db, known?.id ?? null, device, now),
      })
      if (!known) return { ok: false, person: null, doubt: 'unknown' }
      if (!fits) return { ok: false, person: known.id, doubt: 'password' }
      return { ...admitted(known, 'password'), standing }
    }
  },
}

/** Sessions look it up again with every request: what it says at sign-in decides where that leads to. */
export async function standingOf(
  db: Queryable,
  person: number | null,
  device: string,
  now: number,
): Promise<Standing> {
  const { rows } = await db.query<{ has_second: boolean; roles: Role[]; well_known: boolean }>(
    kept(`select exists (select 1 from totp where person_id = $1 and confirmed_at is not null)
         or exists (select 1 from passkeys where person_id = $1) as has_second,
       array(select role from engagements where person_id = $1 and valid_from <= $2 and valid_to > $2) as roles,
       exists (select 1 from devices where person_id = $1 and token_hash = $3
         and seen_at > $2::timestamptz - interval '1 day') as well_known`),
    [person, new Date(now).toISOString(), hashToken(device)],
  )
  const { has_second: hasSecond = false, roles = [], well_known: wellKnown = false } = rows[0] ?? {}
  return { hasSecond, roles, wellKnown }
}

/** What was proved counts only for people who still have a role here. */
export function admitted(known: Pick<Known, 'id' | 'disabled' | 'engaged'>, by: Proof): Proved {
  if (known.disabled) return { ok: false, person: known.id, doubt: 'disabled' }
  if (!known.engaged) return { ok: false, person: known.id, doubt: 'no-role' }
  return { ok: true, person: known.id, by }
}

/** Columns of `people p` that `admitted` judges by; `$2` is the time. */
export const admission = `p.id, p.disabled_at is not null as disabled,
  exists (select 1 from engagements e left join organisations o on o.id = e.org_id
    where e.person_id = p.id and e.valid_from <= $2 and e.valid_to > $2 and coalesce(o.status, '') <> 'left') as engaged`

async function accountOf(db: Queryable, email: string, now: number): Promise<Known | undefined> {
  // PostgreSQL refuses NUL in text; no address holds one.
  const { rows } = await db.query<Known>(
    kept(`select ${admission}, p.password_hash from people p where lower(p.email) = lower($1)`),
    [email.replaceAll('\0', '').slice(0, 300), new Date(now).toISOString()],
  )
  return rows[0]
}

/** What the terminal says about the second factor of those whose role asks for one. */
import { readState } from '../demo/state.ts'
import type { Config } from '../platform/config.ts'
import { strongRoles } from '../platform/strength.ts'
import type { Installation, Terminal } from './terminal.ts'

/** A demonstration lets people in by the printed password, whatever the command beside it was told. */
export const asksForSecond = ({ secondFactor, dataDir }: Config): boolean =>
  secondFactor === 'required' && readState(dataDir) === null

/** People in force whose role asks for a second factor and who have none yet. */
async function withoutSecond({ db }: Installation): Promise<number> {
  const { rows } = await db.engine.query<{ n: number }>(
    `select count(*)::int as n from people p where p.disabled_at is null
       and exists (select 1 from engagements e where e.person_id = p.id and e.valid_to = 'infinity' and e.role = any ($1))
       and not exists (select 1 from totp t where t.person_id = p.id and t.confirmed_at is not null)
       and not exists (select 1 from passkeys k where k.person_id = p.id)`,
    [strongRoles],
  )
  return rows[0]?.n ?? 0
}

/** Said at start: that a password is enough here, or how many are led to set up a second factor when they sign in. */
export async function saySecondFactor(open: Installation, { err, t }: Terminal): Promise<void> {
  if (open.config.secondFactor === 'off') return err(t('strength.off'))
  const n = await withoutSecond(open)
  if (n > 0) err(t('strength.left', { n }))
}

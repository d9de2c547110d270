/** A warning made of an advisory bears no wider label than the advisory does now (sharing.md 3). */
import type { Tx } from '../../../platform/database.ts'
import { Invalid } from '../../../platform/errors.ts'
import { isNarrowOr } from '../../../values/audience.ts'
import type { Tlp } from '../../../values/tlp.ts'
import type { AdvisoryLink } from './types.ts'

/** Throws Invalid with the code `advisory`. */
export async function refuseWiderThanAdvisory(
  tx: Tx,
  advisory: AdvisoryLink | null,
  tlp: Tlp,
): Promise<void> {
  if (advisory === null) return
  const { rows } = await tx.query<{ tlp: Tlp }>('select tlp from advisories where id = $1', [advisory.id])
  if (rows[0] && !isNarrowOr(tlp, rows[0].tlp))
    throw new Invalid('A warning may not be wider than its advisory', { tlp: 'advisory' })
}

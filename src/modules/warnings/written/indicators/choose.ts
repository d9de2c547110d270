/** The author's choice: which of the indicators in a draft are meant for machines. */
import { type Actor, asActor } from '../../../../platform/access.ts'
import type { Database } from '../../../../platform/database.ts'
import { Invalid, refuseChanged } from '../../../../platform/errors.ts'
import { type Indicator, indicatorOf } from '../../../../values/indicators.ts'
import { must, note, workingFor } from '../edit.ts'
import { readersOf } from '../read.ts'
import { choiceRevision } from '../seen.ts'
import { keyOf, mostFound } from './find.ts'
import { askLists, type Grounds, judge } from './judge.ts'
import { indicatorsOf } from './keep.ts'

/**
 * Keeps exactly these for the draft; whoever chooses counts as its last editor. `Invalid` names `indicators`: `form` for what is none,
 * `refused` for what must not be taken, `many`; `Changed` when another choice was kept since `seen`.
 */
export async function choose(
  db: Database,
  id: number,
  by: Actor,
  wanted: string[],
  grounds: Grounds,
  now: number,
  seen?: string,
): Promise<number> {
  must(by)
  if (wanted.length > mostFound) throw new Invalid('Too many indicators', { indicators: 'many' })
  const chosen = new Map<string, Indicator>()
  for (const text of wanted) {
    const one = indicatorOf(text)
    if (!one) throw new Invalid('This is no indicator', { indicators: 'form' })
    chosen.set(keyOf(one), one)
  }
  const found = [...chosen.values()].map((one) => ({ ...one, places: [], fault: null }))
  const lists = await askLists(grounds, found)
  return asActor(db, by, now, async (tx) => {
    const { working } = await workingFor(tx, id, ['draft'])
    refuseChanged(seen, choiceRevision(working, await indicatorsOf(tx, id, working.no)))
    const judged = await judge(tx, found, grounds, lists, now)
    if (judged.some((one) => one.refusal !== null))
      throw new Invalid('Some of them must not be taken', { indicators: 'refused' })
    await tx.query('delete from written_indicators where warning_id = $1 and version = $2', [id, working.no])
    await tx.query(
      `insert into written_indicators (warning_id, version, kind, value, tlp, readers, proposed_by, proposed_at)
       select v.warning_id, v.no, u.kind, u.value, v.tlp, v.readers, $3, to_timestamp($4 / 1000.0)
       from written_versions v, unnest($5::text[], $6::text[]) as u (kind, value) where v.warning_id = $1 and v.no = $2`,
      [id, working.no, by.person, now, found.map((one) => one.kind), found.map((one) => one.value)],
    )
    await tx.query(
      `update written_versions set editor_id = $2, changed_at = to_timestamp($3 / 1000.0) where id = $1`,
      [working.id, by.person, now],
    )
    await note(
      tx,
      by,
      'chooseIndicators',
      id,
      await readersOf(tx, id),
      { version: working.no, indicators: found.length },
      now,
    )
    return found.length
  })
}

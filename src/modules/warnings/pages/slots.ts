/** What warnings add to the events' pages: their part of the search, and the warnings beside episodes and sources. */
import type { Queryable } from '../../../platform/database.ts'
import type { T } from '../../../platform/i18n.ts'
import type { Hit, Slots } from '../../events/pages.ts'
import { listWarnings } from '../queries.ts'
import type { WarningRow } from '../types.ts'
import { listWritten } from '../written/read.ts'
import { saidIn } from '../written/words.ts'
import { orgWords, standingWords, titleOf } from './words.ts'

const besideEpisodes = 20

export const warningSlots: Slots = {
  search: [
    {
      title: (t) => t('warnings.list.title'),
      find: async (tx, q, t, limit) =>
        (await listWarnings(tx, { text: q }, null, limit)).map((row) => hitOf(row, t)),
    },
    {
      title: (t) => t('written.list.title'),
      find: async (tx, q, t, limit) =>
        (await listWritten(tx, { text: q }, null, limit)).map((row) => ({
          href: `/warnings/written/${row.id}${row.version > 0 ? '' : '/edit'}`,
          title: saidIn(row.shown, t.lang).title || t('written.untitled'),
          meta: [row.number, `TLP:${row.shown.tlp}`, t(`written.state.${row.state}`)]
            .filter(Boolean)
            .join(' · '),
        })),
    },
  ],
  episodeWarnings,
}

type Shown = Pick<WarningRow, 'id' | 'number' | 'orgName' | 'orgNow' | 'title' | 'state' | 'answer'>

/** The newest warnings that hold any of the episodes, as the actor of the transaction. */
async function episodeWarnings(tx: Queryable, episodes: number[], t: T): Promise<Hit[]> {
  const { rows } = await tx.query<Shown & Record<string, unknown>>(
    `select w.id, w.number, w.org_id as org, o.name as "orgName", (select h.name from organisations h where h.id = o.present_id) as "orgNow", w.title, w.state, w.answer
     from warnings w left join organisations o on o.id = w.org_id
     where w.id in (select warning_id from warning_episodes where episode_id = any ($1))
     order by w.opened_at desc, w.id desc limit $2`,
    [episodes, besideEpisodes],
  )
  return rows.map((row) => hitOf(row, t))
}

const hitOf = (row: Shown, t: T): Hit => ({
  href: `/warnings/${row.id}`,
  title: titleOf(row.title, t.lang),
  // One campaign gives a warning to each organisation it met, all of one title.
  meta: `${row.number} · ${orgWords(row, t)} · ${standingWords(row, t)}`,
})

/** What matches add to the page of an advisory: for members their own items, for coordinators how many are concerned. */
import { isCoordinator, organisationsRead } from '../../../platform/access.ts'
import type { Queryable } from '../../../platform/database.ts'
import { Facts, Notice } from '../../../ui/index.ts'
import type { AdvisorySlots } from '../../advisories/pages.ts'
import { WarningOfAdvisory, warningsOf } from '../../warnings/pages.ts'
import type { MatchLine } from '../read.ts'
import { bandAt, heldNow } from '../sector.ts'
import { concernsWords } from '../words.ts'
import { HeldNames } from './held.tsx'

type Own = Pick<MatchLine, 'id' | 'orgName' | 'pieces' | 'departments'>

async function ownOf(tx: Queryable, advisory: number): Promise<Own[]> {
  const { rows } = await tx.query<Own & Record<string, unknown>>(
    `select i.id, o.name as "orgName", i.pieces, i.departments from match_items i join organisations o on o.id = i.org_id
     where i.advisory_id = $1 and i.closed_at is null order by o.name`,
    [advisory],
  )
  return rows
}

export const advisorySlots: AdvisorySlots = {
  beside: async (tx, reader, { line }, frame) => {
    const { t } = frame
    const own = organisationsRead(reader).length > 0 ? await ownOf(tx, line.id) : []
    const coordinates = isCoordinator(reader)
    const band = coordinates ? await bandAt(tx, line.id) : null
    const held = coordinates ? await heldNow(tx, line.id) : []
    return (
      <>
        {own.map((one) => (
          <Notice
            key={one.id}
            kind="careful"
            title={own.length > 1 ? `${one.orgName}: ${concernsWords(t, one)}` : concernsWords(t, one)}
            actions={<a href={`/matches/${one.id}`}>{t('matches.why')}</a>}
          />
        ))}
        {coordinates && (
          <Facts
            facts={[
              {
                label: t('matches.band'),
                value: band === null ? t('matches.band.less') : t('matches.band.said', { band }),
                note: t('matches.band.what'),
              },
            ]}
          />
        )}
        <HeldNames frame={frame} held={held} />
        {coordinates && (
          <WarningOfAdvisory frame={frame} advisory={line.id} made={await warningsOf(tx, line.id)} />
        )}
      </>
    )
  },
}

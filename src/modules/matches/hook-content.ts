/** What a webhook is told of a match: what a mail would say in its subject, under the same label, read as its organisation. */
import { asActor } from '../../platform/access.ts'
import { NotFound } from '../../platform/errors.ts'
import type { HookContent, TellHook } from '../channels/index.ts'
import { hookContent as ofWarnings } from '../warnings/index.ts'
import { type MatchLine, matchAt } from './read.ts'

type Args = Parameters<TellHook>

/** For every webhook: of warnings what warnings say. */
export const hookContent: TellHook = (...args) =>
  args[1].match === null ? ofWarnings(...args) : ofMatch(...args, args[1].match)

const severities = ['info', 'low', 'medium', 'high', 'critical'] as const

/** Null: it fell away meanwhile or, of one that is gone, it concerns them again or was never told here. */
async function ofMatch(
  ...[context, delivery, reader, now, match]: [...Args, number]
): Promise<HookContent | null> {
  const item = await asActor(context.db, reader.actor, now, (tx) => matchAt(tx, match)).catch(
    (error: unknown) => {
      if (error instanceof NotFound) return null
      throw error
    },
  )
  const lives = item !== null && item.closedWhy === null
  const isGone = delivery.kind === 'revoked'
  if (isGone ? lives || !(await wasTold(context, delivery.address, match)) : !lives) return null
  return {
    event: isGone ? 'match.gone' : delivery.kind === 'update' ? 'match.updated' : 'match.new',
    exercise: false,
    ...saidOf(item),
    url: `${context.settings.baseUrl}/matches/${match}`,
    answer: null,
  }
}

/** An item is the organisation's own and bears TLP:AMBER; of an advisory that it may not read any more nothing is said. */
const saidOf = (
  item: MatchLine | null,
): Pick<HookContent, 'number' | 'version' | 'tlp' | 'severity' | 'title'> => ({
  number: item?.trackingId ?? '',
  version: item?.seq ?? null,
  tlp: 'AMBER',
  severity: severities[item?.severity ?? 0] ?? 'info',
  title: item?.title ?? null,
})

async function wasTold({ db }: Args[0], address: string, match: number): Promise<boolean> {
  const { rowCount } = await db.engine.query(
    `select 1 from deliveries where match_id = $1 and address = $2 and kind <> 'revoked' and state in ('sending', 'sent') limit 1`,
    [match, address],
  )
  return rowCount !== 0
}

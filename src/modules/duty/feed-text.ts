/** What a feed says: one duty with who serves and where nobody does, or all shifts of one person. */
import { createHash } from 'node:crypto'
import { type Actor, asReader } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { translator } from '../../platform/i18n.ts'
import { type CalendarEntry, calendarOf, rangeAt, shiftsShown } from './calendar-file.ts'
import { feedOf } from './feeds.ts'
import { mayKeep } from './may.ts'
import { type Duty, dutiesNaming, dutyAt } from './read.ts'

interface Telling {
  context: Context
  actor: Actor
  now: number
}

/** The text for a token, and what it is known by (RFC 9110 8.8.3). Throws NotFound. */
export async function feedText(
  context: Context,
  token: string,
  now: number,
): Promise<{ text: string; etag: string }> {
  const { actor, duty } = await feedOf(context, token, now)
  const telling = { context, actor, now }
  const t = translator(actor.language)
  const found = await asReader(context.db, actor, now, (tx) => duties(tx, duty, now))
  const entries = duty === null ? found.flatMap((one) => ownEntries(telling, one)) : entriesOf(telling, found)
  const text = await calendarOf(
    {
      name: duty === null ? t('duty.feed.own') : (found[0]?.name ?? ''),
      lang: actor.language,
      stamp: rangeAt(now, context.settings.zone).stamp,
    },
    entries.sort((a, b) => a.from - b.from || a.id.localeCompare(b.id)),
  )
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url')}"` }
}

async function duties(tx: Tx, duty: number | null, now: number): Promise<Duty[]> {
  if (duty !== null) return [await dutyAt(tx, duty, now)]
  const found: Duty[] = []
  for (const id of await dutiesNaming(tx)) found.push(await dutyAt(tx, id, now))
  return found
}

const idOf = ({ context }: Telling, duty: Duty, from: number, of: string): string =>
  `duty-${duty.id}-${of}-${from}@${new URL(context.settings.baseUrl).host}`

const pageOf = ({ context }: Telling, duty: Duty): string => `${context.settings.baseUrl}/duty/${duty.id}`

function ownEntries(telling: Telling, duty: Duty): CalendarEntry[] {
  const { context, actor, now } = telling
  const t = translator(actor.language)
  return shiftsShown(duty, context.settings.zone, now, actor.person).map(({ from, to }) => ({
    id: idOf(telling, duty, from, 'own'),
    from,
    to,
    title: t('duty.feed.shift', { duty: duty.name, of: duty.orgName ?? t('duty.coordinators') }),
    url: pageOf(telling, duty),
  }))
}

/** Gaps are told to those who can fill them. */
function entriesOf(telling: Telling, [duty]: Duty[]): CalendarEntry[] {
  const { context, actor, now } = telling
  if (!duty) return []
  const t = translator(actor.language)
  const keeps = mayKeep(actor, duty.org)
  return shiftsShown(duty, context.settings.zone, now).flatMap(({ from, to, people }) => {
    if (people.length === 0 && !keeps) return []
    const names = people.map((id) => duty.people.get(id)?.name ?? '').join(', ')
    const title = people.length === 0 ? t('duty.feed.gap', { duty: duty.name }) : `${duty.name}: ${names}`
    const of = people.length === 0 ? 'gap' : people.join('-')
    return [{ id: idOf(telling, duty, from, of), from, to, title, url: pageOf(telling, duty) }]
  })
}

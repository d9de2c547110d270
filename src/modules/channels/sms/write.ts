/** What a short message says: the number of what waits and where to look. Nothing above TLP:CLEAR, no names, no link. */
import { asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { translator } from '../../../platform/i18n.ts'
import { unseal } from '../../../platform/seal.ts'
import { type As, readerOf } from '../recipients.ts'
import type { Claimed } from '../ways/run.ts'
import type { Way } from '../ways/way.ts'
import { plain } from './text.ts'

/** Written with the rights of this moment; `dropped` where the reader has gone, or may not read it any more. */
export async function writeShort(
  context: Context,
  _way: Way,
  delivery: Claimed,
  now: number,
): Promise<{ text: string } | { dropped: string }> {
  const { person, org, detail } = delivery
  const as = (detail.as as As | undefined) ?? 'member' // written by queue.ts
  const reader = await readerOf(context.db.engine, { person, org, as }, now)
  if (!reader) return { dropped: 'left' }
  const t = translator(reader.actor.language)
  if (detail.template === 'contact-code') return codeOf(context, detail, t, now)
  const number = await asReader(context.db, reader.actor, now, async (tx) => {
    const { rows } = await tx.query<{ number: string }>(
      `select case when $2 <> 'ladder' or answer = 'pending' then number else '' end as number from warnings where id = $1`,
      [delivery.warning, delivery.kind],
    )
    return rows[0]?.number
  })
  // It was answered while the message waited for its turn.
  if (number === '') return { dropped: 'settled' }
  if (!number) return { dropped: 'may-not-read' }
  return {
    text: plain(t(delivery.kind === 'exercise' ? 'ways.short.exercise' : 'ways.short.warning', { number })),
  }
}

function codeOf(
  context: Context,
  detail: Record<string, unknown>,
  t: ReturnType<typeof translator>,
  now: number,
): { text: string } | { dropped: string } {
  const code = Date.parse(String(detail.until)) > now ? unseal(context.settings, String(detail.sealed)) : null
  return code === null ? { dropped: 'too-old' } : { text: plain(t('ways.short.code', { code })) }
}

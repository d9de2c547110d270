/** What a short message says: the number of what waits and where to look. Nothing above TLP:CLEAR, no names, no link. */
import { asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { translator } from '../../../platform/i18n.ts'
import { unseal } from '../../../platform/seal.ts'
import { type As, type Reader, readerOf } from '../recipients.ts'
import type { Claimed } from '../ways/run.ts'
import type { Way } from '../ways/way.ts'
import { plain } from './text.ts'

/** What a roll-call says in a short message: the last look at whether it is still to go. */
export type ShortCall = (
  context: Context,
  way: Way,
  delivery: Claimed,
  reader: Reader,
  now: number,
) => Promise<{ text: string } | { dropped: string }>

/** Written with the rights of this moment; `dropped` where the reader has gone, or may not read it any more. */
export async function writeShort(
  context: Context,
  way: Way,
  delivery: Claimed,
  now: number,
  rollcall?: ShortCall,
): Promise<{ text: string } | { dropped: string }> {
  const { person, org, detail } = delivery
  const as = (detail.as as As | undefined) ?? 'member' // written by queue.ts
  const reader = await readerOf(context.db.engine, { person, org, as }, now)
  if (!reader) return { dropped: 'left' }
  if (delivery.kind === 'rollcall') {
    const said = await rollcall?.(context, way, delivery, reader, now)
    return said && 'text' in said ? { text: plain(said.text) } : (said ?? { dropped: 'may-not-read' })
  }
  const t = translator(reader.actor.language)
  if (detail.template === 'contact-code') return codeOf(context, detail, t, now)
  const number = await asReader(context.db, reader.actor, now, async (tx) => {
    const { rows } = await tx.query<{ number: string }>('select number from warnings where id = $1', [
      delivery.warning,
    ])
    return rows[0]?.number
  })
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

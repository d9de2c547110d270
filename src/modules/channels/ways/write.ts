/** What a short message says: the number of what waits and where to look. Nothing above TLP:CLEAR, no names, no link. */
import { asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { Queryable } from '../../../platform/database.ts'
import { type T, translator } from '../../../platform/i18n.ts'
import { unseal } from '../../../platform/seal.ts'
import { type As, type Reader, readerOf } from '../recipients.ts'
import { codeFor } from '../sms/codes.ts'
import { plain } from '../sms/text.ts'
import type { Claimed, Written } from './run.ts'
import type { Way } from './way.ts'
import { writeMatch } from './write-match.ts'

/** What a roll-call says in a short message: the last look at whether it is still to go. */
export type ShortCall = (
  context: Context,
  way: Way,
  delivery: Claimed,
  reader: Reader,
  now: number,
) => Promise<{ text: string; number: string; path: string } | { dropped: string }>

/** Written with the rights of this moment; `dropped` where the reader has gone, or may not read it any more. */
export async function writeShort(
  context: Context,
  way: Way,
  delivery: Claimed,
  now: number,
  rollcall?: ShortCall,
): Promise<Written> {
  const { person, org, detail } = delivery
  const as = (detail.as as As | undefined) ?? 'member' // written by queue.ts
  const reader = await readerOf(context.db.engine, { person, org, as }, now)
  if (!reader) return { dropped: 'left' }
  if (delivery.kind === 'rollcall') {
    const said = (await rollcall?.(context, way, delivery, reader, now)) ?? { dropped: 'may-not-read' }
    return 'dropped' in said
      ? said
      : {
          ...said,
          text: way.name === 'push' ? said.text : plain(said.text),
          urgent: true,
          thread: `rollcall ${said.number}`,
        }
  }
  const t = translator(reader.actor.language)
  if (detail.template === 'contact-code') return codeOf(context, detail, t, now)
  if (detail.template === 'push-test') return plainNews(t('push.trial'), '/account')
  if (delivery.match !== null) return writeMatch(context, way, delivery, delivery.match, { reader, now })
  const gone = delivery.kind === 'revoked' ? await toldOf(context, delivery) : null
  const number =
    gone !== null
      ? gone.number
      : await asReader(context.db, reader.actor, now, async (tx) => {
          const { rows } = await tx.query<{ number: string }>(
            delivery.written === null
              ? `select case when $2 <> 'ladder' or answer = 'pending' then number else '' end as number from warnings where id = $1`
              : 'select number from written_warnings where id = $1 and $2::text is not null',
            [delivery.written ?? delivery.warning, delivery.kind],
          )
          return rows[0]?.number
        })
  // It was answered while the message waited for its turn.
  if (number === '') return { dropped: 'settled' }
  if (!number) return { dropped: 'may-not-read' }
  return {
    text:
      way.name === 'push'
        ? classOf(delivery, t, gone)
        : await shortOf(context, delivery, { number, t, hears: way.hears, gone }),
    number,
    path:
      delivery.written === null ? `/warnings/${delivery.warning}` : `/warnings/written/${delivery.written}`,
    urgent: (delivery.severity ?? 0) >= 3,
    thread: delivery.written === null ? `warning ${delivery.warning}` : `written ${delivery.written}`,
  }
}

interface Gone {
  number?: string
  /** It is there still, for others. */
  isOut?: boolean
}

/** What is gone its reader may not read any more: its number goes to those who had it by the same way. */
async function toldOf({ db }: Context, { written, address }: Claimed): Promise<Gone> {
  const { rows } = await db.engine.query<Gone & Record<string, unknown>>(
    `select w.number, w.state = 'published' as "isOut" from written_warnings w where w.id = $1 and exists (select 1 from deliveries d where d.written_id = w.id
       and d.address = $2 and d.kind <> 'revoked' and d.state in ('sending', 'sent', 'delivered', 'unknown'))`,
    [written, address],
  )
  return rows[0] ?? {}
}

const classes = new Set(['exercise', 'revoked', 'update'])
const classOf = ({ kind }: Claimed, t: T, gone: Gone | null): string =>
  t(`push.class.${gone?.isOut ? 'out' : classes.has(kind) ? kind : 'new'}`)

/** With the letters of the answers and a code where replies come back and somebody is asked for one. */
async function shortOf(
  { db }: Context,
  delivery: Claimed,
  { number, t, hears, gone }: { number: string; t: T; hears: boolean; gone: Gone | null },
): Promise<string> {
  const { kind } = delivery
  if (gone?.isOut) return plain(t('ways.short.out', { number }))
  const code =
    hears && kind !== 'revoked' && (await isAsked(db.engine, delivery))
      ? await codeFor(db.engine, delivery.id)
      : null
  if (code)
    return plain(t(`ways.short.${kind === 'exercise' ? 'exercise' : 'warning'}.answers`, { number, code }))
  return plain(t(`ways.short.${kind === 'exercise' || kind === 'revoked' ? kind : 'warning'}`, { number }))
}

async function isAsked(db: Queryable, { person, org, written }: Claimed): Promise<boolean> {
  if (person === null || org === null) return false
  if (written === null) return true
  const { rowCount } = await db.query(
    'select 1 from written_asked where warning_id = $1 and org_id = $2 and asked and out_at is null',
    [written, org],
  )
  return rowCount === 1
}

const plainNews = (text: string, path = '/'): Written => ({
  text,
  number: '',
  path,
  urgent: false,
  thread: '',
})

function codeOf(context: Context, detail: Record<string, unknown>, t: T, now: number): Written {
  const code = Date.parse(String(detail.until)) > now ? unseal(context.settings, String(detail.sealed)) : null
  return code === null ? { dropped: 'too-old' } : plainNews(plain(t('ways.short.code', { code })))
}

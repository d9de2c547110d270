/** From a decided row to a mail: who reads it, what it says, and the header fields by which programs know it. */
import type { Context } from '../../platform/context.ts'
import { oneLine } from '../../platform/mail.ts'
import type { Mail } from '../../platform/mail-bytes.ts'
import { accountLetter } from './account-mail.ts'
import { returnPath } from './bounces/verp.ts'
import { heldOf, periodOf } from './digest.ts'
import { heldNamesLetter } from './held-names-mail.ts'
import { composed, type Letter } from './letter.tsx'
import { covered, coverOf } from './pgp/cover.ts'
import { waitingNotice } from './pgp/letters.ts'
import type { Delivery, Mailer } from './post.ts'
import { type As, type Reader, readerOf } from './recipients.ts'
import { suspendedLetter } from './return-mail.ts'
import { leaveToken } from './unsubscribe.ts'
import { waitingAdvisoriesLetter, waitingSourcesLetter } from './waiting-advisories-mail.ts'

/** The mail, with what the log says of it; or why it is not to be sent any more. */
export async function write(
  context: Context,
  mailer: Mailer,
  delivery: Delivery,
  now: number,
): Promise<{ mail: Mail; reason: string | null } | { dropped: string }> {
  const as = (delivery.detail.as as As | undefined) ?? 'member'
  const language = delivery.detail.language === 'en' ? 'en' : 'cs'
  const { person, org } = delivery
  const found = await readerOf(context.db.engine, { person, org, as, language }, now)
  if (!found) return { dropped: 'left' }
  const cover = await coverOf(context, delivery, now)
  if (cover === 'gone') return { dropped: 'too-old' }
  const reader: Reader = cover.way === 'encrypted' && person !== null ? { ...found, encrypted: true } : found
  const letter = await letterFor(context, mailer, delivery, reader, now)
  if (letter && 'dropped' in letter) return letter
  if (!letter) return { dropped: emptyReasons[delivery.kind] ?? 'may-not-read' }
  const said = cover.way === 'notice' ? waitingNotice(context, letter) : letter
  const plain = await mailOf(context, mailer, delivery, reader, said, now)
  const mail = await covered(context, mailer, plain, cover, now)
  return { mail, reason: coverReasons[cover.way] }
}

async function mailOf(
  context: Context,
  mailer: Mailer,
  delivery: Delivery,
  reader: Reader,
  letter: Letter,
  now: number,
): Promise<Extract<Mail, { text: string }>> {
  return {
    to: {
      name: ['contact', 'visitor'].includes(reader.as) ? '' : oneLine(reader.actor.name, 100),
      address: delivery.address,
    },
    subject: letter.subject,
    ...composed(letter),
    messageId: delivery.messageId,
    ...(mailer.bounces && delivery.bounceKey
      ? { returnPath: returnPath(mailer.bounces, delivery.bounceKey) }
      : {}),
    date: now,
    headers: headersOf(context, mailer, delivery, letter),
    references: await earlier(context, delivery),
  }
}

const coverReasons = { clear: null, encrypted: 'encrypted', notice: 'key-unusable' }

const emptyReasons: Partial<Record<Delivery['kind'], string>> = {
  digest: 'nothing-left',
  account: 'too-old',
  ladder: 'settled',
}

async function letterFor(
  context: Context,
  mailer: Mailer,
  delivery: Delivery,
  reader: Reader,
  now: number,
): Promise<Letter | { dropped: string } | null> {
  switch (delivery.kind) {
    case 'account':
      if (delivery.detail.template === 'addresses-suspended') return suspendedLetter(context, reader, now)
      if (delivery.detail.template === 'held-names') return heldNamesLetter(context, reader, now)
      if (delivery.detail.template === 'waiting-advisories')
        return waitingAdvisoriesLetter(context, reader, now)
      if (delivery.detail.template === 'waiting-sources') return waitingSourcesLetter(context, reader, now)
      return accountLetter(context, delivery, reader, now)
    case 'digest':
      return mailer.writers.digest(
        context,
        reader,
        await heldOf(context.db.engine, delivery.id),
        periodOf(delivery.detail),
        now,
      )
    case 'rollcall':
      return (await mailer.writers.rollcall?.(context, delivery, reader, now)) ?? null
    default:
      return mailer.writers.warning(context, delivery, reader, now)
  }
}

/** RFC 3834, 2919, 8058. Account mails and calls belong to no list; only ordinary mails can be left. */
function headersOf(
  context: Context,
  mailer: Mailer,
  delivery: Delivery,
  letter: Letter,
): Record<string, string> {
  const headers: Record<string, string> = {
    'Auto-Submitted': 'auto-generated',
    'X-Auto-Response-Suppress': 'All',
    'X-hSOC-Kind': letter.kind,
  }
  if (delivery.kind !== 'account' && delivery.kind !== 'rollcall')
    headers['List-Id'] = `"hSOC" <warnings.${mailer.domain}>`
  if (letter.leave === null) return headers
  headers['List-Unsubscribe'] = `<${leaveUrl(context, letter.leave, delivery.address)}>`
  // One click is defined for https alone; elsewhere the page behind the link asks.
  if (context.settings.baseUrl.startsWith('https:'))
    headers['List-Unsubscribe-Post'] = 'List-Unsubscribe=One-Click'
  return headers
}

export const leaveUrl = (context: Context, left: 'singles' | 'digest', address: string): string =>
  `${context.settings.baseUrl}/u/${leaveToken(context.settings.secret, left, address)}`

/** Mails about one warning form one thread: the first that reached this address, and the last. */
async function earlier(context: Context, delivery: Delivery): Promise<string[]> {
  if ((delivery.warning ?? delivery.written ?? delivery.match) === null) return []
  const { rows } = await context.db.engine.query<{ message_id: string }>(
    `select message_id from deliveries where (warning_id = $1 or written_id = $4 or match_id = $5) and address = $2 and state in ('sent', 'delivered') and id < $3 order by id`,
    [delivery.warning, delivery.address, delivery.id, delivery.written, delivery.match],
  )
  const ids = rows.map((row) => row.message_id)
  return ids.length > 2 ? [...ids.slice(0, 1), ...ids.slice(-1)] : ids
}

/** Mails to those who had a warning that is revoked, or no longer for them. */
import type { Context } from '../../../platform/context.ts'
import type { T } from '../../../platform/i18n.ts'
import type { Delivery, Letter, Reader } from '../../channels/index.ts'
import { footer, frame, subjectOf } from './letter-parts.ts'
import { formOf } from './reach.ts'
import { getWritten, versionOf } from './read.ts'
import { saidIn } from './words.ts'

/**
 * To those who had it: it is revoked, or no longer for them. They may not read it any more, so this is written as the program, of
 * what they were sent: number, title as far as the label lets it stand in a mail, and the reason.
 */
export async function goneLetter(
  context: Context,
  delivery: Delivery,
  reader: Reader,
  t: T,
): Promise<Letter | null> {
  const { db } = context
  const { rowCount } = await db.engine.query(
    `select 1 from deliveries where written_id = $1 and address = $2 and kind not in ('revoked', 'talk') and state in ('sending', 'sent', 'digested') limit 1`,
    [delivery.written, delivery.address],
  )
  if (!rowCount) return null
  const warning = await getWritten(db.engine, delivery.written ?? 0)
  const version = await versionOf(db.engine, warning.id, Number(delivery.detail.version))
  if (!version) return null
  const tlp = (await versionOf(db.engine, warning.id, 'published'))?.tlp ?? version.tlp
  const shown = { warning, version: { ...version, tlp }, context, delivery, reader, t }
  const form = formOf(tlp, reader.encrypted)
  const title = form === 'notice' ? '' : saidIn(version, reader.actor.language).title
  const revoked = warning.state === 'revoked'
  const mark = t('written.mail.mark')
  return {
    ...frame(shown),
    leave: null,
    subject: subjectOf(shown, title ? `${mark}: ${title}` : mark),
    answer: t(revoked ? 'written.mail.revoked' : 'written.mail.out', { number: warning.number ?? '' }),
    blocks: [
      ...(title ? [{ kind: 'heading' as const, text: `${mark}: ${title}` }] : []),
      ...(revoked && form !== 'notice' && warning.revokeReason
        ? [{ kind: 'paragraph' as const, text: t('written.mail.reason', { reason: warning.revokeReason }) }]
        : []),
      {
        kind: 'paragraph',
        text: [t('written.mail.gone'), ...(revoked ? [t('written.mail.undo')] : [])].join(' '),
      },
      footer(shown, null),
    ],
  }
}

/** Letters among those who write warnings: what waits, what was given back, what is out. As much of it as the label lets stand in a mail. */
import { asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { Queryable } from '../../../platform/database.ts'
import { short } from '../../../platform/dates.ts'
import { NotFound } from '../../../platform/errors.ts'
import { translator } from '../../../platform/i18n.ts'
import { type Delivery, type Letter, labelLine, type Reader, subjectLine } from '../../channels/index.ts'
import { formOf } from './reach.ts'
import { getWritten, versionOf } from './read.ts'
import type { About } from './tell.ts'
import type { Version, Written } from './types.ts'
import { saidIn } from './words.ts'

/** Null: it waits no longer, or the reader may not read it any more. */
export async function reviewLetter(
  context: Context,
  delivery: Delivery,
  reader: Reader,
  now: number,
): Promise<Letter | null> {
  const found = await asActor(context.db, reader.actor, now, (tx) => stillSo(tx, delivery))
  if (!found) return null
  const { warning, version, about } = found
  const { language: lang } = reader.actor
  const t = translator(lang)
  const hidden = formOf(version.tlp) === 'notice'
  const title = hidden ? '' : saidIn(version, lang).title
  const reason = about === 'returned' && !hidden ? version.reviewNote : ''
  const page = `${context.settings.baseUrl}/warnings/written/${warning.id}`
  return {
    lang,
    kind: 'talk',
    label: labelLine(version.tlp, t),
    banner: null,
    leave: null,
    subject: subjectLine({
      exercise: false,
      tlp: version.tlp,
      text: `${t(`review.subject.${about}`)} ${[warning.number, title].filter(Boolean).join(' ')}`.trim(),
    }),
    answer: t(`review.answer.${about}`, {
      author: version.authorName ?? '–',
      approver: version.approverName ?? '–',
      number: warning.number ?? '',
      since: short(version.changedAt, now, t, context.settings.zone),
    }),
    blocks: [
      ...(title ? [{ kind: 'heading' as const, text: title }] : []),
      ...(reason ? [{ kind: 'paragraph' as const, text: t('review.reason', { reason }) }] : []),
      {
        kind: 'button',
        label: t(`review.button.${about}`),
        href: version.state === 'published' ? page : `${page}/edit`,
      },
      { kind: 'small', lines: [t('written.mail.why.coordinator')] },
    ],
  }
}

interface Still {
  warning: Written
  version: Version
  about: About
}

const abouts: About[] = ['review', 'reminder', 'overdue', 'returned', 'published', 'source', 'expired']

/** What the letter was to say, if that is so at this moment. */
async function stillSo(tx: Queryable, { written, detail }: Delivery): Promise<Still | null> {
  const about = abouts.find((one) => one === detail.about)
  try {
    const warning = await getWritten(tx, written ?? 0)
    const version = await versionOf(tx, warning.id, Number(detail.version))
    return about && version && isSo(about, warning, version) ? { warning, version, about } : null
  } catch (error) {
    if (error instanceof NotFound) return null
    throw error
  }
}

function isSo(about: About, warning: Written, version: Version): boolean {
  switch (about) {
    case 'review':
    case 'reminder':
      return version.state === 'review'
    case 'returned':
      return version.state === 'draft' && version.reviewNote !== ''
    case 'published':
      return version.state === 'published' && warning.state === 'published'
    case 'expired':
      return warning.state === 'expired' && (version.state === 'draft' || version.state === 'review')
    case 'source':
      return warning.state !== 'revoked' && warning.state !== 'expired'
    case 'overdue':
      return version.state === 'published' && warning.state === 'published' && version.judgedAt === null
  }
}

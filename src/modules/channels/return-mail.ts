/** Mails about addresses that return ours: the trial itself, and the news for who can mend them. */
import { asReader } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import { translator } from '../../platform/i18n.ts'
import { standingsSince } from './bounces/standings.ts'
import { type Letter, subjectLine } from './letter.tsx'
import type { Delivery } from './post.ts'
import type { Reader } from './recipients.ts'

const letterOf = (lang: 'cs' | 'en', subject: string, answer: string, blocks: Letter['blocks']): Letter => ({
  lang,
  subject: subjectLine({ exercise: false, tlp: null, text: subject }),
  kind: 'account',
  label: null,
  banner: null,
  answer,
  blocks,
  leave: null,
})

/** Says nothing but that it is a trial: whose mailbox it reaches is what one does not know. Undefined for another template. */
export function trialLetter(context: Context, { detail }: Delivery, reader: Reader): Letter | undefined {
  if (detail.template !== 'address-trial') return undefined
  const t = translator(reader.actor.language)
  return letterOf(t.lang, t('returns.mail.trial.subject'), t('returns.mail.trial.answer'), [
    { kind: 'paragraph', text: t('returns.mail.trial.what') },
    { kind: 'small', lines: [t('returns.mail.sent', { url: context.settings.baseUrl })] },
  ])
}

const mostNamed = 20
const dayMs = 86_400_000

/** The addresses that the reader can mend and that were given up within a day; null when none is left. */
export async function suspendedLetter(context: Context, reader: Reader, now: number): Promise<Letter | null> {
  const lost = await asReader(context.db, reader.actor, now, (tx) => standingsSince(tx, now - dayMs))
  if (lost.length === 0) return null
  const t = translator(reader.actor.language)
  const { baseUrl, coordinatorPhone: phone } = context.settings
  const more = lost.length - mostNamed
  return letterOf(
    t.lang,
    t('returns.mail.lost.subject', { n: lost.length }),
    t('returns.mail.lost.answer', { n: lost.length }),
    [
      ...lost.slice(0, mostNamed).map(({ address, said }) => ({
        kind: 'paragraph' as const,
        text: t('returns.mail.lost.one', { address, said: said || '–' }),
      })),
      ...(more > 0 ? [{ kind: 'paragraph' as const, text: t('returns.mail.lost.more', { n: more }) }] : []),
      { kind: 'paragraph', text: t('returns.mail.lost.what') },
      { kind: 'button', label: t('returns.mail.lost.button'), href: `${baseUrl}/mail-addresses` },
      {
        kind: 'small',
        lines: [phone ? t('mails.phone', { phone }) : t('returns.mail.sent', { url: baseUrl })],
      },
    ],
  )
}

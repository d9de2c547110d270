/** To whoever waits for warnings: for how long none could come, and what to do about that time. */
import type { Context } from '../../../platform/context.ts'
import { duration, exact } from '../../../platform/dates.ts'
import { translator } from '../../../platform/i18n.ts'
import type { Letter } from '../letter.tsx'
import { personalLetter, whomToCall } from '../personal-letter.ts'
import type { Delivery } from '../post.ts'
import type { Reader } from '../recipients.ts'

/** The letter; undefined where the delivery is about something else. */
export function outageLetter(context: Context, { detail }: Delivery, reader: Reader): Letter | undefined {
  if (detail.template !== 'outage') return undefined
  const t = translator(reader.actor.language)
  const [from, to] = [Number(detail.from), Number(detail.to)]
  const when = (at: number): string => exact(at, t, context.settings.zone)
  const said = { from: when(from), to: when(to), lasted: duration(to - from) }
  return personalLetter(t, t('mails.outage.subject', said), t('mails.outage.answer', said), [
    { kind: 'paragraph', text: t('mails.outage.late') },
    { kind: 'steps', items: [t('mails.outage.logs', said), t('mails.outage.page')] },
    { kind: 'button', label: t('mails.outage.button'), href: `${context.settings.baseUrl}/warnings` },
    whomToCall(context, t, 'mails.outage.sent'),
  ])
}

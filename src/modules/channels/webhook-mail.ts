/** The mail to those who keep an organisation's webhooks: one was switched off, why, and where to switch it on again. */
import type { Context } from '../../platform/context.ts'
import { translator } from '../../platform/i18n.ts'
import type { Letter } from './letter.tsx'
import { personalLetter } from './personal-letter.ts'
import type { Delivery } from './post.ts'
import type { Reader } from './recipients.ts'

/** Null for who no longer acts for the organisation. */
export function webhookLetter(context: Context, { detail }: Delivery, reader: Reader): Letter | null {
  const t = translator(reader.actor.language)
  if (!reader.actor.engagements.some((e) => e.org !== null && e.org === detail.org)) return null
  const said = {
    name: String(detail.name),
    organisation: String(detail.organisation),
    host: String(detail.host),
  }
  const href = `${context.settings.baseUrl}/webhooks/${Number(detail.webhook)}`
  return personalLetter(t, t('webhooks.mail.subject', said), t('webhooks.mail.answer', said), [
    { kind: 'paragraph', text: t(`webhooks.mail.${detail.why === 'gone' ? 'gone' : 'failing'}`, said) },
    { kind: 'paragraph', text: t('webhooks.mail.last', { said: String(detail.said) }) },
    { kind: 'paragraph', text: t('webhooks.mail.lost') },
    { kind: 'button', label: t('webhooks.mail.button'), href },
  ])
}

/** To a person whose data were handed out or erased on request: who is said to have asked, so that nobody does it in their name. */
import type { Context } from '../../platform/context.ts'
import { exact } from '../../platform/dates.ts'
import { translator } from '../../platform/i18n.ts'
import type { Letter } from './letter.tsx'
import { personalLetter, whomToCall } from './personal-letter.ts'
import type { Delivery } from './post.ts'
import type { Reader } from './recipients.ts'

const templates = ['person-exported', 'person-erased']

/** The letter; undefined where the delivery is about something else. */
export function personLetter(context: Context, { detail }: Delivery, reader: Reader): Letter | undefined {
  const template = String(detail.template)
  if (!templates.includes(template)) return undefined
  const t = translator(reader.actor.language)
  const when = exact(Date.parse(String(detail.at)), t, context.settings.zone)
  return personalLetter(t, t(`requests.mail.${template}.subject`), t(`requests.mail.${template}`, { when }), [
    { kind: 'paragraph', text: t('requests.mail.asker', { asker: String(detail.asker) }) },
    { kind: 'paragraph', text: t('requests.mail.identity', { identity: String(detail.identity) }) },
    { kind: 'paragraph', text: t(`requests.mail.${template}.otherwise`) },
    whomToCall(context, t, 'requests.mail.sent'),
  ])
}

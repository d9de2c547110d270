/** Mails about a seat in a group: that there is something to decide, or what was decided. Who else it concerns is on the page alone. */
import type { Context } from '../../platform/context.ts'
import { translator } from '../../platform/i18n.ts'
import type { Letter } from './letter.tsx'
import { personalLetter, whomToCall } from './personal-letter.ts'
import type { Delivery } from './post.ts'
import type { Reader } from './recipients.ts'

/** The groups module queues it with what happened, and the name and the address of the group. Null for what has no words. */
export function groupLetter(context: Context, { detail }: Delivery, reader: Reader): Letter | null {
  const t = translator(reader.actor.language)
  const words = `groups.mail.${detail.about}`
  if (!t.has(`${words}.subject`)) return null
  const said = { group: String(detail.group) }
  const href = `${context.settings.baseUrl}/groups/${encodeURIComponent(String(detail.slug))}`
  return personalLetter(t, t(`${words}.subject`, said), t(`${words}.what`, said), [
    { kind: 'button', label: t('groups.mail.button'), href },
    whomToCall(context, t, 'groups.mail.sent'),
  ])
}

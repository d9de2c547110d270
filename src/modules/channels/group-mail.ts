/** Mails about a seat in a group: that there is something to decide, or what was decided. Who else it concerns is on the page alone. */
import type { Context } from '../../platform/context.ts'
import { translator } from '../../platform/i18n.ts'
import { type Letter, subjectLine } from './letter.tsx'
import type { Delivery } from './post.ts'
import type { Reader } from './recipients.ts'

/** The groups module queues it with what happened, and the name and the address of the group. Null for what has no words. */
export function groupLetter(context: Context, { detail }: Delivery, reader: Reader): Letter | null {
  const t = translator(reader.actor.language)
  const words = `groups.mail.${detail.about}`
  if (!t.has(`${words}.subject`)) return null
  const { baseUrl, coordinatorPhone: phone } = context.settings
  const said = { group: String(detail.group) }
  return {
    lang: t.lang,
    subject: subjectLine({ exercise: false, tlp: null, text: t(`${words}.subject`, said) }),
    kind: 'account',
    label: null,
    banner: null,
    answer: t(`${words}.what`, said),
    blocks: [
      {
        kind: 'button',
        label: t('groups.mail.button'),
        href: `${baseUrl}/groups/${encodeURIComponent(String(detail.slug))}`,
      },
      { kind: 'small', lines: [phone ? t('mails.phone', { phone }) : t('groups.mail.sent')] },
    ],
    leave: null,
  }
}

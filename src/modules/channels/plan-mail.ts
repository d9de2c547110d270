/** The reminder of a date in the public action plan. */
import type { Context } from '../../platform/context.ts'
import { dayShort } from '../../platform/dates.ts'
import { type Lang, translator } from '../../platform/i18n.ts'
import type { Letter } from './letter.tsx'
import { personalLetter } from './personal-letter.ts'
import type { Delivery } from './post.ts'
import type { Reader } from './recipients.ts'

/**
 * The site module queues it with the action's number, title in both languages, owner and date in force, and how many days before it;
 * for moderators of the group that owns it besides with the addresses of the public plan.
 */
export function planDue(context: Context, { detail }: Delivery, reader: Reader): Letter {
  const t = translator(reader.actor.language)
  const titles = detail.title as Record<Lang, string>
  const said = {
    title: titles[t.lang] || titles[t.lang === 'cs' ? 'en' : 'cs'],
    owner: String(detail.owner),
    due: dayShort(String(detail.due), t, true),
  }
  const way = detail.days === 0 ? 'today' : 'soon'
  const paths = detail.plan as Record<Lang, string> | undefined
  const whose = paths ? 'mails.plan.group' : 'mails.plan'
  return personalLetter(t, t(`mails.plan.${way}.subject`, said), t(`mails.plan.${way}.answer`, said), [
    { kind: 'paragraph', text: t(`${whose}.what`) },
    {
      kind: 'button',
      label: t(`${whose}.button`),
      href: context.settings.baseUrl + (paths?.[t.lang] ?? `/site/actions/${Number(detail.id)}`),
    },
    { kind: 'small', lines: [t(`${whose}.sent`)] },
  ])
}

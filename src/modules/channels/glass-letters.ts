/** Mails about break-glass access: it was opened, it was judged, nobody has judged it. The trail module queues them. */
import type { Context } from '../../platform/context.ts'
import { exact } from '../../platform/dates.ts'
import { translator } from '../../platform/i18n.ts'
import type { Block, Letter } from './letter.tsx'
import { personalLetter, whomToCall } from './personal-letter.ts'
import type { Delivery } from './post.ts'
import type { Reader } from './recipients.ts'

/** By the template, the part of its words' keys. */
const steps: Record<string, 'opened' | 'reviewed' | 'unreviewed'> = {
  'glass-opened': 'opened',
  'glass-reviewed': 'reviewed',
  'glass-unreviewed': 'unreviewed',
}

export const isGlass = ({ detail: { template } }: Delivery): boolean =>
  typeof template === 'string' && Object.hasOwn(steps, template)

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

export function glassLetter(context: Context, { detail }: Delivery, reader: Reader): Letter {
  const t = translator(reader.actor.language)
  const { baseUrl, zone } = context.settings
  const step = steps[text(detail.template)] ?? 'opened'
  const when = (value: unknown): string => (text(value) === '' ? '' : exact(Date.parse(text(value)), t, zone))
  const said = {
    organisation: text(detail.organisation),
    by: text(detail.by),
    reviewer: text(detail.reviewer),
    ends: when(detail.ends),
    due: when(detail.due),
    verdict: step === 'reviewed' ? t(`glass.verdict.${text(detail.verdict)}`) : '',
  }
  const finding: Block[] =
    step === 'reviewed' ? [{ kind: 'paragraph', text: `${t('glass.finding')}: ${text(detail.finding)}` }] : []
  return personalLetter(t, t(`glass.mail.${step}.subject`, said), t(`glass.mail.${step}.answer`, said), [
    { kind: 'paragraph', text: `${t('glass.reason')}: ${text(detail.reason)}` },
    ...finding,
    { kind: 'paragraph', text: t(`glass.mail.${step}.more`, said) },
    {
      kind: 'button',
      label: t('glass.mail.button'),
      href: `${baseUrl}/trail/glass/${Number(detail.glass)}`,
    },
    whomToCall(context, t, 'glass.mail.sent'),
  ])
}

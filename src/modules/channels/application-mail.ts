/**
 * Mails about an application to take part: the link that confirms its address, the refusal, and that one waits. Only a
 * refusal, which goes to a confirmed address, says anything that the applicant wrote: the form is nobody's megaphone.
 */
import type { Context } from '../../platform/context.ts'
import { type T, translator } from '../../platform/i18n.ts'
import { unseal } from '../../platform/seal.ts'
import type { Block, Letter } from './letter.tsx'
import { personalLetter, whomToCall } from './personal-letter.ts'
import type { Delivery } from './post.ts'
import type { Reader } from './recipients.ts'

interface Said {
  subject: string
  answer: string
  blocks: Block[]
}

type Write = (context: Context, detail: Delivery['detail'], t: T, now: number) => Said | null

const writers: Record<string, Write> = {
  'application-confirm': confirm,
  'application-refused': refused,
  'application-waiting': waiting,
}

/** The letter, or null when its token cannot be opened or has run out, or nobody knows the template. */
export function applicationLetter(
  context: Context,
  { detail }: Delivery,
  reader: Reader,
  now: number,
): Letter | null {
  const t = translator(reader.actor.language)
  const template = String(detail.template)
  const write = Object.hasOwn(writers, template) ? writers[template] : undefined
  const said = write?.(context, detail, t, now) ?? null
  if (said === null) return null
  return personalLetter(t, said.subject, said.answer, [
    ...said.blocks,
    whomToCall(context, t, 'joining.mail.sent'),
  ])
}

function confirm(context: Context, { sealed, until }: Delivery['detail'], t: T, now: number): Said | null {
  if (typeof sealed !== 'string' || typeof until !== 'string' || Date.parse(until) <= now) return null
  const token = unseal(context.settings, sealed)
  if (token === null) return null
  return {
    subject: t('joining.mail.confirm.subject'),
    answer: t('joining.mail.confirm'),
    blocks: [
      {
        kind: 'button',
        label: t('joining.mail.confirm.button'),
        href: `${context.settings.baseUrl}/application/${token}`,
      },
      { kind: 'paragraph', text: t('joining.mail.confirm.otherwise') },
    ],
  }
}

function refused(_context: Context, detail: Delivery['detail'], t: T): Said {
  const words = `joining.refusal.${detail.reason}`
  return {
    subject: t('joining.mail.refused.subject'),
    answer: t('joining.mail.refused', { organisation: String(detail.organisation) }),
    blocks: [
      { kind: 'paragraph', text: t(t.has(words) ? words : 'joining.refusal.other') },
      ...(detail.text ? [{ kind: 'paragraph' as const, text: String(detail.text) }] : []),
      { kind: 'paragraph', text: t('joining.mail.refused.otherwise') },
    ],
  }
}

function waiting(context: Context, { id, kind }: Delivery['detail'], t: T): Said {
  return {
    subject: t(`joining.mail.waiting.subject.${kind === 'work' ? 'work' : 'organisation'}`),
    answer: t(`joining.mail.waiting.${kind === 'work' ? 'work' : 'organisation'}`),
    blocks: [
      {
        kind: 'button',
        label: t('joining.mail.waiting.button'),
        href: `${context.settings.baseUrl}/applications/${Number(id)}`,
      },
    ],
  }
}

/** Mails of the contact book: proving an address, telling the one before, asking for the book to be attested, and for its sheet to be printed. */
import type { Context } from '../../platform/context.ts'
import { dayShort, exact } from '../../platform/dates.ts'
import { type T, translator } from '../../platform/i18n.ts'
import { unseal } from '../../platform/seal.ts'
import type { Letter } from './letter.tsx'
import { personalLetter, whomToCall } from './personal-letter.ts'
import type { Delivery } from './post.ts'
import type { Reader } from './recipients.ts'

type Writer = (context: Context, detail: Delivery['detail'], t: T) => Letter | null

/** By the template that the members module names. */
const writers: Record<string, Writer> = {
  'contact-verification': verification,
  'contact-changed': changed,
  'contact-attestation': attestation,
  'emergency-sheet': sheet,
}

/** Undefined where the template is none of these; null where the mail would say nothing any more. */
export function contactLetter(
  context: Context,
  { detail }: Delivery,
  reader: Reader,
): Letter | null | undefined {
  const name = String(detail.template)
  if (!Object.hasOwn(writers, name)) return undefined
  return writers[name]?.(context, detail, translator(reader.actor.language)) ?? null
}

function verification(context: Context, detail: Delivery['detail'], t: T): Letter | null {
  const token = unseal(context.settings, String(detail.sealed))
  if (token === null) return null
  const said = { organisation: String(detail.organisation), contact: String(detail.contact) }
  return personalLetter(t, t('mails.contact.subject', said), t('mails.contact.answer', said), [
    {
      kind: 'button',
      label: t('mails.contact.button'),
      href: `${context.settings.baseUrl}/contact-proof/${token}`,
    },
    { kind: 'paragraph', text: t('mails.contact.otherwise') },
    whomToCall(context, t, 'mails.contact.sent'),
  ])
}

/** To an address that was in the book until now, so it says neither what took its place nor who did it. */
function changed(context: Context, detail: Delivery['detail'], t: T): Letter {
  const { baseUrl, zone } = context.settings
  const when = exact(Date.parse(String(detail.at)), t, zone)
  return personalLetter(t, t('mails.contact.changed.subject'), t('mails.contact.changed.answer', { when }), [
    { kind: 'paragraph', text: t('mails.contact.changed.otherwise') },
    { kind: 'button', label: t('mails.contact.changed.button'), href: `${baseUrl}/contacts` },
    whomToCall(context, t, 'mails.contact.sent'),
  ])
}

function attestation(context: Context, detail: Delivery['detail'], t: T): Letter {
  const step = String(detail.step)
  const said = { organisation: String(detail.organisation), due: dayShort(String(detail.due), t, true) }
  const gaps = Array.isArray(detail.gaps) ? detail.gaps.map((gap) => t(`contacts.gap.${gap}`)) : []
  return personalLetter(
    t,
    t(`mails.attestation.subject.${step}`, said),
    t(`mails.attestation.answer.${step}`, said),
    [
      {
        kind: 'button',
        label: t('mails.attestation.button'),
        href: `${context.settings.baseUrl}/members/${Number(detail.org)}/contacts`,
      },
      ...(gaps.length > 0
        ? [{ kind: 'paragraph' as const, text: `${t('mails.attestation.gaps')} ${gaps.join(' ')}` }]
        : []),
      { kind: 'small', lines: [t('mails.attestation.sent')] },
    ],
  )
}

/** Of one organisation, or, to coordinators, of all. */
function sheet({ settings }: Context, detail: Delivery['detail'], t: T): Letter {
  const own = detail.org !== null
  const said = { organisation: String(detail.organisation) }
  const which = own ? '' : '.all'
  return personalLetter(t, t(`mails.sheet.subject${which}`, said), t(`mails.sheet.answer${which}`, said), [
    {
      kind: 'button',
      label: t(`mails.sheet.button${which}`),
      href: settings.baseUrl + (own ? `/members/${Number(detail.org)}/contacts/pdf` : '/contacts/download'),
    },
    { kind: 'small', lines: [t('mails.sheet.sent')] },
  ])
}

/** Mails about addresses: a code to the contact of a registry, a claim to whom it touches, its decision, a part offered, claims that wait for coordinators, an end that comes near. */
import type { Context } from '../../platform/context.ts'
import { dayOf, dayShort, exact } from '../../platform/dates.ts'
import { type T, translator } from '../../platform/i18n.ts'
import { unseal } from '../../platform/seal.ts'
import type { Letter } from './letter.tsx'
import { personalLetter } from './personal-letter.ts'
import type { Delivery } from './post.ts'
import type { Reader } from './recipients.ts'

type Write = (context: Context, detail: Delivery['detail'], reader: Reader, t: T) => Letter | null

const letters: Record<string, Write> = {
  'claim-code': claimCode,
  'claim-touches': aboutClaim('touches'),
  'part-offered': aboutClaim('offered'),
  'claim-accepted': aboutClaim('accepted'),
  'claim-refused': aboutClaim('refused'),
  'claims-waiting': claimsWaiting,
  'addresses-end': addressesEnd,
}

/** The letter; null when its reader may not have it any more, undefined for another template. */
export function addressLetter(
  context: Context,
  { detail }: Delivery,
  reader: Reader,
): Letter | null | undefined {
  const { template } = detail
  if (typeof template !== 'string' || !Object.hasOwn(letters, template)) return undefined
  return letters[template]?.(context, detail, reader, translator(reader.actor.language))
}

/** Whoever reads the contact's mailbox need not know us, so it says who asks and that nothing has to be done. */
function claimCode(context: Context, detail: Delivery['detail'], _: Reader, t: T): Letter | null {
  const code = typeof detail.sealed === 'string' ? unseal(context.settings, detail.sealed) : null
  if (code === null) return null
  const { baseUrl, coordinatorPhone: phone, zone } = context.settings
  const said = {
    organisation: String(detail.organisation),
    value: String(detail.value),
    by: String(detail.by),
  }
  const until = exact(Date.parse(String(detail.until)), t, zone)
  const sent = t('mails.claim.sent', { url: baseUrl })
  return personalLetter(t, t('mails.claim.subject', said), t('mails.claim.answer', said), [
    { kind: 'paragraph', text: t('mails.claim.code', { code }) },
    { kind: 'paragraph', text: t('mails.claim.until', { until }) },
    { kind: 'paragraph', text: t('mails.claim.otherwise') },
    { kind: 'small', lines: phone ? [sent, t('mails.phone', { phone })] : [sent] },
  ])
}

/** Who acts for the organisation no more is told nothing of it. */
const actsFor = (reader: Reader, org: unknown): boolean =>
  reader.actor.engagements.some((e) => e.org !== null && e.org === org)

/** A claim of or touching the reader's organisation, or a part offered to it: who, what, and the way to its page. */
function aboutClaim(words: 'touches' | 'offered' | 'accepted' | 'refused'): Write {
  return (context, detail, reader, t) => {
    if (!actsFor(reader, detail.org)) return null
    const said = { organisation: String(detail.organisation), value: String(detail.value) }
    const href = `${context.settings.baseUrl}/addresses/claims/${Number(detail.claim)}`
    return personalLetter(t, t(`mails.${words}.subject`, said), t(`mails.${words}.answer`, said), [
      { kind: 'paragraph', text: t(`mails.${words}.what`) },
      { kind: 'button', label: t(`mails.${words}.button`), href },
      { kind: 'small', lines: [t('mails.touches.sent')] },
    ])
  }
}

/** Whoever coordinates no more has nothing to decide. */
function claimsWaiting(context: Context, detail: Delivery['detail'], reader: Reader, t: T): Letter | null {
  if (!reader.actor.engagements.some(({ role }) => role === 'coordinator')) return null
  const said = { organisation: String(detail.organisation) }
  return personalLetter(t, t('mails.waits.subject', said), t('mails.waits.answer', said), [
    { kind: 'paragraph', text: t('mails.waits.what') },
    { kind: 'button', label: t('mails.waits.button'), href: `${context.settings.baseUrl}/addresses` },
    { kind: 'small', lines: [t('mails.waits.sent')] },
  ])
}

const mostNamed = 20

function addressesEnd(context: Context, detail: Delivery['detail'], reader: Reader, t: T): Letter | null {
  if (!actsFor(reader, detail.org)) return null
  const values = Array.isArray(detail.values) ? detail.values.map(String) : []
  const { baseUrl, zone } = context.settings
  const day = dayShort(dayOf(Date.parse(String(detail.until)) - 1, zone), t, true)
  const more = values.length - mostNamed
  const named = [...values.slice(0, mostNamed), ...(more > 0 ? [t('mails.ends.more', { n: more })] : [])]
  return personalLetter(
    t,
    t('mails.ends.subject', { day }),
    t('mails.ends.answer', { day, list: t.list(named) }),
    [
      { kind: 'paragraph', text: t('mails.ends.what') },
      { kind: 'button', label: t('mails.ends.button'), href: `${baseUrl}/addresses` },
      { kind: 'small', lines: [t('mails.touches.sent')] },
    ],
  )
}

/** Letters about keys: the proof, the end that comes near, the end of encryption; and the notice that stands for what could not be encrypted. */
import type { Context } from '../../../platform/context.ts'
import { dayOf, dayShort, exact } from '../../../platform/dates.ts'
import { type T, translator } from '../../../platform/i18n.ts'
import { unseal } from '../../../platform/seal.ts'
import type { Block, Letter } from '../letter.tsx'
import { personalLetter, whomToCall } from '../personal-letter.ts'
import type { Delivery } from '../post.ts'
import type { Reader } from '../recipients.ts'
import { outerSubject } from './compose.ts'

/** In groups of four, as it is read aloud and compared. */
export const grouped = (fingerprint: string): string => fingerprint.replace(/(.{4})(?=.)/g, '$1 ')

const button = (context: Context, t: T): Block => ({
  kind: 'button',
  label: t('pgp.mail.button'),
  href: `${context.settings.baseUrl}/mail-keys`,
})

/** The letter; null when its link works no more, undefined for another template. */
export function keyLetter(context: Context, { detail }: Delivery, reader: Reader): Letter | null | undefined {
  const t = translator(reader.actor.language)
  const said = { fingerprint: grouped(String(detail.fingerprint)) }
  const { baseUrl, zone } = context.settings
  const end = whomToCall(context, t, 'mails.account.sent')
  switch (detail.template) {
    case 'mail-key-proof': {
      const token = typeof detail.sealed === 'string' ? unseal(context.settings, detail.sealed) : null
      if (token === null) return null
      const until = exact(Date.parse(String(detail.until)), t, zone)
      return personalLetter(t, t('pgp.mail.proof.subject'), t('pgp.mail.proof.answer'), [
        { kind: 'paragraph', text: t('pgp.mail.fingerprint', said) },
        { kind: 'button', label: t('pgp.mail.proof.button'), href: `${baseUrl}/mail-key-proof/${token}` },
        { kind: 'paragraph', text: t('pgp.mail.proof.until', { until }) },
        { kind: 'paragraph', text: t('pgp.mail.proof.otherwise') },
        end,
      ])
    }
    case 'mail-key-ends': {
      const ends = dayShort(dayOf(Date.parse(String(detail.until)), zone), t, true)
      return personalLetter(t, t('pgp.mail.ends.subject'), t('pgp.mail.ends.answer', { day: ends }), [
        { kind: 'paragraph', text: t('pgp.mail.fingerprint', said) },
        { kind: 'paragraph', text: t('pgp.mail.ends.what') },
        button(context, t),
        end,
      ])
    }
    case 'mail-key-removed':
      return personalLetter(t, t('pgp.mail.removed.subject'), t('pgp.mail.removed.answer'), [
        { kind: 'paragraph', text: t('pgp.mail.fingerprint', said) },
        { kind: 'paragraph', text: t('pgp.mail.removed.otherwise') },
        button(context, t),
        end,
      ])
    default:
      return undefined
  }
}

/** Templates of links by which one gets in: without them nobody could sign in and mend the key. They say nothing else. */
const waysIn = ['password-reset', 'invitation', 'access-recovery']
/** Templates that say nothing of anything but mail itself. */
const aboutMail = ['address-trial', 'mail-key-ends', 'mail-key-removed']

/** Whether a mail may go in clear to an address whose key cannot be used: it holds nothing. */
export const holdsNothing = ({ kind, detail }: Pick<Delivery, 'kind' | 'detail'>): boolean =>
  kind === 'account' && [...waysIn, ...aboutMail].includes(String(detail.template))

/** Instead of a letter that could not be encrypted: that it waits, and nothing of it but its number. */
export function waitingNotice(context: Context, letter: Letter): Letter {
  const t = translator(letter.lang)
  return {
    ...letter,
    subject: outerSubject(letter.subject),
    label: null,
    banner: null,
    answer: t('pgp.mail.waits.answer'),
    blocks: [
      { kind: 'paragraph', text: t('pgp.mail.waits.what') },
      { kind: 'button', label: t('pgp.mail.waits.button'), href: context.settings.baseUrl },
      button(context, t),
      whomToCall(context, t, 'mails.account.sent'),
    ],
  }
}

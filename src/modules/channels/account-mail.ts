/** Mails to a person as such: about the own account and what it manages (a token is sealed in the row and appears in the mail alone), and the trail's head. */
import type { Context } from '../../platform/context.ts'
import { exact } from '../../platform/dates.ts'
import { type T, translator } from '../../platform/i18n.ts'
import { unseal } from '../../platform/seal.ts'
import { deviceOf } from '../members/index.ts'
import { addressLetter } from './address-mail.ts'
import { applicationLetter } from './application-mail.ts'
import { contactLetter } from './contact-mail.ts'
import { glassLetter, isGlass } from './glass-letters.ts'
import { groupLetter } from './group-mail.ts'
import type { Letter } from './letter.tsx'
import { outageLetter } from './outages/letter.ts'
import { personLetter } from './person-mail.ts'
import { personalLetter, whomToCall } from './personal-letter.ts'
import { keyLetter } from './pgp/letters.ts'
import { planDue } from './plan-mail.ts'
import type { Delivery } from './post.ts'
import type { Reader } from './recipients.ts'
import { trialLetter } from './return-mail.ts'
import { webhookLetter } from './webhook-mail.ts'

/** The letter, or null when its token cannot be opened or has run out. */
export function accountLetter(
  context: Context,
  delivery: Delivery,
  reader: Reader,
  now: number,
): Letter | null {
  const { template, sealed, until } = delivery.detail
  if (template === 'trail-head') return trailHead(delivery, reader)
  if (isGlass(delivery)) return glassLetter(context, delivery, reader)
  if (template === 'new-device') return newDevice(context, delivery.detail, reader)
  if (typeof template === 'string' && template.startsWith('application-'))
    return applicationLetter(context, delivery, reader, now)
  if (template === 'accounts-merged' || template === 'accounts-parted')
    return accountsOne(context, template, delivery.detail, reader)
  if (template === 'webhook-off') return webhookLetter(context, delivery, reader)
  const trial = trialLetter(context, delivery, reader)
  if (trial !== undefined) return trial
  const ofOutage = outageLetter(context, delivery, reader)
  if (ofOutage !== undefined) return ofOutage
  const ofPerson = personLetter(context, delivery, reader)
  if (ofPerson !== undefined) return ofPerson
  if (template === 'group') return groupLetter(context, delivery, reader)
  if (template === 'means-changed') return meansChanged(context, delivery.detail, reader)
  if (typeof until === 'string' && Date.parse(until) <= now) return null
  const ofKeys = keyLetter(context, delivery, reader)
  if (ofKeys !== undefined) return ofKeys
  if (template === 'plan-due') return planDue(context, delivery, reader)
  const ofContacts = contactLetter(context, delivery, reader)
  if (ofContacts !== undefined) return ofContacts
  if (template === 'sensor-certificate') return certificateEnds(context, delivery, reader)
  const ofAddresses = addressLetter(context, delivery, reader)
  if (ofAddresses !== undefined) return ofAddresses
  const words = typeof template === 'string' && Object.hasOwn(links, template) && links[template]
  if (!words || typeof sealed !== 'string') return null
  const token = unseal(context.settings, sealed)
  return token === null ? null : linkLetter(context, words, token, reader, delivery)
}

/** Mails whose link is the proof: by the template, its words and where the link leads. */
const links: Record<string, { words: 'reset' | 'recovery' | 'invitation'; path: string }> = {
  'password-reset': { words: 'reset', path: '/new-password/' },
  invitation: { words: 'invitation', path: '/invitation/' },
  'access-recovery': { words: 'recovery', path: '/recover/' },
}

/** What a notice about one's own account says; `what` is its sentence, `button` leads to where it can be put right. */
function notice(
  context: Context,
  t: T,
  words: { subject: string; what: string; button: string; path: string; otherwise?: string | undefined },
): Letter {
  return personalLetter(t, words.subject, words.what, [
    { kind: 'paragraph', text: words.otherwise ?? t('mails.account.otherwise') },
    { kind: 'button', label: words.button, href: context.settings.baseUrl + words.path },
    whomToCall(context, t, 'mails.account.sent'),
  ])
}

const whenOf = (detail: Delivery['detail'], t: T, zone: string): string =>
  exact(Date.parse(String(detail.at)), t, zone)

function newDevice(context: Context, detail: Delivery['detail'], reader: Reader): Letter {
  const t = translator(reader.actor.language)
  return notice(context, t, {
    subject: t('mails.device.subject'),
    what: t('mails.device.what', {
      device: deviceOf(String(detail.agent), t),
      address: String(detail.address),
      when: whenOf(detail, t, context.settings.zone),
    }),
    button: t('mails.device.button'),
    path: '/account',
  })
}

function meansChanged(context: Context, detail: Delivery['detail'], reader: Reader): Letter | null {
  const t = translator(reader.actor.language)
  const what = `mails.means.${detail.verb}`
  if (!t.has(what)) return null
  // What was only proposed, or used, has changed nothing yet: it is called what it is.
  const own = (part: 'subject' | 'otherwise'): string | undefined => {
    const key = `mails.means.${part}.${detail.verb}`
    return t.has(key) ? t(key) : undefined
  }
  return notice(context, t, {
    subject: own('subject') ?? t('mails.means.subject'),
    otherwise: own('otherwise'),
    what: t(what, { when: whenOf(detail, t, context.settings.zone) }),
    button: t('mails.means.button'),
    path: '/account/means',
  })
}

/** Two accounts of the reader were made one, or stand apart again; `kept` is told at the address that ends alone. */
function accountsOne(
  context: Context,
  template: 'accounts-merged' | 'accounts-parted',
  detail: Delivery['detail'],
  reader: Reader,
): Letter {
  const t = translator(reader.actor.language)
  const here = template === 'accounts-merged' && detail.kept === undefined
  return notice(context, t, {
    subject: t(`doubles.mail.${template}.subject`),
    what: t(`doubles.mail.${template}.${here ? 'here' : 'what'}`, {
      when: whenOf(detail, t, context.settings.zone),
      kept: String(detail.kept),
    }),
    otherwise: t('doubles.mail.otherwise'),
    button: t('doubles.mail.button'),
    path: '/account',
  })
}

function linkLetter(
  context: Context,
  { words, path }: { words: string; path: string },
  token: string,
  reader: Reader,
  { detail }: Delivery,
): Letter {
  const t = translator(reader.actor.language)
  const said = saidIn(detail, t)
  const href = `${context.settings.baseUrl}${path}${token}`
  return personalLetter(t, t(`mails.${words}.subject`, said), t(`mails.${words}.answer`, said), [
    { kind: 'button', label: t(`mails.${words}.button`), href },
    { kind: 'paragraph', text: t(`mails.${words}.otherwise`) },
    whomToCall(context, t, 'mails.account.sent'),
  ])
}

/** What an invitation names besides its link; the others name nothing. */
const saidIn = ({ organisation, by, role }: Delivery['detail'], t: T): Record<string, string> =>
  role === undefined ? {} : { organisation: String(organisation), by: String(by), role: t(`ui.role.${role}`) }

/** For keeping, away from the servers: nothing to press, nothing that runs out. */
function trailHead({ detail }: Delivery, reader: Reader): Letter {
  const t = translator(reader.actor.language)
  const head = `${detail.seq}:${detail.link}`
  return personalLetter(t, `${t('mails.trail.subject')} ${detail.day}`, t('mails.trail.answer'), [
    { kind: 'paragraph', text: `${t('mails.trail.head', { lines: Number(detail.seq) })}: ${head}` },
    { kind: 'paragraph', text: `${t('mails.trail.check')}: bin/hsoc audit verify --head ${head}` },
    { kind: 'small', lines: [t('mails.trail.sent')] },
  ])
}

/** The events module queues it with the sensor's name and number, and the end of the certificate as `until`. */
function certificateEnds(context: Context, { detail }: Delivery, reader: Reader): Letter {
  const t = translator(reader.actor.language)
  const { baseUrl, zone } = context.settings
  const said = { sensor: String(detail.sensor), until: exact(Date.parse(String(detail.until)), t, zone) }
  return personalLetter(t, t('mails.certificate.subject', said), t('mails.certificate.answer', said), [
    { kind: 'paragraph', text: t('mails.certificate.renew') },
    {
      kind: 'button',
      label: t('mails.certificate.button'),
      href: `${baseUrl}/sensors/${Number(detail.id)}#certificates`,
    },
    { kind: 'small', lines: [t('mails.certificate.sent')] },
  ])
}

/** Mails to a person as such: about the own account and what it manages (a token is sealed in the row and appears in the mail alone), and the trail's head. */
import type { Context } from '../../platform/context.ts'
import { exact } from '../../platform/dates.ts'
import { translator } from '../../platform/i18n.ts'
import { unseal } from '../../platform/seal.ts'
import { type Letter, subjectLine } from './letter.tsx'
import type { Delivery } from './post.ts'
import type { Reader } from './recipients.ts'

/** The letter, or null when its token cannot be opened or has run out. */
export function accountLetter(
  context: Context,
  delivery: Delivery,
  reader: Reader,
  now: number,
): Letter | null {
  const { template, sealed, until } = delivery.detail
  if (template === 'trail-head') return trailHead(delivery, reader)
  if (typeof until === 'string' && Date.parse(until) <= now) return null
  if (template === 'sensor-certificate') return certificateEnds(context, delivery, reader)
  const write = letters[String(template)]
  if (!write || typeof sealed !== 'string') return null
  const token = unseal(context.settings.secret, sealed)
  return token === null ? null : write(context, token, reader, delivery)
}

type Write = (context: Context, token: string, reader: Reader, delivery: Delivery) => Letter

/** Letters that carry a token, by their template. */
const letters: Record<string, Write> = { 'password-reset': passwordReset, invitation }

function invitation(context: Context, token: string, reader: Reader, { detail }: Delivery): Letter {
  const lang = reader.actor.language
  const t = translator(lang)
  const { organisation, by } = detail as { organisation: string; by: string }
  const phone = context.settings.coordinatorPhone
  return {
    lang,
    subject: subjectLine({
      exercise: false,
      tlp: null,
      text: t('mails.invitation.subject', { organisation }),
    }),
    kind: 'account',
    label: null,
    banner: null,
    answer: t('mails.invitation.answer', { by, organisation, role: t(`ui.role.${detail.role}`) }),
    blocks: [
      {
        kind: 'button',
        label: t('mails.invitation.button'),
        href: `${context.settings.baseUrl}/invitation/${token}`,
      },
      { kind: 'paragraph', text: t('mails.invitation.otherwise') },
      { kind: 'small', lines: phone ? [t('mails.phone', { phone })] : [] },
    ],
    leave: null,
  }
}

function passwordReset(context: Context, token: string, reader: Reader): Letter {
  const lang = reader.actor.language
  const t = translator(lang)
  const phone = context.settings.coordinatorPhone
  return {
    lang,
    subject: subjectLine({ exercise: false, tlp: null, text: t('mails.reset.subject') }),
    kind: 'account',
    label: null,
    banner: null,
    answer: t('mails.reset.answer'),
    blocks: [
      {
        kind: 'button',
        label: t('mails.reset.button'),
        href: `${context.settings.baseUrl}/new-password/${token}`,
      },
      { kind: 'paragraph', text: t('mails.reset.otherwise') },
      { kind: 'small', lines: phone ? [t('mails.phone', { phone })] : [t('mails.reset.sent')] },
    ],
    leave: null,
  }
}

/** For keeping, away from the servers: nothing to press, nothing that runs out. */
function trailHead({ detail }: Delivery, reader: Reader): Letter {
  const lang = reader.actor.language
  const t = translator(lang)
  const head = `${detail.seq}:${detail.link}`
  return {
    lang,
    subject: subjectLine({ exercise: false, tlp: null, text: `${t('mails.trail.subject')} ${detail.day}` }),
    kind: 'account',
    label: null,
    banner: null,
    answer: t('mails.trail.answer'),
    blocks: [
      { kind: 'paragraph', text: `${t('mails.trail.head', { lines: Number(detail.seq) })}: ${head}` },
      { kind: 'paragraph', text: `${t('mails.trail.check')}: bin/hsoc audit verify --head ${head}` },
      { kind: 'small', lines: [t('mails.trail.sent')] },
    ],
    leave: null,
  }
}

/** The events module queues it with the sensor's name and number, and the end of the certificate as `until`. */
function certificateEnds(context: Context, { detail }: Delivery, reader: Reader): Letter {
  const lang = reader.actor.language
  const t = translator(lang)
  const { baseUrl, zone } = context.settings
  const said = { sensor: String(detail.sensor), until: exact(Date.parse(String(detail.until)), t, zone) }
  return {
    lang,
    subject: subjectLine({ exercise: false, tlp: null, text: t('mails.certificate.subject', said) }),
    kind: 'account',
    label: null,
    banner: null,
    answer: t('mails.certificate.answer', said),
    blocks: [
      { kind: 'paragraph', text: t('mails.certificate.renew') },
      {
        kind: 'button',
        label: t('mails.certificate.button'),
        href: `${baseUrl}/sensors/${Number(detail.id)}#certificates`,
      },
      { kind: 'small', lines: [t('mails.certificate.sent')] },
    ],
    leave: null,
  }
}

/** Mails about a person's own account. The token is sealed in the row and appears in the mail alone. */
import type { Context } from '../../platform/context.ts'
import { exact } from '../../platform/dates.ts'
import { type T, translator } from '../../platform/i18n.ts'
import { unseal } from '../../platform/seal.ts'
import { deviceOf } from '../members/index.ts'
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
  if (template === 'new-device') return newDevice(context, delivery.detail, reader)
  if (template === 'means-changed') return meansChanged(context, delivery.detail, reader)
  const words = typeof template === 'string' && Object.hasOwn(links, template) && links[template]
  if (!words || typeof sealed !== 'string') return null
  if (typeof until === 'string' && Date.parse(until) <= now) return null
  const token = unseal(context.settings.secret, sealed)
  return token === null ? null : linkLetter(context, words, token, reader)
}

/** Mails whose link is the proof: by the template, its words and where the link leads. */
const links: Record<string, { words: 'reset' | 'recovery'; path: string }> = {
  'password-reset': { words: 'reset', path: '/new-password/' },
  'access-recovery': { words: 'recovery', path: '/recover/' },
}

/** What a notice about one's own account says; `what` is its sentence, `button` leads to where it can be put right. */
function notice(
  context: Context,
  t: T,
  words: { subject: string; what: string; button: string; path: string },
): Letter {
  const phone = context.settings.coordinatorPhone
  return {
    lang: t.lang,
    subject: subjectLine({ exercise: false, tlp: null, text: words.subject }),
    kind: 'account',
    label: null,
    banner: null,
    answer: words.what,
    blocks: [
      { kind: 'paragraph', text: t('mails.account.otherwise') },
      { kind: 'button', label: words.button, href: context.settings.baseUrl + words.path },
      { kind: 'small', lines: [phone ? t('mails.phone', { phone }) : t('mails.account.sent')] },
    ],
    leave: null,
  }
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
  return notice(context, t, {
    subject: t('mails.means.subject'),
    what: t(what, { when: whenOf(detail, t, context.settings.zone) }),
    button: t('mails.means.button'),
    path: '/account/means',
  })
}

function linkLetter(
  context: Context,
  { words, path }: { words: string; path: string },
  token: string,
  reader: Reader,
): Letter {
  const lang = reader.actor.language
  const t = translator(lang)
  const phone = context.settings.coordinatorPhone
  return {
    lang,
    subject: subjectLine({ exercise: false, tlp: null, text: t(`mails.${words}.subject`) }),
    kind: 'account',
    label: null,
    banner: null,
    answer: t(`mails.${words}.answer`),
    blocks: [
      {
        kind: 'button',
        label: t(`mails.${words}.button`),
        href: `${context.settings.baseUrl}${path}${token}`,
      },
      { kind: 'paragraph', text: t(`mails.${words}.otherwise`) },
      { kind: 'small', lines: phone ? [t('mails.phone', { phone })] : [t('mails.account.sent')] },
    ],
    leave: null,
  }
}

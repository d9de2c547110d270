/** What a call says by mail and by short message. Above GREEN it is the number and the link alone, unless the mail is encrypted to its reader (mail.md 1). */
import type { Context } from '../../platform/context.ts'
import { exact } from '../../platform/dates.ts'
import { type T, translator } from '../../platform/i18n.ts'
import {
  type Block,
  type Delivery,
  exerciseMark,
  type Letter,
  labelLine,
  plain,
  type Reader,
  type ShortCall,
  subjectLine,
} from '../channels/index.ts'
import { linkFor } from './links.ts'
import { stillToSend } from './stop.ts'
import { type Broadcast, seen } from './types.ts'
import { isExercise, isOpenWord, labelOutside, nameOf } from './words.ts'

/** The hand that the outbox writes calls with. */
export async function rollcallLetter(
  context: Context,
  delivery: Delivery,
  reader: Reader,
  now: number,
): Promise<Letter | { dropped: string }> {
  const call = await stillToSend(context.db.engine, Number(delivery.detail.broadcast), delivery, reader)
  if ('dropped' in call) return call
  const t = translator(reader.actor.language)
  if (delivery.detail.cancelled === true) return cancelledLetter(context, call, t)
  const { person, org } = delivery
  const link =
    person === null || org === null
      ? null
      : await linkFor(context, { delivery: delivery.id, broadcast: call.id, org, person }, now)
  return letter(context, call, reader, link)
}

const frame = (call: Broadcast, t: T, text: string): Omit<Letter, 'answer' | 'blocks'> => ({
  lang: t.lang,
  subject: subjectLine({ exercise: isExercise(call.class), tlp: call.tlp, text }),
  kind: 'rollcall',
  label: labelLine(call.tlp, t),
  banner: isExercise(call.class) ? `${exerciseMark}: ${t('rollcalls.mail.drill')}` : null,
  leave: null,
})

function letter(context: Context, call: Broadcast, reader: Reader, link: string | null): Letter {
  const t = translator(reader.actor.language)
  // What stands outside of the encrypted part is as if there were none.
  const isWhole = isOpenWord(call) || reader.encrypted === true
  const title = isWhole ? call.title : ''
  const { baseUrl, zone, coordinatorPhone } = context.settings
  const deadline = call.deadlineAt === null ? '' : exact(call.deadlineAt, t, zone)
  const body = isWhole && call.body ? call.body.split(/\n{2,}/) : []
  const choices = [
    ...call.answers.map((one) => ({ word: one.code, label: labelOutside(call, one, t, isWhole) })),
    { word: seen, label: t('rollcalls.seen') },
  ]
  const blocks: Block[] = [
    ...body.map((text): Block => ({ kind: 'paragraph', text })),
    ...(isWhole && call.room
      ? [{ kind: 'paragraph', text: t('rollcalls.mail.room', { room: call.room }) } as const]
      : []),
    ...(call.answers.length > 0
      ? [{ kind: 'paragraph', text: t('rollcalls.mail.by', { deadline }) } as const]
      : []),
    link === null
      ? { kind: 'paragraph', text: t('rollcalls.mail.contact') }
      : {
          kind: 'choices',
          label: t('rollcalls.mail.answer'),
          href: link,
          choices: choices.map(({ word, label }) => ({ label, href: `${link}?answer=${word}` })),
        },
    { kind: 'button', label: t('rollcalls.mail.open'), href: `${baseUrl}/rollcalls/${call.id}` },
    {
      kind: 'small',
      lines: [
        ...(coordinatorPhone ? [t('mails.phone', { phone: coordinatorPhone })] : []),
        t('rollcalls.mail.sent'),
        ...(reader.as === 'contact' ? [] : [{ label: t('mails.preferences'), href: `${baseUrl}/account` }]),
      ],
    },
  ]
  const name = nameOf(call, t)
  return {
    ...frame(call, t, isOpenWord(call) ? `${name}: ${title}` : name),
    answer: t(`rollcalls.mail.say.${call.class}`, { number: call.number ?? '', title }),
    blocks,
  }
}

function cancelledLetter(context: Context, call: Broadcast, t: T): Letter {
  const name = nameOf(call, t)
  return {
    ...frame(call, t, t('rollcalls.mail.cancelled.subject', { name })),
    answer: t('rollcalls.mail.cancelled', { name }),
    blocks: [
      { kind: 'paragraph', text: t('rollcalls.mail.cancelled.what') },
      {
        kind: 'button',
        label: t('rollcalls.mail.open'),
        href: `${context.settings.baseUrl}/rollcalls/${call.id}`,
      },
    ],
  }
}

/** The same by text message, without the answers where no reply comes back: `hSOC POPLACH 3/2026: otevrete portal. Odpovezte cislem a kodem 7F3K: 1 bez dopadu, …` (mail.md 11). A push message has the class alone. */
export const rollcallShort: ShortCall = async (context, way, delivery, reader) => {
  const call = await stillToSend(context.db.engine, Number(delivery.detail.broadcast), delivery, reader)
  if ('dropped' in call) return call
  const t = translator(reader.actor.language)
  const name = nameOf(call, t)
  const where = { number: name, path: `/rollcalls/${call.id}` }
  if (way.name === 'push')
    return {
      ...where,
      text: t(`rollcalls.push.${delivery.detail.cancelled === true ? 'cancelled' : call.class}`),
    }
  if (delivery.detail.cancelled === true) return { ...where, text: t('rollcalls.short.cancelled', { name }) }
  if (call.answers.length === 0) return { ...where, text: t('rollcalls.short.test', { name }) }
  if (!way.hears) return { ...where, text: t('rollcalls.short.deaf', { name }) }
  const answers = call.answers.map((one) => `${one.code} ${short(labelOutside(call, one, t), t)}`).join(', ')
  return { ...where, text: t('rollcalls.short', { name, code: String(delivery.detail.code ?? ''), answers }) }
}

/** The usual ones have short words of their own; others are cut. */
const longestShort = 20
function short(label: string, t: T): string {
  const usual: Record<string, string> = {
    'Jsme zasaženi': 'zasazeni',
    'Potřebujeme pomoc': 'pomoc',
    'Zatím nevíme': 'nevime',
    'We are affected': 'affected',
    'We need help': 'help',
    'We do not know yet': 'unknown',
  }
  return usual[label] ?? plain(label).toLocaleLowerCase(t.locale).slice(0, longestShort)
}

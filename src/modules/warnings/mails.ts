/** What mails about warnings say, read as their reader. Advice yes; addresses and evidence stay on the page. */
import { asActor } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import { short } from '../../platform/dates.ts'
import { NotFound } from '../../platform/errors.ts'
import { type T, translator } from '../../platform/i18n.ts'
import {
  type Block,
  type Delivery,
  exerciseMark,
  type Held,
  type Letter,
  labelLine,
  leaveUrl,
  type Period,
  type Reader,
  subjectLine,
  type Writers,
} from '../channels/index.ts'
import { actionsFor, makeLink } from './action-links.ts'
import { digestLetter, type MoreOf } from './digest-mail.ts'
import { bodyIsAllowed, pageOf, severityName } from './mail-parts.ts'
import { isSettled } from './oncall/settled.ts'
import { adviceOf, bandWords, ruleTextOf, titleOf } from './pages/words.ts'
import { getWarning } from './queries.ts'
import type { AnswerWord, WarningDetail } from './types.ts'
import { writtenLetter } from './written/letters.ts'

/** The hands that the outbox writes with. */
export const mailWriters: Writers = {
  warning: async (context: Context, delivery: Delivery, reader: Reader, now: number) =>
    (await isSettled(context.db.engine, delivery.topic, now))
      ? null
      : (delivery.written === null ? warningLetter : writtenLetter)(context, delivery, reader, now),
  digest: (context: Context, reader: Reader, held: Held[], period: Period, now: number) =>
    digestLetter(context, reader, held, period, now),
}

/** The same with what a higher module writes of: letters of its own kind, and its part of the digest. */
export const writersWith = (
  own: (delivery: Delivery) => boolean,
  letter: Writers['warning'],
  more: MoreOf,
): Writers => ({
  warning: (context, delivery, reader, now) =>
    (own(delivery) ? letter : mailWriters.warning)(context, delivery, reader, now),
  digest: (context, reader, held, period, now) => digestLetter(context, reader, held, period, now, more),
})

interface Telling {
  context: Context
  delivery: Delivery
  reader: Reader
  warning: WarningDetail
  t: T
  now: number
}

async function warningLetter(
  context: Context,
  delivery: Delivery,
  reader: Reader,
  now: number,
): Promise<Letter | null> {
  const warning = await readAs(context, reader, delivery.warning, now)
  if (!warning) return null
  const telling = { context, delivery, reader, warning, t: translator(reader.actor.language), now }
  return bodyIsAllowed(warning) ? fullLetter(telling) : notice(telling)
}

/** The warning as this reader may see it, or null. */
async function readAs(
  context: Context,
  reader: Reader,
  id: number | null,
  now: number,
): Promise<WarningDetail | null> {
  if (id === null) return null
  try {
    return await asActor(context.db, reader.actor, now, (tx) => getWarning(tx, id))
  } catch (error) {
    if (error instanceof NotFound) return null
    throw error
  }
}

/** Words before the title that tell an update from a new trouble; a new one has none. */
const tagged = new Set<Delivery['kind']>(['update', 'relapse', 'ladder'])

function subjectOf({ delivery, warning, t }: Telling, title: string): string {
  const said = beyond(delivery)
  const tag = said ? ` ${t(`mails.tag.${said}`)}:` : ''
  return subjectLine({
    exercise: warning.lane === 2,
    tlp: warning.tlp,
    text: `${warning.number}${tag} ${title}`.trim(),
  })
}

function frame(telling: Telling): Pick<Letter, 'lang' | 'kind' | 'label' | 'banner' | 'leave'> {
  const { delivery, reader, warning, t } = telling
  const exercise = warning.lane === 2
  return {
    lang: reader.actor.language,
    kind: exercise ? 'exercise' : delivery.kind,
    label: labelLine(warning.tlp, t),
    banner: exercise ? `${exerciseMark} – ${t('mails.exercise')}` : null,
    // High and critical warnings cannot be left, only set in the account.
    leave: (delivery.severity ?? 0) < 3 ? 'singles' : null,
  }
}

function notice(telling: Telling): Letter {
  const { context, warning, t } = telling
  return {
    ...frame(telling),
    subject: subjectOf(telling, ''),
    answer: t('mails.notice'),
    blocks: [{ kind: 'button', label: t('mails.open'), href: pageOf(context, warning) }, footer(telling)],
  }
}

async function fullLetter(telling: Telling): Promise<Letter> {
  const { context, delivery, reader, warning, t } = telling
  const lang = reader.actor.language
  const title = titleOf(warning.title, lang)
  const advice = adviceOf(warning.title, lang)
  const said = beyond(delivery)
  const managing = isManaging(reader)
  const band = warning.seenBand ? ` ${t('mails.seenBand', { band: bandWords(warning.seenBand, t) })}` : ''
  return {
    ...frame(telling),
    subject: subjectOf(telling, title),
    answer: ruleTextOf(warning.explanation, t).answer,
    blocks: [
      { kind: 'heading', text: title },
      { kind: 'paragraph', text: facts(telling) },
      ...(said ? [{ kind: 'paragraph' as const, text: t(`mails.kind.${said}`) }] : []),
      { kind: 'paragraph', text: `${advice.happened} ${advice.outcome}${band}` },
      ...(managing ? forManagers(advice.manager, t) : steps(advice.quick, advice.today, t)),
      { kind: 'button', label: t('mails.open'), href: pageOf(context, warning) },
      ...(await answers(telling)),
      footer(telling),
    ],
  }
}

function facts({ warning, t, now }: Telling): string {
  return [
    warning.number,
    t('mails.severity', { severity: t(`ui.severity.${severityName(warning.severity)}`) }),
    ...(warning.orgName ? [warning.orgName] : []),
    t('mails.since', { when: short(warning.firstAt, now, t) }),
    t(warning.going ? 'mails.going' : 'mails.over'),
  ].join(' · ')
}

/** What this mail adds to those before it; null for a new trouble. Topics of talk are made in notices.ts: `warning 12 reply …`. */
function beyond({ kind, topic }: Delivery): string | null {
  if (kind === 'talk') return topic.includes(' reply ') ? 'reply' : 'question'
  return tagged.has(kind) ? kind : null
}

/** Directors and data protection officers get what it means, not what to type. */
const isManaging = (reader: Reader): boolean =>
  reader.roles.length > 0 && reader.roles.every((role) => role === 'manager' || role === 'dpo')

const forManagers = (text: string, t: T): Block[] => [
  { kind: 'heading', text: t('mails.manager') },
  { kind: 'paragraph', text },
]

const steps = (quick: { text: string }[], today: { text: string }[], t: T): Block[] => [
  { kind: 'heading', text: t('mails.quick') },
  { kind: 'steps', items: quick.map((step) => step.text) },
  { kind: 'heading', text: t('mails.today') },
  { kind: 'steps', items: today.map((step) => step.text) },
]

/** The letters serve answers by text message too, so that people learn one set. */
const order: AnswerWord[] = ['working', 'seen', 'done', 'not_affected', 'false_alarm']

async function answers(telling: Telling): Promise<Block[]> {
  const { context, delivery, reader, warning, t, now } = telling
  if (reader.as !== 'member' || delivery.person === null) return []
  const actions = actionsFor(reader.actor, warning.org)
  if (actions.length === 0) return []
  const token = await makeLink(
    context,
    { delivery: delivery.id, warning: warning.id, person: delivery.person, actions },
    now,
  )
  const href = `${context.settings.baseUrl}/a/${token}`
  const choices = order
    .filter((word) => actions.includes(word))
    .map((word) => ({ label: t(`mails.answer.${word}`), href: `${href}?answer=${word}` }))
  return [{ kind: 'choices', label: t('mails.answer'), href, choices }]
}

function footer(telling: Telling): Block {
  const { context, delivery, reader, warning, t } = telling
  const { coordinatorPhone: phone, baseUrl } = context.settings
  const { leave } = frame(telling)
  const role = reader.roles.map((one) => t(`ui.role.${one}`)).join(', ')
  return {
    kind: 'small',
    lines: [
      ...(phone ? [t('mails.phone', { phone })] : []),
      t(`mails.why.${reader.as}`, { role, org: warning.orgName ?? '' }),
      ...(leave ? [{ label: t('mails.leave'), href: leaveUrl(context, leave, delivery.address) }] : []),
      ...(reader.as === 'contact' ? [] : [{ label: t('mails.preferences'), href: `${baseUrl}/account` }]),
    ],
  }
}

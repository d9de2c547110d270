/**
 * Mails about advisories that concern an inventory, read as their reader. They are the organisation's own, so they bear TLP:AMBER:
 * the advisory's title and how many pieces; which ones and where stays on the page.
 */
import { asActor } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import type { Queryable } from '../../platform/database.ts'
import { NotFound } from '../../platform/errors.ts'
import { type T, translator } from '../../platform/i18n.ts'
import {
  type Block,
  type Delivery,
  type Held,
  type Letter,
  labelLine,
  leaveUrl,
  type Reader,
  subjectLine,
  type Writers,
} from '../channels/index.ts'
import { type Listing, reasonsWords, writersWith } from '../warnings/index.ts'
import { type MatchLine, matchAt } from './read.ts'
import { concernsWords, sureWords } from './words.ts'

const severities = ['info', 'low', 'medium', 'high', 'critical'] as const

/** The hands that the outbox writes with. */
export const mailWriters: Writers = writersWith(({ match }) => match !== null, matchLetter, digestItems)

/** Null: the reader may no longer read it, or it fell away before the mail went out. */
async function matchLetter(
  context: Context,
  delivery: Delivery,
  reader: Reader,
  now: number,
): Promise<Letter | null> {
  const t = translator(reader.actor.language)
  const item = await asActor(context.db, reader.actor, now, (tx) => readable(tx, delivery.match ?? 0))
  if (delivery.kind === 'revoked') return goneLetter(context, delivery, reader, item, t)
  if (!item || item.closedWhy !== null) return null
  const urgent = item.severity >= 3
  return {
    ...frame(delivery, reader, t),
    subject: subjectLine({
      exercise: false,
      tlp: 'AMBER',
      text: t('matches.mail.subject', { title: item.title }),
    }),
    answer: concernsWords(t, item),
    leave: urgent ? null : 'singles',
    blocks: [
      { kind: 'heading', text: item.title },
      { kind: 'paragraph', text: factsOf(item, t) },
      ...(delivery.kind === 'update' ? [{ kind: 'paragraph' as const, text: t('matches.mail.update') }] : []),
      { kind: 'paragraph', text: t('matches.mail.todo') },
      { kind: 'button', label: t('mails.open'), href: pageOf(context, item.id) },
      footer(context, delivery, reader, urgent, t),
    ],
  }
}

async function readable(tx: Queryable, id: number): Promise<MatchLine | null> {
  try {
    return await matchAt(tx, id)
  } catch (error) {
    if (error instanceof NotFound) return null
    throw error
  }
}

const pageOf = ({ settings }: Context, id: number): string => `${settings.baseUrl}/matches/${id}`

const frame = (delivery: Delivery, reader: Reader, t: T) => ({
  lang: reader.actor.language,
  kind: delivery.kind,
  label: labelLine('AMBER', t),
  banner: null,
})

const factsOf = (item: MatchLine, t: T): string =>
  [
    t('mails.severity', { severity: t(`ui.severity.${severities[item.severity]}`) }),
    ...(item.patientSafety ? [t('advisories.safety')] : []),
    ...(item.exploited ? [t('advisories.exploited')] : []),
    `${item.publisher}, ${item.trackingId}`,
    item.orgName,
    sureWords(t, item.sure),
  ].join(' · ')

/** To who was told: it no longer concerns them. Of an advisory that they may not read any more, nothing but that. */
function goneLetter(
  context: Context,
  delivery: Delivery,
  reader: Reader,
  item: MatchLine | null,
  t: T,
): Letter | null {
  // Meanwhile it concerns them again.
  if (item && item.closedWhy === null) return null
  const mark = t('matches.mail.gone')
  return {
    ...frame(delivery, reader, t),
    leave: null,
    subject: subjectLine({ exercise: false, tlp: 'AMBER', text: item ? `${mark}: ${item.title}` : mark }),
    answer: mark,
    blocks: [
      ...(item ? [{ kind: 'heading' as const, text: item.title }] : []),
      { kind: 'paragraph', text: t(`matches.closed.${item?.closedWhy ?? 'label'}`) },
      ...(item ? [{ kind: 'button' as const, label: t('mails.open'), href: pageOf(context, item.id) }] : []),
      footer(context, delivery, reader, true, t),
    ],
  }
}

function footer(context: Context, delivery: Delivery, reader: Reader, urgent: boolean, t: T): Block {
  const { coordinatorPhone: phone, baseUrl } = context.settings
  return {
    kind: 'small',
    lines: [
      ...(phone ? [t('mails.phone', { phone })] : []),
      t('matches.mail.why'),
      ...(urgent ? [] : [{ label: t('mails.leave'), href: leaveUrl(context, 'singles', delivery.address) }]),
      ...(reader.as === 'contact' ? [] : [{ label: t('mails.preferences'), href: `${baseUrl}/account` }]),
    ],
  }
}

/** What waited for the digest, each once, as far as it still concerns its reader; the most severe first. */
async function digestItems(context: Context, tx: Queryable, held: Held[], t: T): Promise<Listing> {
  const reasons = new Map<number, Set<string>>()
  for (const { match, reason } of held)
    if (match !== null) reasons.set(match, (reasons.get(match) ?? new Set()).add(reason))
  const listed: MatchLine[] = []
  for (const id of reasons.keys()) {
    const item = await readable(tx, id)
    if (item && item.closedWhy === null) listed.push(item)
  }
  listed.sort((a, b) => b.severity - a.severity)
  return {
    title: t('matches.digest'),
    items: listed.map((item) => ({
      title: item.title,
      lines: [concernsWords(t, item), factsOf(item, t), reasonsWords(reasons.get(item.id) ?? [], t)],
      href: pageOf(context, item.id),
    })),
    waits: listed.some(({ answer }) => answer === 'pending'),
    limited: listed.filter(({ id }) => reasons.get(id)?.has('budget')).map(({ orgName }) => orgName),
  }
}

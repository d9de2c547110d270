/** The digest: what waited for it and why, and the figures of the reader's organisations. */
import { asActor, isCoordinator, organisationsOf, organisationsRead } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import type { Queryable } from '../../platform/database.ts'
import { dayBounds, dayShort } from '../../platform/dates.ts'
import { NotFound } from '../../platform/errors.ts'
import { type T, translator } from '../../platform/i18n.ts'
import {
  type Block,
  dailyLimit,
  exerciseMark,
  type Held,
  type Item,
  type Letter,
  labelLine,
  leaveUrl,
  type Period,
  type Reader,
  subjectLine,
} from '../channels/index.ts'
import { bodyIsAllowed, pageOf, severityName } from './mail-parts.ts'
import { standingWords, titleOf } from './pages/words.ts'
import { getWarning } from './queries.ts'
import type { WarningDetail } from './types.ts'
import { writtenItems } from './written/items.ts'

/** Warnings listed one by one; the rest is counted. */
const most = 100

interface Listed {
  warning: WarningDetail
  reasons: string[]
}

/** What a higher module lists in the digest besides: a heading and its items, none when nothing is left to say. */
export interface Listing {
  title: string
  items: Item[]
}
export type MoreOf = (context: Context, tx: Queryable, held: Held[], t: T) => Promise<Listing>

const noMore: MoreOf = async () => ({ title: '', items: [] })

interface Figures {
  org: number
  events: number
  known: number
  dropped: number
}

/** The letter, or null when nothing of what waited may be read any more. */
export async function digestLetter(
  context: Context,
  reader: Reader,
  held: Held[],
  period: Period,
  now: number,
  moreOf: MoreOf = noMore,
): Promise<Letter | null> {
  const t = translator(reader.actor.language)
  const { listed, written, more, figures } = await asActor(context.db, reader.actor, now, async (tx) => ({
    listed: await list(tx, held),
    written: await writtenItems(context, tx, held, reader, t),
    more: await moreOf(context, tx, held, t),
    figures: await figuresOf(tx, reader, period),
  }))
  const n = listed.length + written.length + more.items.length
  if (n === 0) return null
  return {
    lang: t.lang,
    subject: subjectLine({
      exercise: false,
      tlp: 'AMBER',
      text: t('mails.digest.subject', { when: periodWords(period, t), n }),
    }),
    kind: 'digest',
    label: labelLine('AMBER', t),
    banner: null,
    answer: t(
      listed.some(({ warning }) => warning.answer === 'pending')
        ? 'mails.digest.waiting'
        : 'mails.digest.calm',
      { n },
    ),
    blocks: [
      ...limits(listed, t),
      ...sections(context, listed, t),
      ...listingBlocks({ title: t('written.digest'), items: written }),
      ...listingBlocks(more),
      ...figureBlocks(figures, reader, period, t),
      { kind: 'button', label: t('mails.digest.open'), href: `${context.settings.baseUrl}/warnings` },
      footer(context, reader, t),
    ],
    leave: 'digest',
  }
}

const listingBlocks = ({ title, items }: Listing): Block[] =>
  items.length === 0
    ? []
    : [
        { kind: 'heading', text: title },
        { kind: 'items', items },
      ]

/** Each warning once, with every reason for which something about it waited; the most severe first. */
async function list(tx: Queryable, held: Held[]): Promise<Listed[]> {
  const reasons = new Map<number, Set<string>>()
  for (const { warning, reason } of held)
    if (warning !== null) reasons.set(warning, (reasons.get(warning) ?? new Set()).add(reason))
  const listed: Listed[] = []
  for (const [id, why] of reasons) {
    const warning = await readable(tx, id)
    if (warning) listed.push({ warning, reasons: [...why] })
  }
  return listed.sort((a, b) => b.warning.severity - a.warning.severity || b.warning.lastAt - a.warning.lastAt)
}

async function readable(tx: Queryable, id: number): Promise<WarningDetail | null> {
  try {
    return await getWarning(tx, id)
  } catch (error) {
    if (error instanceof NotFound) return null
    throw error
  }
}

/** That a limit was hit is said first, with how much it held back. */
function limits(listed: Listed[], t: T): Block[] {
  const byOrg = new Map<string, number>()
  for (const { warning, reasons } of listed)
    if (reasons.includes('budget')) byOrg.set(orgName(warning, t), (byOrg.get(orgName(warning, t)) ?? 0) + 1)
  return [...byOrg].map(([org, n]) => ({
    kind: 'paragraph',
    text: t('mails.digest.limit', { limit: dailyLimit, org, n }),
  }))
}

const orgName = (warning: WarningDetail, t: T): string => warning.orgName ?? t('mails.digest.sector')

function sections(context: Context, listed: Listed[], t: T): Block[] {
  const groups = new Map<string, Listed[]>()
  for (const one of listed.slice(0, most)) {
    const name = orgName(one.warning, t)
    groups.set(name, [...(groups.get(name) ?? []), one])
  }
  const rest = listed.length - most
  return [
    ...[...groups].flatMap(([name, own]): Block[] => [
      { kind: 'heading', text: name },
      { kind: 'items', items: own.map((one) => itemOf(context, one, t)) },
    ]),
    ...(rest > 0 ? [{ kind: 'paragraph' as const, text: t('mails.digest.rest', { n: rest }) }] : []),
  ]
}

function itemOf(context: Context, { warning, reasons }: Listed, t: T): Item {
  const title = bodyIsAllowed(warning) ? titleOf(warning.title, t.lang) : t('mails.notice')
  return {
    title: warning.lane === 2 ? `${exerciseMark}: ${title}` : title,
    lines: [
      [
        warning.number,
        t('mails.severity', { severity: t(`ui.severity.${severityName(warning.severity)}`) }),
        standingWords(warning, t),
      ].join(' · '),
      t('mails.held', { why: t.list(reasons.map((reason) => t(`mails.held.${reason}`))) }),
    ],
    href: pageOf(context, warning),
  }
}

/** Totals of the days before, of each organisation the reader serves; for coordinators those of the sector. */
async function figuresOf(tx: Queryable, reader: Reader, period: Period): Promise<Figures[]> {
  const orgs = [...(isCoordinator(reader.actor) ? [0] : []), ...organisationsRead(reader.actor)]
  const hour = (ms: number): number => Math.floor(ms / 3_600_000)
  const { rows } = await tx.query<Figures & Record<string, unknown>>(
    `select organisation_now(org_id) as org, sum(events)::float8 as events, sum(dropped + passed + partial)::float8 as known,
       sum(dropped + share / 1e6)::float8 as dropped
     from totals where org_id = any ($1) and lane = 0 and dim = 0 and hour >= $2 and hour < $3 group by 1 order by 1`,
    [orgs, hour(dayBounds(period.from).from), hour(dayBounds(period.to).to)],
  )
  return rows
}

function figureBlocks(figures: Figures[], reader: Reader, period: Period, t: T): Block[] {
  if (figures.length === 0) return []
  const nameOf = new Map(organisationsOf(reader.actor).map((org) => [org.id, org.name]))
  const lines = figures.map((row) => {
    const org = row.org === 0 ? t('mails.digest.sector') : (nameOf.get(row.org) ?? '')
    const share = row.known === 0 ? null : row.dropped / row.known
    return t('mails.digest.figures', { org, n: row.events, share: t.percent(share) })
  })
  return [
    { kind: 'heading', text: t('mails.digest.perimeter', { when: periodWords(period, t) }) },
    ...lines.map((text) => ({ kind: 'paragraph' as const, text })),
  ]
}

const periodWords = (period: Period, t: T): string =>
  period.from === period.to
    ? dayShort(period.to, t, true)
    : `${dayShort(period.from, t)} – ${dayShort(period.to, t, true)}`

function footer(context: Context, reader: Reader, t: T): Block {
  const { coordinatorPhone: phone, baseUrl } = context.settings
  return {
    kind: 'small',
    lines: [
      ...(phone ? [t('mails.phone', { phone })] : []),
      t('mails.digest.why'),
      { label: t('mails.leave'), href: leaveUrl(context, 'digest', reader.actor.email) },
      ...(reader.as === 'contact' ? [] : [{ label: t('mails.preferences'), href: `${baseUrl}/account` }]),
    ],
  }
}

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

/** Listed one by one of each sort; the rest is counted. */
const most = 100

interface Listed {
  warning: WarningDetail
  reasons: string[]
}

/** What a higher module lists in the digest besides: a heading and its items, none when nothing is left to say. */
export interface Listing {
  title: string
  /** The most severe first. */
  items: Item[]
  /** One of them awaits an answer. */
  waits: boolean
  /** Of each that the daily limit held back, whose it is. */
  limited: string[]
}
export type MoreOf = (context: Context, tx: Queryable, held: Held[], t: T) => Promise<Listing>

const noMore: MoreOf = async () => ({ title: '', items: [], waits: false, limited: [] })

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
      more.waits || listed.some(({ warning }) => warning.answer === 'pending')
        ? 'mails.digest.waiting'
        : 'mails.digest.calm',
      { n },
    ),
    blocks: [
      ...limits(listed, more.limited, t),
      ...sections(context, listed, t),
      ...listingBlocks(t('written.digest'), written, t),
      ...listingBlocks(more.title, more.items, t),
      ...figureBlocks(figures, reader, period, t),
      { kind: 'button', label: t('mails.digest.open'), href: `${context.settings.baseUrl}/warnings` },
      footer(context, reader, t),
    ],
    leave: 'digest',
  }
}

const listingBlocks = (title: string, items: Item[], t: T): Block[] =>
  items.length === 0
    ? []
    : [
        { kind: 'heading', text: title },
        { kind: 'items', items: items.slice(0, most) },
        ...restBlocks(items.length, t),
      ]

const restBlocks = (all: number, t: T): Block[] =>
  all > most ? [{ kind: 'paragraph', text: t('mails.digest.rest', { n: all - most }) }] : []

export const reasonsWords = (reasons: Iterable<string>, t: T): string =>
  t('mails.held', { why: t.list([...reasons].map((reason) => t(`mails.held.${reason}`))) })

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
function limits(listed: Listed[], more: string[], t: T): Block[] {
  const warned = listed.filter(({ reasons }) => reasons.includes('budget'))
  const byOrg = new Map<string, number>()
  for (const org of [...warned.map(({ warning }) => orgName(warning, t)), ...more])
    byOrg.set(org, (byOrg.get(org) ?? 0) + 1)
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
  return [
    ...[...groups].flatMap(([name, own]): Block[] => [
      { kind: 'heading', text: name },
      { kind: 'items', items: own.map((one) => itemOf(context, one, t)) },
    ]),
    ...restBlocks(listed.length, t),
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
      reasonsWords(reasons, t),
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

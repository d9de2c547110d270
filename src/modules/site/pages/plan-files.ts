/** The plan for spreadsheets and feed readers. */

import { csvFile } from '../../../platform/csv.ts'
import type { T } from '../../../platform/i18n.ts'
import { atomOf, type FeedEntry } from '../feeds.ts'
import { escaped } from '../markdown.ts'
import { placePath } from '../places.ts'
import { type Action, type Goal, slippedDays } from '../plan-read.ts'
import { dueText, pick } from './plan-words.tsx'

const columns = [
  'id',
  'goal',
  'paragraph',
  'action',
  'owner',
  'start',
  'first_due',
  'due',
  'date_changes',
  'days_later',
  'reasons',
  'status',
  'progress',
  'overdue',
  'evidence',
  'latest',
] as const

/** One row an action; days as in ISO 8601, so that any spreadsheet reads them. */
export function planCsv(t: T, goals: Goal[]): string {
  const said = (pair: Record<'cs' | 'en', string>) => pick(pair, t.lang).text
  const rows = goals.flatMap((goal) =>
    goal.actions.map((action) => [
      action.id,
      said(goal.title),
      goal.paragraph,
      said(action.title),
      action.owner,
      action.startOn,
      action.firstDueOn,
      action.dueOn,
      action.dateChanges.length,
      slippedDays(action),
      action.dateChanges.map((change) => said(change.reason)).join(' | '),
      t(`site.plan.status.${action.status}`),
      action.progress,
      t(action.overdue ? 'site.plan.yes' : 'site.plan.no'),
      action.evidence.map((evidence) => `${said(evidence.label)} ${evidence.link}`).join(' | '),
      said(action.updates.at(-1)?.text ?? { cs: '', en: '' }),
    ]),
  )
  return csvFile(
    columns.map((column) => t(`site.plan.csv.${column}`)),
    rows,
  )
}

const mostEntries = 60

/** Every update, piece of evidence and moved date is an entry of its own, the newest first. */
export function planAtom(t: T, goals: Goal[], base: string): string {
  const path = placePath('plan', t.lang)
  const entries = goals
    .flatMap((goal) => goal.actions)
    .flatMap((action) => entriesOf(t, action, `${base}${path}`))
    .sort((a, b) => b.updatedAt - a.updatedAt || b.id.localeCompare(a.id))
    .slice(0, mostEntries)
  return atomOf(
    { title: t('site.plan.feed'), lang: t.lang, page: `${base}${path}`, self: `${base}${path}.atom` },
    entries,
  )
}

function entriesOf(t: T, action: Action, page: string): FeedEntry[] {
  const said = (pair: Record<'cs' | 'en', string>) => pick(pair, t.lang).text
  const title = said(action.title)
  const entry = (kind: string, id: number, at: number, summary: string): FeedEntry => ({
    id: `${page}#${kind}-${id}`,
    title,
    summary,
    content: `<p>${escaped(summary)}</p>`,
    link: `${page}#action-${action.id}`,
    publishedAt: at,
    updatedAt: at,
  })
  return [
    ...action.updates.map((update) =>
      entry(
        'update',
        update.id,
        update.at,
        `${t(`site.plan.status.${update.status}`)}, ${t.percent(update.progress / 100)}: ${said(update.text)}`,
      ),
    ),
    // A moved date is told as it stood then.
    ...action.dateChanges.map((change, index) =>
      entry(
        'date',
        change.id,
        change.at,
        `${dueText(t, { ...action, dueOn: change.newOn, dateChanges: action.dateChanges.slice(0, index + 1) })}: ${said(change.reason)}`,
      ),
    ),
    ...action.evidence.map((evidence) =>
      entry(
        'evidence',
        evidence.id,
        evidence.at,
        `${t('site.plan.evidence')} ${said(evidence.label)} (${evidence.link})`,
      ),
    ),
  ]
}

/** `hsoc day` and `hsoc warnings`: what people see on the pages, for scripts. */
import { type DayFigures, dayFigures } from '../modules/events/queries/index.ts'
import { organisationNamed, withMerged } from '../modules/members/index.ts'
import { list } from '../modules/members/members.ts'
import { listWarnings, type WarningRow } from '../modules/warnings/index.ts'
import { titleOf } from '../modules/warnings/pages.ts'
import { asActor } from '../platform/access.ts'
import { isDay } from '../platform/dates.ts'
import { Invalid, NotFound } from '../platform/errors.ts'
import { type Call, type Command, counted, Misuse } from './command.ts'
import { nearestWord } from './nearest.ts'
import { table } from './table.ts'
import type { Installation } from './terminal.ts'

/** Id of the organisation named by --member, null without the flag. */
export async function memberOf(call: Call, open: Installation): Promise<number | null> {
  const name = call.text('member')
  if (name === undefined) return null
  const { named, all } = await asActor(open.db, open.operator, call.terminal.now(), async (tx) => ({
    named: await organisationNamed(tx, name),
    all: await list(tx, { limit: 100_000 }),
  }))
  if (typeof named !== 'string') return named.id
  if (named === 'several') throw new Invalid(call.t('cli.several_members', { name }))
  const near = nearestWord(
    name,
    all.map((one) => one.name),
  )
  throw new NotFound(
    call.t('cli.no_member', { name }) + (near ? ` ${call.t('cli.did_you_mean', { near })}` : ''),
  )
}

/** The figures that scripts rely on; everything else about a day is at `/api/v1/days/DAY`. */
function named(figures: DayFigures): Partial<DayFigures> {
  const { events, detections, sources, dropped_share, dropped_known_share, by_class, by_hour } = figures
  return { events, detections, sources, dropped_share, dropped_known_share, by_class, by_hour }
}

function print(call: Call, figures: DayFigures, member: string | null): void {
  const { terminal, t } = call
  terminal.out(
    t('cli.day_line', {
      day: figures.day,
      whose: member ?? t('cli.sector'),
      ...counted({ events: figures.events, detections: figures.detections, sources: figures.sources }, t),
      dropped: t.percent(figures.dropped_share, 1),
    }),
  )
  if (figures.purged) terminal.out(t('cli.day_purged'))
  if (figures.by_class.length === 0) return
  terminal.out('')
  terminal.out(
    table(
      [
        t('cli.col.class'),
        t('cli.col.events'),
        t('cli.col.detections'),
        t('cli.col.sources'),
        t('cli.col.dropped'),
      ],
      figures.by_class.map((row) => [
        row.name,
        row.events,
        row.detections,
        row.sources,
        t.percent(row.dropped_share, 1),
      ]),
    ),
  )
}

async function day(call: Call): Promise<number> {
  const { terminal, t } = call
  const [wanted = ''] = call.operands
  if (!isDay(wanted)) throw new Misuse(t('cli.not_a_day', { word: wanted }))
  return terminal.installation(async (open) => {
    const org = await memberOf(call, open)
    const figures = await asActor(open.db, open.operator, terminal.now(), async (tx) =>
      dayFigures(tx, {
        day: wanted,
        zone: open.config.zone,
        org: org === null ? null : await withMerged(tx, org),
        now: terminal.now(),
        lang: t.lang,
      }),
    )
    if (call.on('json')) terminal.json(named(figures))
    else print(call, figures, call.text('member') ?? null)
    return 0
  })
}

const pageOf = 500

async function everyWarning(call: Call, open: Installation, org: number | null): Promise<WarningRow[]> {
  const all: WarningRow[] = []
  for (;;) {
    const last = all.at(-1)
    const page = await asActor(open.db, open.operator, call.terminal.now(), (tx) =>
      listWarnings(
        tx,
        {
          ...(org === null ? {} : { org }),
          ...(call.on('open') ? { state: 'living' as const } : {}),
          exercise: call.on('exercise'),
        },
        last ? { at: last.openedAt, id: last.id } : null,
        pageOf,
      ),
    )
    all.push(...page)
    if (page.length < pageOf) return all
  }
}

async function warnings(call: Call): Promise<number> {
  const { terminal, t } = call
  return terminal.installation(async (open) => {
    const rows = await everyWarning(call, open, await memberOf(call, open))
    if (call.on('json')) terminal.json(await forScripts(call, open, rows))
    else if (rows.length === 0) terminal.out(t('cli.no_warnings'))
    else
      terminal.out(
        table(
          [
            t('cli.col.number'),
            t('cli.col.rule'),
            t('cli.col.severity'),
            t('cli.col.member'),
            t('cli.col.class'),
            t('cli.col.state'),
            t('cli.col.opened'),
          ],
          rows.map((row) => [
            row.number,
            row.rule,
            severityName(row.severity),
            row.orgName,
            row.cls,
            row.state,
            iso(row.openedAt),
          ]),
        ),
      )
    return 0
  })
}

const iso = (ms: number): string => new Date(ms).toISOString()
const severityName = (level: number): string =>
  ['info', 'low', 'medium', 'high', 'critical'][level] ?? String(level)

/** Where a warning has one source, its key as the pages write it; by the warning's id. */
async function sourcesOf(call: Call, open: Installation, rows: WarningRow[]): Promise<Map<number, string>> {
  const found = await asActor(open.db, open.operator, call.terminal.now(), (tx) =>
    tx.query<{ id: number; text: string }>(
      'select w.id, k.text from warnings w join source_keys k on k.id = w.key_id where w.id = any ($1::bigint[])',
      [rows.map((row) => row.id)],
    ),
  )
  return new Map(found.rows.map((row) => [row.id, row.text]))
}

async function forScripts(call: Call, open: Installation, rows: WarningRow[]): Promise<object[]> {
  const sources = await sourcesOf(call, open, rows)
  return rows.map((row) => ({
    ...asTexts(row),
    titleText: titleOf(row.title, call.t.lang),
    link: `${open.config.baseUrl}/warnings/${row.id}`,
    source: sources.get(row.id) ?? null,
    organisation: row.orgName,
  }))
}

/** Times as texts and the severity as a word, so that a script needs no table of ours. */
const asTexts = (row: WarningRow): object => ({
  ...row,
  severity: severityName(row.severity),
  member: row.orgName,
  openedAt: iso(row.openedAt),
  firstAt: iso(row.firstAt),
  lastAt: iso(row.lastAt),
  closedAt: row.closedAt === null ? null : iso(row.closedAt),
  changedAt: iso(row.changedAt),
  answeredAt: row.answeredAt === null ? null : iso(row.answeredAt),
})

export const figureCommands: Command[] = [
  { words: 'day', operands: ['YYYY-MM-DD'], flags: { member: { value: 'NAME' }, json: {} }, run: day },
  {
    words: 'warnings',
    operands: [],
    flags: { member: { value: 'NAME' }, open: {}, exercise: {}, json: {} },
    run: warnings,
  },
]

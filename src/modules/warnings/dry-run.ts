/** What a rule would have raised with other thresholds: the same questions and the same pure rules, and nothing is written. */
import type { Queryable } from '../../platform/database.ts'
import { lastBetween } from '../events/index.ts'
import { announcedFor, runningTests } from './announced-match.ts'
import { campaignsOf, mayCampaign } from './campaigns.ts'
import { sensorsNow } from './check-sensors.ts'
import { judgeVolume, volumesOf, without } from './check-volumes.ts'
import { type ClassBook, readClasses } from './classbook.ts'
import { loweredDetectors } from './credibility.ts'
import {
  type Episode,
  featuresOf,
  hasAnswered,
  loadEpisodes,
  type Surroundings,
  surroundings,
} from './gather.ts'
import { isControl, isMisbehaviour, w1 } from './rules/w1.ts'
import { isHarmful, w3 } from './rules/w3.ts'
import { w5 } from './rules/w5.ts'
import { w7 } from './rules/w7.ts'
import { checkParams, type Params, settingsAt } from './rules.ts'
import { slowScanOf } from './slow-scans.ts'
import { announcedIn } from './test-volumes.ts'
import type { RuleId } from './types.ts'

/** One trouble that a rule finds: an organisation (null: the coordinators' own) and what it is about. */
export interface Trouble {
  org: number | null
  orgName: string | null
  /** Own host, source, network, kind or sensor. */
  about: string
  severity: number
  events: number
}

export interface DryRun {
  rule: RuleId
  from: number
  to: number
  /** Warnings of this rule really opened in the period. */
  opened: number
  now: { n: number; bySeverity: number[]; organisations: number }
  changed: { n: number; bySeverity: number[]; organisations: number }
  /** Found only with the changed thresholds, and no longer found with them; the first hundred each. */
  added: Trouble[]
  removed: Trouble[]
  /** True when there was too much to look at everything. */
  cut: boolean
}

const mostEpisodes = 20_000
const hourMs = 3_600_000

type Found = Map<string, Trouble>

/** Runs one rule over [from, to) with the present and the wanted thresholds; for coordinators. `Invalid` for bad thresholds. */
export async function dryRun(
  tx: Queryable,
  rule: RuleId,
  params: Params,
  period: { from: number; to: number },
): Promise<DryRun> {
  const settings = await settingsAt(tx, rule, period.to)
  const wanted = checkParams(rule, { ...settings.params, ...params })
  const { before, after, cut } = await tryOut(tx, rule, settings.params, wanted, period)
  const { rows } = await tx.query<{ n: number }>(
    `select count(*)::int as n from warnings where rule = $1 and lane = 0 and opened_at >= to_timestamp($2 / 1000.0) and opened_at < to_timestamp($3 / 1000.0)`,
    [rule, period.from, period.to],
  )
  const names = await tx.query<{ id: number; name: string }>('select id, name from organisations')
  const nameOf = new Map(names.rows.map((row) => [row.id, row.name]))
  const only = (a: Found, b: Found): Trouble[] =>
    [...a]
      .filter(([id]) => !b.has(id))
      .slice(0, 100)
      .map(([, t]) => ({ ...t, orgName: t.org === null ? null : (nameOf.get(t.org) ?? null) }))
  return {
    rule,
    ...period,
    opened: rows[0]?.n ?? 0,
    now: figuresOf(before),
    changed: figuresOf(after),
    added: only(after, before),
    removed: only(before, after),
    cut,
  }
}

function figuresOf(found: Found): DryRun['now'] {
  const bySeverity = [0, 0, 0, 0, 0]
  for (const { severity } of found.values()) bySeverity[severity] = (bySeverity[severity] ?? 0) + 1
  return { n: found.size, bySeverity, organisations: new Set([...found.values()].map((t) => t.org)).size }
}

interface Tried {
  before: Found
  after: Found
  cut: boolean
}

function add(found: Found, trouble: Omit<Trouble, 'orgName'>): void {
  const id = `${trouble.org} ${trouble.about}`
  const known = found.get(id)
  found.set(id, {
    ...trouble,
    orgName: null,
    severity: Math.max(trouble.severity, known?.severity ?? 0),
    events: trouble.events + (known?.events ?? 0),
  })
}

function tryOut(
  tx: Queryable,
  rule: RuleId,
  now: Params,
  wanted: Params,
  period: { from: number; to: number },
): Promise<Tried> {
  switch (rule) {
    case 'W5':
      return trySensors(tx, now, wanted, period.to)
    case 'W6':
      return tryVolumes(tx, now, wanted, period)
    default:
      return tryEpisodes(tx, rule, now, wanted, period)
  }
}

/** Episodes that the rule could speak of at all. */
async function candidates(
  tx: Queryable,
  rule: 'W1' | 'W2' | 'W3' | 'W7',
  book: ClassBook,
  params: Params[],
  period: { from: number; to: number },
): Promise<number[]> {
  const lowest = Math.min(...params.map((p) => p.severity ?? 2))
  // What the loosest of the thresholds could find.
  const hourly = Math.max(...params.map((p) => p.hourly ?? 5))
  const days = Math.max(...params.map((p) => p.days ?? 7))
  const addresses = Math.min(...params.map((p) => p.addresses ?? 20))
  const ports = Math.min(...params.map((p) => p.ports ?? 10))
  const own = book.idsOf((info) => isMisbehaviour(info) || isControl(info))
  const weighty = book.idsOf((info) => info.top !== 'Recon' && info.level >= lowest)
  const harmful = book.idsOf(isHarmful)
  const where = {
    W1: '(e.side <> 2 or e.dropped < e.events) and e.classes && $4::int[]',
    W2: 'e.side = 2 and (e.dropped < e.events or e.classes && $4::int[])',
    W3: 'e.side = 2 and e.passed + e.partial > 0 and e.classes && $4::int[]',
    W7: `e.side = 2 and $4::int[] is not null and e.events <= ${hourly} * (extract(epoch from e.last_at - e.first_at) / 3600 + 2)
      and (e.org_id, e.key_id) in (
        select o.org_id, o.key_id from episodes o where o.alias_of is null and o.org_id > 0 and o.side = 2 and o.lane = 0
          and ${lastBetween('o', `($1::float8 - ${days} * 86400000.0)`, '$2')}
        group by o.org_id, o.key_id having sum(o.events) >= ${addresses} or sum(cardinality(o.ports)) >= ${ports})`,
  }[rule]
  const { rows } = await tx.query<{ id: number }>(
    `select e.id from episodes e where e.alias_of is null and e.org_id > 0 and e.lane = 0 and not e.archive
       and ${lastBetween('e', '$1', '$2')} and ${where} order by e.id limit $3`,
    [period.from, period.to, mostEpisodes + 1, { W1: own, W2: weighty, W3: harmful, W7: [] }[rule]],
  )
  return rows.map((row) => row.id)
}

async function tryEpisodes(
  tx: Queryable,
  rule: 'W1' | 'W2' | 'W3' | 'W7',
  now: Params,
  wanted: Params,
  period: { from: number; to: number },
): Promise<Tried> {
  const book = await readClasses(tx)
  const ids = await candidates(tx, rule, book, [now, wanted], period)
  const episodes = await loadEpisodes(tx, ids.slice(0, mostEpisodes))
  const around = await surroundings(
    tx,
    book,
    await loweredDetectors(tx, [...new Set(episodes.map((e) => e.org))]),
  )
  const tests = await runningTests(tx, period.to)
  // What a member's own tested host does is told in any case, at least to the coordinators.
  const heard = episodes.filter(
    (e) => e.side !== 2 || !announcedFor(tests, { org: e.org, source: e.text, hosts: [], at: e.last }),
  )
  const cut = ids.length > mostEpisodes
  if (rule === 'W2')
    return {
      before: await tryCampaigns(tx, heard, book, now),
      after: await tryCampaigns(tx, heard, book, wanted),
      cut,
    }
  const before: Found = new Map()
  const after: Found = new Map()
  for (const episode of heard)
    await tryOne(tx, rule, episode, around, [
      [before, now],
      [after, wanted],
    ])
  return { before, after, cut }
}

async function tryOne(
  tx: Queryable,
  rule: 'W1' | 'W3' | 'W7',
  episode: Episode,
  around: Surroundings,
  runs: [Found, Params][],
): Promise<void> {
  const seen = featuresOf(episode, around, false)
  for (const [found, params] of runs) {
    const judged =
      rule === 'W1'
        ? w1(seen, params)
        : rule === 'W3'
          ? w3(
              { ...seen, answered: await hasAnswered(tx, episode, params.minutes ?? 30, around.book) },
              params,
            )
          : await slowScanOf(tx, episode, params.days ?? 7).then((scan) => w7(scan, scan.followed, params))
    if (judged.fires)
      add(found, { org: episode.org, about: episode.text, severity: judged.severity, events: episode.events })
  }
}

async function tryCampaigns(
  tx: Queryable,
  episodes: Episode[],
  book: ClassBook,
  params: Params,
): Promise<Found> {
  const found: Found = new Map()
  const asked = episodes.filter((e) => mayCampaign(e, book, params.severity ?? 2))
  for (const group of await campaignsOf(
    tx,
    asked.map((e) => e.id),
    book,
    params,
  )) {
    if (!group.judged.fires) continue
    const { severity, told } = group.judged
    for (const m of group.campaign.members)
      if (told === 'members' || m.passed + m.partial > 0)
        add(found, { org: m.org, about: group.net, severity, events: m.events })
    add(found, {
      org: null,
      about: group.net,
      severity,
      events: group.campaign.members.reduce((sum, m) => sum + m.events, 0),
    })
  }
  return found
}

async function tryVolumes(
  tx: Queryable,
  now: Params,
  wanted: Params,
  period: { from: number; to: number },
): Promise<Tried> {
  const before: Found = new Map()
  const after: Found = new Map()
  const last = Math.ceil(period.to / hourMs) - 1
  const from = Math.max(Math.floor(period.from / hourMs), last - 8 * 24)
  const tests = await runningTests(tx, period.to)
  for (let hour = from; hour <= last; hour++)
    for (const whole of await volumesOf(tx, hour)) {
      if (whole.org === 0) continue
      const volume = [now, wanted].some((params) => judgeVolume(whole, true, params).fires)
        ? without(whole, (await announcedIn(tx, tests, whole, hour))?.events ?? 0)
        : whole
      for (const [found, params] of [
        [before, now],
        [after, wanted],
      ] as const) {
        const judged = judgeVolume(volume, true, params)
        if (judged.fires)
          add(found, { org: volume.org, about: volume.name, severity: judged.severity, events: volume.value })
      }
    }
  return { before, after, cut: from > Math.floor(period.from / hourMs) }
}

/** Of sensors only the present moment can be told again: their past silences are in the warnings that were opened. */
async function trySensors(tx: Queryable, now: Params, wanted: Params, at: number): Promise<Tried> {
  const [before, after]: [Found, Found] = [new Map(), new Map()]
  for (const [found, params] of [
    [before, now],
    [after, wanted],
  ] as const)
    for (const sensor of await sensorsNow(tx, at, params.silentMinutes ?? 15))
      for (const judged of w5(sensor, params))
        add(found, {
          org: sensor.org,
          about: sensor.name,
          severity: judged.severity,
          events: sensor.received,
        })
  return { before, after, cut: false }
}

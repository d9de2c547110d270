/** From changed episodes to warnings: each gets a warning or exactly one reason for silence. */
import { asEngine, type Database, type Tx } from '../../platform/database.ts'
import { anyChanged, type Bounds, decide, takeChanged } from '../events/index.ts'
import { runningTests } from './announced-match.ts'
import { type ClassBook, type ClassInfo, readClasses } from './classbook.ts'
import { loweredDetectors } from './credibility.ts'
import { findingOf } from './explain.ts'
import {
  classesOf,
  detectorNames,
  type Episode,
  featuresOf,
  hasAnswered,
  loadEpisodes,
  placeOf,
  surroundings,
  talkedToSinkhole,
} from './gather.ts'
import { campaigns, passedLately } from './propose-campaigns.ts'
import { slowScans } from './propose-scans.ts'
import { put, type Step, silent } from './propose-step.ts'
import { isControl, isMisbehaviour, w1 } from './rules/w1.ts'
import { isHarmful, w3 } from './rules/w3.ts'
import { type RuleSettings, settingsAt } from './rules.ts'
import type { Finding } from './types.ts'

export interface Proposed {
  looked: number
  opened: number
  /** Living warnings that grew. */
  merged: number
  suppressed: number
}

const chunkSize = 2_000

/** More than this in one go would keep the worker from condensing. */
const mostChunks = 25

/** Looks at all changed episodes, a chunk at a time; what another node looks at is skipped, not waited for. */
export async function propose(db: Database, now: number): Promise<Proposed> {
  const sum: Proposed = { looked: 0, opened: 0, merged: 0, suppressed: 0 }
  if (!(await anyChanged(db.engine))) return sum
  for (let i = 0; i < mostChunks; i++) {
    const step = await proposeChunk(db, now)
    for (const key of ['looked', 'opened', 'merged', 'suppressed'] as const) sum[key] += step[key]
    if (step.looked < chunkSize) break
  }
  return sum
}

/** What the first look keeps for the rules: kinds that campaigns are made of, and what may be a slow scan. */
function boundsOf(book: ClassBook, w2: RuleSettings, w7: RuleSettings): Bounds {
  const { hourly = 5, addresses = 20, ports = 10, days = 7, sectorAddresses = 30 } = w7.params
  const weighty = book.idsOf((info) => info.top !== 'Recon' && info.level >= (w2.params.severity ?? 2))
  return { weighty, hourly, addresses, ports, days, sectorAddresses }
}

async function rulesAt(tx: Tx, now: number): Promise<Step['rules']> {
  const at = (rule: 'W1' | 'W2' | 'W3' | 'W7') => settingsAt(tx, rule, now)
  return { W1: await at('W1'), W2: await at('W2'), W3: await at('W3'), W7: await at('W7') }
}

async function proposeChunk(db: Database, now: number): Promise<Proposed> {
  const { rules, book, taken } = await asEngine(db, async (tx) => {
    const [rules, book] = [await rulesAt(tx, now), await readClasses(tx)]
    return { rules, book, taken: await takeChanged(tx, boundsOf(book, rules.W2, rules.W7), chunkSize) }
  })
  const nothing = { looked: taken.looked, opened: 0, merged: 0, suppressed: taken.settled }
  if (taken.looked === 0) return nothing
  return asEngine(db, async (tx) => {
    const passed = await passedLately(tx, rules.W2.params.minutes ?? 60)
    if (taken.left.length === 0 && passed.length === 0) return nothing
    // One proposer at a time from here: two could open the same trouble twice.
    await tx.query(`select pg_advisory_xact_lock(hashtext('propose'))`)
    const episodes = await loadEpisodes(tx, await stillChanged(tx, taken.left))
    const step = await stepOf(tx, now, { rules, book }, episodes)
    await ownHosts(step, episodes)
    await gotThrough(step, [...episodes, ...(await answeredLater(step, episodes))])
    await campaigns(step, episodes, passed)
    await slowScans(step, episodes)
    await settleRest(step, episodes)
    await decide(tx, [...step.decisions.values()], new Map(episodes.map((e) => [e.id, e.changed])))
    const fired = [...step.decisions.values()].filter((d) => d.outcome === 'warning').length
    return {
      looked: taken.looked,
      opened: step.opened,
      merged: step.merged,
      suppressed: taken.looked - fired,
    }
  })
}

/** Those that no other node has looked at meanwhile. */
async function stillChanged(tx: Tx, ids: number[]): Promise<number[]> {
  const { rows } = await tx.query<{ id: number }>(
    'select episode_id as id from episode_changes where episode_id = any ($1)',
    [ids],
  )
  return rows.map((row) => row.id)
}

async function stepOf(
  tx: Tx,
  now: number,
  { rules, book }: Pick<Step, 'rules' | 'book'>,
  episodes: Episode[],
): Promise<Step> {
  const lowered = await loweredDetectors(tx, [...new Set(episodes.map((e) => e.org))])
  return {
    tx,
    now,
    book,
    around: await surroundings(tx, book, lowered),
    tests: await runningTests(tx, now),
    names: await detectorNames(tx, [...new Set(episodes.flatMap((e) => e.detectors))]),
    rules,
    decisions: new Map(),
    opened: 0,
    merged: 0,
  }
}

async function ownHosts(step: Step, episodes: Episode[]): Promise<void> {
  const { tx, around, book } = step
  const asked = episodes.filter(
    (e) => e.org > 0 && (e.side !== 2 || e.classes.some((id) => isControlId(book, id))),
  )
  const sinkholes = around.sinkholes ? await talkedToSinkhole(tx, asked) : new Set<number>()
  for (const episode of asked) {
    const judged = w1(featuresOf(episode, around, sinkholes.has(episode.id)), step.rules.W1.params)
    if (!judged.fires || !step.rules.W1.enabled) {
      silent(step, episode, judged)
      continue
    }
    const place = await placeOf(tx, episode)
    const host = episode.side === 2 ? (place.hosts[0] ?? episode.text) : episode.text
    const finding = findingOf('W1', `host ${host}`, episode, judged, {
      ...step,
      settings: step.rules.W1,
      place,
      params: { host, n: episode.events },
    })
    await put(step, finding, sinkholes.has(episode.id) || !classesOf(episode, book).every(isTesters))
  }
}

/** What a tester's own machine does; infection, spam or a controller are none of it. */
const isTesters = (info: ClassInfo): boolean => !isMisbehaviour(info) || testersDo.has(info.top)
const testersDo = new Set(['Recon', 'Attempt'])

const isControlId = (book: ClassBook, id: number): boolean => {
  const info = book.byId.get(id)
  return info !== undefined && isControl(info)
}

/** Attacks told already, even answered, at members whose own hosts stirred now: the host may have answered its attacker. */
async function answeredLater(step: Step, episodes: Episode[]): Promise<Episode[]> {
  const stirred = episodes.filter((e) => e.org > 0 && e.side !== 2)
  if (stirred.length === 0) return []
  const minutes = step.rules.W3.params.minutes ?? 30
  const since = new Map<number, number>()
  for (const e of stirred) since.set(e.org, Math.min(e.first, since.get(e.org) ?? e.first))
  const { rows } = await step.tx.query<{ id: number }>(
    `select distinct e.id from unnest($1::int[], $2::float8[]) as s (org, first)
     cross join lateral (select to_timestamp(s.first / 1000.0) - make_interval(mins => $3::int) as since) t
     join warnings w on w.org_id = s.org and (w.state <> 'closed' or w.closed_at >= t.since)
     join warning_episodes we on we.warning_id = w.id join episodes e on e.id = we.episode_id
     where w.rule in ('W2', 'W3') and w.severity < 4 and e.side = 2 and e.passed + e.partial > 0 and e.last_at >= t.since`,
    [[...since.keys()], [...since.values()], minutes],
  )
  const here = new Set(episodes.map((e) => e.id))
  return loadEpisodes(
    step.tx,
    rows.map((row) => row.id).filter((id) => !here.has(id)),
  )
}

async function gotThrough(step: Step, episodes: Episode[]): Promise<void> {
  const { tx, around, book, rules } = step
  for (const episode of episodes) {
    if (episode.org === 0 || episode.side !== 2 || step.decisions.get(episode.id)?.outcome === 'warning')
      continue
    const seen = featuresOf(episode, around, false)
    const dangerous = seen.classes.some(isHarmful) && episode.passed + episode.partial > 0
    const answered = dangerous && (await hasAnswered(tx, episode, rules.W3.params.minutes ?? 30, book))
    const judged = w3({ ...seen, answered }, rules.W3.params)
    if (!judged.fires || !rules.W3.enabled) {
      silent(step, episode, judged)
      continue
    }
    const place = await placeOf(tx, episode)
    const params = {
      value: judged.severity,
      threshold: rules.W3.params.severity ?? 1,
      minutes: rules.W3.params.minutes ?? 30,
    }
    const finding = findingOf('W3', `source ${episode.text}`, episode, judged, {
      ...step,
      settings: rules.W3,
      place,
      params,
    })
    await put(step, await partOfCampaign(tx, finding, episode.id), true)
  }
}

/** What got through in a campaign that the member knows of belongs to that warning, answered or not: one trouble, one warning. */
async function partOfCampaign(tx: Tx, finding: Finding, episode: number): Promise<Finding> {
  const { rows } = await tx.query<{ topic: string }>(
    `select w.topic from warnings w join source_keys k on k.id = w.key_id join source_keys own on own.id = $1
     where w.org_id = $2 and w.rule = 'W2' and w.lane = $3 and w.exercise is not distinct from $4
       and (w.state <> 'closed' or exists (select 1 from warning_episodes we where we.warning_id = w.id and we.episode_id = $5))
       and (k.id = own.id or set_masklen(k.addr, case family(k.addr) when 4 then 24 else 48 end)::cidr >>= own.addr)
     order by (w.state <> 'closed') desc, w.id desc limit 1`,
    [finding.key, finding.org, finding.lane, finding.exercise, episode],
  )
  return rows[0] ? { ...finding, rule: 'W2', topic: rows[0].topic } : finding
}

/** Whatever has no answer yet: part of a warning that lives, an exercise, or the rule's own reason. */
async function settleRest(step: Step, episodes: Episode[]): Promise<void> {
  const open = episodes.filter((e) => e.org > 0 && step.decisions.get(e.id)?.outcome !== 'warning')
  const { rows } = await step.tx.query<{ episode_id: number; id: number; number: string }>(
    `select distinct on (we.episode_id) we.episode_id, w.id, w.number from warning_episodes we join warnings w on w.id = we.warning_id
     where we.episode_id = any ($1) and w.org_id is not null order by we.episode_id, w.id desc`,
    [open.map((e) => e.id)],
  )
  const part = new Map(rows.map((row) => [row.episode_id, row]))
  for (const e of open) {
    const living = part.get(e.id)
    const now = step.decisions.get(e.id)
    if (living && now?.outcome !== 'within-report-threshold')
      step.decisions.set(e.id, {
        id: e.id,
        outcome: 'warning',
        detail: { warning: living.id, number: living.number },
        targets: now?.targets ?? null,
      })
    else if (e.lane === 2)
      step.decisions.set(e.id, {
        id: e.id,
        outcome: 'exercise',
        detail: { exercise: e.exercise },
        targets: now?.targets ?? null,
      })
    else if (!now) step.decisions.set(e.id, { id: e.id, outcome: 'dropped-only', detail: {}, targets: null })
  }
}

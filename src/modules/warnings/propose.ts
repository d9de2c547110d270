/** From changed episodes to warnings: each gets a warning or exactly one reason for silence. */
import { asEngine, type Database, type Tx } from '../../platform/database.ts'
import { announcedFor, type Running, runningTests } from './announced-match.ts'
import { memberFinding, sectorFinding, topicOf } from './campaign-findings.ts'
import { campaignsOf, type Group, mayCampaign } from './campaigns.ts'
import { type ClassBook, readClasses } from './classbook.ts'
import { loweredDetectors } from './credibility.ts'
import { findingOf } from './explain.ts'
import {
  detectorNames,
  type Episode,
  featuresOf,
  hasAnswered,
  loadEpisodes,
  placeOf,
  type Surroundings,
  surroundings,
  talkedToSinkhole,
} from './gather.ts'
import { raise } from './lifecycle.ts'
import type { Judged } from './rules/judge.ts'
import { isControl, w1 } from './rules/w1.ts'
import { isHarmful, w3 } from './rules/w3.ts'
import { w7, w7Sector } from './rules/w7.ts'
import { type RuleSettings, settingsAt } from './rules.ts'
import { type Decision, decide, takeChanged } from './settle.ts'
import { sectorScanOf, slowScanOf } from './slow-scans.ts'
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

/** Looks at all changed episodes, a chunk a transaction; another node's chunk is skipped, not waited for. */
export async function propose(db: Database, now: number): Promise<Proposed> {
  const sum: Proposed = { looked: 0, opened: 0, merged: 0, suppressed: 0 }
  for (let i = 0; i < mostChunks; i++) {
    const step = await asEngine(db, (tx) => proposeChunk(tx, now))
    for (const key of ['looked', 'opened', 'merged', 'suppressed'] as const) sum[key] += step[key]
    if (step.looked < chunkSize) break
  }
  return sum
}

interface Step {
  tx: Tx
  now: number
  book: ClassBook
  around: Surroundings
  tests: Running[]
  names: Map<number, string>
  rules: Record<'W1' | 'W2' | 'W3' | 'W7', RuleSettings>
  decisions: Map<number, Decision>
  opened: number
  merged: number
}

async function proposeChunk(tx: Tx, now: number): Promise<Proposed> {
  const [W1, W2, W3, W7] = [
    await settingsAt(tx, 'W1', now),
    await settingsAt(tx, 'W2', now),
    await settingsAt(tx, 'W3', now),
    await settingsAt(tx, 'W7', now),
  ]
  const book = await readClasses(tx)
  const taken = await takeChanged(tx, book, W2, W7, chunkSize)
  const passed = taken.looked > 0 ? await passedLately(tx, W2.params.minutes ?? 60) : []
  if (taken.left.length === 0 && passed.length === 0)
    return { looked: taken.looked, opened: 0, merged: 0, suppressed: taken.settled }
  // One proposer at a time from here: two could open the same trouble twice.
  await tx.query(`select pg_advisory_xact_lock(hashtext('propose'))`)
  const episodes = await loadEpisodes(tx, taken.left)
  const around = await surroundings(
    tx,
    book,
    await loweredDetectors(tx, [...new Set(episodes.map((e) => e.org))]),
  )
  const names = await detectorNames(tx, [...new Set(episodes.flatMap((e) => e.detectors))])
  const tests = await runningTests(tx, now)
  const step: Step = {
    tx,
    now,
    book,
    around,
    tests,
    names,
    rules: { W1, W2, W3, W7 },
    decisions: new Map(),
    opened: 0,
    merged: 0,
  }
  await ownHosts(step, episodes)
  await gotThrough(step, [...episodes, ...(await answeredLater(step, episodes))])
  await campaigns(step, episodes, passed)
  await slowScans(step, episodes)
  await settleRest(step, episodes)
  await decide(tx, [...step.decisions.values()])
  const fired = [...step.decisions.values()].filter((d) => d.outcome === 'warning').length
  return { looked: taken.looked, opened: step.opened, merged: step.merged, suppressed: taken.looked - fired }
}

/** Raises a finding unless its member announced a test of it; says what became of its episodes. */
async function put(step: Step, finding: Finding): Promise<void> {
  const { org, explanation } = finding
  const own = finding.side !== 2
  const test =
    org === null
      ? null
      : announcedFor(step.tests, {
          org,
          source: (own ? explanation.hosts : explanation.sources)[0] ?? '',
          hosts: explanation.hosts,
          at: finding.last,
        })
  if (test) return mark(step, finding.episodes, 'announced-test', { test: test.text, until: test.to })
  const raised = await raise(step.tx, finding, step.now)
  if (raised.held !== null)
    return mark(step, finding.episodes, 'within-report-threshold', {
      report: raised.number,
      until: raised.held,
    })
  if (raised.opened) step.opened++
  else step.merged++
  if (org !== null) mark(step, finding.episodes, 'warning', { warning: raised.id, number: raised.number })
}

function mark(step: Step, ids: number[], outcome: string, detail: Record<string, unknown>): void {
  for (const id of ids) {
    const before = step.decisions.get(id)
    if (before?.outcome === 'warning') continue
    step.decisions.set(id, { id, outcome, detail, targets: before?.targets ?? null })
  }
}

function silent(step: Step, episode: Episode, judged: Judged): void {
  if (!judged.fires) mark(step, [episode.id], judged.outcome, judged.detail)
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
    await put(
      step,
      findingOf('W1', `host ${host}`, episode, judged, {
        ...step,
        settings: step.rules.W1,
        place,
        params: { host, n: episode.events },
      }),
    )
  }
}

const isControlId = (book: ClassBook, id: number): boolean => {
  const info = book.byId.get(id)
  return info !== undefined && isControl(info)
}

/** Attacks told already at members whose own hosts stirred now: the host may have answered its attacker. */
async function answeredLater(step: Step, episodes: Episode[]): Promise<Episode[]> {
  const stirred = episodes.filter((e) => e.org > 0 && e.side !== 2)
  if (stirred.length === 0) return []
  const minutes = step.rules.W3.params.minutes ?? 30
  const { rows } = await step.tx.query<{ id: number }>(
    `select distinct e.id from warnings w join warning_episodes we on we.warning_id = w.id join episodes e on e.id = we.episode_id
     where w.state <> 'closed' and w.rule in ('W2', 'W3') and w.severity < 4 and w.org_id = any ($1) and e.side = 2 and e.passed + e.partial > 0
       and e.last_at >= to_timestamp($2 / 1000.0) - make_interval(mins => $3::int)`,
    [[...new Set(stirred.map((e) => e.org))], Math.min(...stirred.map((e) => e.first)), minutes],
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
    await put(step, await partOfCampaign(tx, finding))
  }
}

/** What got through in a campaign that the member knows of belongs to that warning: one trouble, one warning. */
async function partOfCampaign(tx: Tx, finding: Finding): Promise<Finding> {
  const { rows } = await tx.query<{ topic: string }>(
    `select w.topic from warnings w join source_keys k on k.id = w.key_id join source_keys own on own.id = $1
     where w.org_id = $2 and w.rule = 'W2' and w.state <> 'closed' and w.lane = $3 and w.exercise is not distinct from $4
       and (k.id = own.id or set_masklen(k.addr, case family(k.addr) when 4 then 24 else 48 end)::cidr >>= own.addr) limit 1`,
    [finding.key, finding.org, finding.lane, finding.exercise],
  )
  return rows[0] ? { ...finding, rule: 'W2', topic: rows[0].topic } : finding
}

/** What got through within one window of the newest event: others may be met by its source now, though all of theirs is dropped. */
async function passedLately(tx: Tx, minutes: number): Promise<number[]> {
  const { rows } = await tx.query<{ id: number }>(
    `select distinct e.id from warnings w join warning_episodes we on we.warning_id = w.id join episodes e on e.id = we.episode_id
     where w.rule = 'W3' and w.state <> 'closed' and w.org_id is not null and e.side = 2 and e.alias_of is null
       and e.last_at >= (select to_timestamp((value)::float8 / 1000.0) from settings where name = 'newest_event') - make_interval(mins => $1::int)`,
    [minutes],
  )
  return rows.map((row) => row.id)
}

async function campaigns(step: Step, episodes: Episode[], passed: number[]): Promise<void> {
  const { tx, book, rules } = step
  if (!rules.W2.enabled) return
  const candidates = episodes
    .filter((e) => mayCampaign(e, book, rules.W2.params.severity ?? 2))
    .map((e) => e.id)
  const here = new Set(episodes.map((e) => e.id))
  for (const group of await campaignsOf(tx, [...candidates, ...passed], book, rules.W2.params)) {
    if (group.judged.fires) await tellCampaign(step, group)
    else if (group.judged.research) {
      const list = group.judged.research
      mark(
        step,
        group.met.map((e) => e.id).filter((id) => here.has(id)),
        'research-scanner',
        { list },
      )
    }
  }
}

async function tellCampaign(step: Step, group: Group): Promise<void> {
  const { tx, rules, now } = step
  const orgs = group.campaign.members.map((m) => m.org)
  const detectors = await detectorNames(tx, [...new Set(group.episodes.flatMap((e) => e.detectors))])
  const context = { settings: rules.W2, around: step.around, names: detectors, now }
  const known = await tx.query<{ org_id: number }>(
    `select distinct org_id from warnings where state <> 'closed' and org_id = any ($1) and lane = $3 and exercise is not distinct from $4
       and (rule = 'W3' and key_id = any ($2) or rule = 'W2' and topic = $5 and explanation->>'rule' = 'W3')`,
    [orgs, group.episodes.map((e) => e.key), group.lane, group.exercise, topicOf(group)],
  )
  const told = new Set(known.rows.map((row) => row.org_id))
  const { rows } = await tx.query<{ id: number; name: string }>(
    'select id, name from organisations where id = any ($1)',
    [orgs],
  )
  const sector = sectorFinding(group, new Map(rows.map((row) => [row.id, row.name])), context)
  if (sector) await put(step, sector)
  for (const org of orgs) {
    const hits = group.episodes.filter((e) => e.org === org)
    // An attack that got through there is told already, and says more.
    if (told.has(org) || !hits[0]) continue
    const finding = memberFinding(group, hits, await placeOf(tx, hits[0]), context)
    if (finding) await put(step, finding)
  }
}

async function slowScans(step: Step, episodes: Episode[]): Promise<void> {
  const { rules } = step
  const days = rules.W7.params.days ?? 7
  for (const episode of episodes) {
    if (!rules.W7.enabled || (episode.org > 0 && episode.side !== 2)) continue
    if (episode.org === 0) await sectorScan(step, episode, days)
    else if (step.decisions.get(episode.id)?.outcome !== 'warning') await memberScan(step, episode, days)
  }
}

async function memberScan(step: Step, episode: Episode, days: number): Promise<void> {
  const { tx, rules } = step
  const least = Math.min(rules.W7.params.addresses ?? 20, rules.W7.params.ports ?? 10)
  const hours = (episode.last - episode.first) / 3_600_000 + 2
  if (
    episode.events > (rules.W7.params.hourly ?? 5) * hours ||
    (episode.ports.length < least && episode.events < least)
  )
    return
  const seen = await slowScanOf(tx, episode, days)
  const judged = w7(seen, seen.followed, rules.W7.params)
  if (judged.fires) {
    const params = {
      days,
      value: judged.thresholds[0]?.value ?? 0,
      limit: rules.W7.params.hourly ?? 5,
      host: seen.host ?? '',
    }
    const place = await placeOf(tx, episode)
    await put(
      step,
      findingOf(
        'W7',
        `scan ${episode.text}`,
        episode,
        { ...judged, steps: [] },
        { ...step, settings: rules.W7, place, params },
      ),
    )
  }
  const before = step.decisions.get(episode.id)
  const outcome = before ?? { id: episode.id, outcome: 'below-threshold', detail: {}, targets: null }
  const reason =
    judged.fires || outcome.outcome === 'dropped-only' || before
      ? outcome.detail
      : { rule: 'W7', value: judged.value, threshold: judged.threshold }
  step.decisions.set(episode.id, {
    ...outcome,
    detail: { ...reason, looked: episode.events },
    targets: seen.addresses,
  })
}

async function sectorScan(step: Step, episode: Episode, days: number): Promise<void> {
  const { tx, rules } = step
  const seen = await sectorScanOf(tx, episode, days)
  const judged = w7Sector(seen, rules.W7.params)
  if (judged.fires) {
    const params = { days, value: seen.addresses, n: seen.members }
    const place = { hosts: [], network: null }
    const finding = findingOf(
      'W7',
      `scan ${episode.text}`,
      { ...episode, side: 2 },
      { ...judged, steps: [] },
      { ...step, settings: rules.W7, place, params },
    )
    await put(step, { ...finding, org: null })
  }
  step.decisions.set(episode.id, {
    id: episode.id,
    outcome: seen.members === 0 ? 'no-match' : null,
    detail: { looked: episode.events },
    targets: seen.addresses,
  })
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

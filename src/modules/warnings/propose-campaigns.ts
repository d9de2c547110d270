/** Campaigns among the changed episodes: told to the coordinators as one, to each member as its own part. */
import type { Tx } from '../../platform/database.ts'
import { memberFinding, sectorFinding, topicOf } from './campaign-findings.ts'
import { campaignsOf, type Group, mayCampaign } from './campaigns.ts'
import { detectorNames, type Episode, placeOf } from './gather.ts'
import { mark, put, type Step } from './propose-step.ts'

/** What got through within one window of the newest event: others may be met by its source now, though all of theirs is dropped. */
export async function passedLately(tx: Tx, minutes: number): Promise<number[]> {
  const { rows } = await tx.query<{ id: number }>(
    `select distinct e.id from warnings w join warning_episodes we on we.warning_id = w.id join episodes e on e.id = we.episode_id
     where w.rule = 'W3' and w.state <> 'closed' and w.org_id is not null and e.side = 2 and e.alias_of is null
       and e.last_at >= (select to_timestamp((value)::float8 / 1000.0) from settings where name = 'newest_event') - make_interval(mins => $1::int)`,
    [minutes],
  )
  return rows.map((row) => row.id)
}

export async function campaigns(step: Step, episodes: Episode[], passed: number[]): Promise<void> {
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

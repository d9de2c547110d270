/**
 * Notices to people for synthetic days with labelled truth: how many mails, against periodic reports with threshold and
 * relapse over the same day, and how much of the truth each of the two told. Nobody answers, so every ladder is
 * climbed to its end: the most mails that the day can make. Those who are asked next because nobody answered are
 * counted in a figure of their own, as the reports ask for no answer.
 */
import { categoryOfClass } from '../src/modules/events/classes.ts'
import { type SeverityName, severities } from '../src/modules/events/event.ts'
import type { Incident, RuleId } from '../src/modules/events/simulate/truth.ts'
import { type Notice, type Score, score } from '../src/modules/events/simulate/truth-score.ts'
import { type BaselineEvent, type BaselineResult, baselineReports } from '../src/modules/warnings/baseline.ts'
import type { Figure, Options } from './report.ts'
import { type Lived, live } from './simulated-day.ts'
import { median, rounded } from './statistics.ts'

/** A seed that no threshold was ever tuned with; it is measured like the others and named in the answer. */
export const untouched = 'zima'

interface Day {
  seed: string
  /** Mails to members, by kind; and the coordinators' own. */
  mails: Record<string, number>
  toMembers: number
  toCoordinators: number
  perHospital: number[]
  baseline: Record<'summary' | 'perSource' | 'ownSourcesOnly' | 'ifItKnewVerdicts', number>
  ours: Score
  theirs: Score
  missed: string[]
}

type Rows = <R extends object>(sql: string, values?: unknown[]) => Promise<R[]>

export async function measureNotices(options: Options, say: (line: string) => void): Promise<Figure[]> {
  const days: Day[] = []
  for (const seed of options.seeds) {
    const lived = await live(seed, options.events, say)
    try {
      const day = await judge(seed, lived)
      days.push(day)
      say(
        `${seed}: ${day.toMembers} mails against ${day.baseline.summary} (${day.baseline.perSource} with one for each source), ` +
          `told ${rounded(day.ours.recall)} against ${rounded(day.theirs.recall)} of the truth; missed: ${day.missed.join('; ') || 'nothing'}`,
      )
    } finally {
      await lived.close()
    }
  }
  return figuresOf(days, options)
}

async function judge(seed: string, lived: Lived): Promise<Day> {
  const rows: Rows = async (sql, values) => (await lived.stage.owner.query(sql, values)).rows
  const slugs = new Map([...lived.stage.ids].map(([slug, id]) => [id, slug]))
  const truth = lived.truth()
  const ours = score(truth, await noticesOf(rows, slugs))
  const found = await baselineEvents(rows, slugs, lived)
  const reports = baselineReports(found.map(({ event }) => event))
  const verdicts = baselineReports(found.map(({ event, graded }) => ({ ...event, severity: graded })))
  const own = baselineReports(found.filter(({ side }) => side !== 2).map(({ event }) => event))
  const kinds: Record<string, number> = {}
  const members = lived.mails.filter((mail) => !mail.to.startsWith('koordinace'))
  for (const { kind } of members) kinds[kind] = (kinds[kind] ?? 0) + 1
  return {
    seed,
    mails: kinds,
    toMembers: members.length,
    toCoordinators: lived.mails.length - members.length,
    perHospital: await perHospital(rows),
    baseline: {
      ...reports.mails,
      ownSourcesOnly: own.mails.summary,
      ifItKnewVerdicts: verdicts.mails.summary,
    },
    ours,
    theirs: score(truth.map(forBaseline), reportNotices(reports)),
    missed: ours.missed.map((miss) => missText(truth, miss)),
  }
}

/** Whatever reached somebody: single mails that the server took, and what a digest listed. */
async function noticesOf(rows: Rows, slugs: Map<number, string>): Promise<Notice[]> {
  const told = await rows<{ org: number | null; rule: string; level: number; at: number; names: string[] }>(
    `select w.org_id as org, w.rule, d.severity as level, extract(epoch from coalesce(g.sent_at, d.sent_at))::float8 * 1000 as at,
       array(select jsonb_array_elements_text(w.explanation->'sources' || (w.explanation->'hosts')) union select split_part(w.topic, ' ', 2)) as names
     from deliveries d join warnings w on w.id = d.warning_id left join deliveries g on g.id = d.digest_id
     where (d.state = 'sent' or g.state = 'sent') and d.kind <> 'ladder'`,
  )
  return told.flatMap(({ org, rule, level, at, names }) => {
    const notice = {
      org: org === null ? null : (slugs.get(org) ?? ''),
      rule,
      atMs: at,
      severity: severities[level] as SeverityName,
    }
    const nameless: Notice[] = rule === 'W5' || rule === 'W6' ? [notice] : []
    return [...nameless, ...names.map((source) => ({ ...notice, source }))]
  })
}

interface Met {
  event: BaselineEvent
  side: number
  /** After the verdict and the other steps. */
  graded: SeverityName
}

/** The reports know the kind of an event, not whether it was dropped: theirs is the severity of the kind. */
async function baselineEvents(rows: Rows, slugs: Map<number, string>, lived: Lived): Promise<Met[]> {
  const found = await rows<{
    at: number
    org: number
    cls: string
    source: string
    side: number
    level: number
  }>(
    `select extract(epoch from m.detected_at)::float8 * 1000 as at, m.org_id as org, c.name as cls, k.text as source, m.side, m.severity as level
     from matches m join classes c on c.id = m.class_id join source_keys k on k.id = m.key_id
     where m.lane = 0 and m.detected_at >= to_timestamp($1 / 1000.0) and m.detected_at < to_timestamp($2 / 1000.0) order by m.detected_at`,
    [lived.startMs, lived.endMs],
  )
  return found.map(({ at, org, cls, source, side, level }) => {
    const { levels } = categoryOfClass(cls.replace(/-(target|internal)$/, ''))
    const severity = severities[side === 2 ? levels.t : levels.s] as SeverityName
    const event = { atMs: at, org: slugs.get(org) ?? '', cls, source, severity }
    return { event, side, graded: severities[level] as SeverityName }
  })
}

const reportNotices = ({ reports }: BaselineResult): Notice[] =>
  reports.flatMap(({ org, atMs, severity, keys }) =>
    keys.map(({ source }) => ({ org, rule: 'report', source, atMs, severity })),
  )

/** A report tells an incident if it names its address at all, whatever its severity; of sensors it knows nothing. */
const forBaseline = (incident: Incident): Incident => ({
  ...incident,
  alsoBy: incident.rule === 'W5' ? [] : ['report' as RuleId],
  minSeverity: 'info',
})

function missText(truth: Incident[], miss: Score['missed'][number]): string {
  const incident = truth.find(({ id }) => id === miss.incident)
  return `${miss.rule} ${incident?.variant} at ${miss.org ?? 'the sector'}`
}

/** Warnings of which each hospital was told that day, at once or in the digest. */
async function perHospital(rows: Rows): Promise<number[]> {
  const counts = await rows<{ n: number }>(
    `select count(distinct d.topic) filter (where d.kind <> 'ladder')::int as n from organisations o
     left join deliveries d on d.org_id = o.id and d.warning_id is not null where o.kind = 'hospital' group by o.id`,
  )
  return counts.map(({ n }) => n)
}

function figuresOf(days: Day[], options: Options): Figure[] {
  const reminders = (day: Day): number => day.mails.ladder ?? 0
  const fewer = days.map((day) => 1 - (day.toMembers - reminders(day)) / day.baseline.summary)
  const fewerPerSource = days.map((day) => 1 - (day.toMembers - reminders(day)) / day.baseline.perSource)
  const unanswered = days.map((day) => 1 - day.toMembers / day.baseline.summary)
  const own = days.map((day) => day.ours.recallByRule.W1 ?? 1)
  const seeds = days.map(({ seed, ...day }) => ({
    seed: seed === untouched ? `${seed} (never used in tuning)` : seed,
    ...day,
    perHospital: { median: median(day.perHospital), most: Math.max(...day.perHospital) },
    ours: day.ours.recallByRule,
    theirs: day.theirs.recallByRule,
  }))
  return [
    {
      name: 'mails',
      what: 'fewer mails to members than periodic reports with threshold and relapse make of the same day, one summary a report (worst seed)',
      value: rounded(100 * Math.min(...fewer)),
      unit: '%',
      must: 90,
      aim: 90,
      detail: { events_a_day: options.events, seeds },
    },
    {
      name: 'mails by source',
      what: 'the same against reports of a mail for each source (worst seed)',
      value: rounded(100 * Math.min(...fewerPerSource)),
      unit: '%',
      must: 90,
      aim: 90,
    },
    {
      name: 'mails unanswered',
      what: 'the same with all that is sent on because nobody answers anything all day (worst seed)',
      value: rounded(100 * Math.min(...unanswered)),
      unit: '%',
      must: null,
      aim: null,
    },
    {
      name: 'recall',
      what: 'part of the truth told, less what those reports told (worst seed)',
      value: rounded(Math.min(...days.map((day) => day.ours.recall - day.theirs.recall))),
      unit: 'part',
      must: 0,
      aim: 0,
      detail: {
        ours: days.map((day) => rounded(day.ours.recall)),
        theirs: days.map((day) => rounded(day.theirs.recall)),
      },
    },
    {
      name: 'notices',
      what: 'notices for a hospital in the day (median, worst seed)',
      value: Math.max(...days.map((day) => median(day.perHospital))),
      unit: 'a day',
      must: 5,
      aim: 5,
      smaller: true,
    },
    {
      name: 'own hosts',
      what: 'compromised own hosts reported (worst seed)',
      value: rounded(Math.min(...own)),
      unit: 'part',
      must: 1,
      aim: 1,
    },
  ]
}

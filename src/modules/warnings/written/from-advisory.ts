/** A draft made of an advisory, and what became of the advisory since: coordinators write on, nothing goes out by itself. */
import { type Actor, asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { Queryable } from '../../../platform/database.ts'
import { WrongState } from '../../../platform/errors.ts'
import { type T, translator } from '../../../platform/i18n.ts'
import {
  type Advisory,
  advisoryAt,
  advisorySince,
  type Content,
  cvesOf,
  isWithdrawn,
  nameOf,
  topScore,
} from '../../advisories/index.ts'
import { longest } from './draft.ts'
import { begin, beginNext, must, note } from './edit.ts'
import { linesOf, productsFor } from './products.ts'
import { getWritten, readersOf, versionOf } from './read.ts'
import { templateOf } from './templates.ts'
import type { Draft, Rules, Text, Version } from './types.ts'

const mostNames = 40
const mostRemedies = 20
/** Critical is for emergencies, which a coordinator declares. */
const severest = 3

/** The template of weaknesses, filled with what the advisory says in both languages' own words around it. */
export function draftOfAdvisory({ line, content }: Advisory, baseUrl: string): Draft {
  const open = line.tlp === 'CLEAR' || line.tlp === 'GREEN'
  return {
    ...templateOf('vulnerability'),
    severity: Math.min(severest, Math.max(1, line.severity ?? 2)),
    tlp: line.tlp,
    audience: open ? 'all_members' : 'coordinators',
    texts: {
      cs: textOf(translator('cs'), line, content),
      en: textOf(translator('en'), line, content),
    },
    rules: rulesOf(content),
    refs: cut(
      [`${baseUrl}/advisories/${line.id}`, ...content.references.map(({ url }) => url)].join('\n'),
      4_000,
    ),
  }
}

const cut = (text: string, most: number): string =>
  (text.length <= most ? text : `${text.slice(0, most - 1)}…`).toWellFormed().trim()

function textOf(t: T, line: Advisory['line'], content: Content): Text {
  const top = topScore(content)
  const summary = content.notes.find(({ category }) => category === 'summary')?.text
  const names = affectedNames(content)
  const remedies = remediesOf(content)
  const happened = [
    t('written.advisory.happened', { publisher: line.publisher, id: line.trackingId, version: line.version }),
    ...(cvesOf(content).length > 0
      ? [t('written.advisory.cves', { cves: cvesOf(content).slice(0, 20).join(', ') })]
      : []),
    ...(top ? [t('written.advisory.score', { version: top.version, score: top.base })] : []),
    ...(line.exploited ? [t('written.advisory.exploited')] : []),
    ...(line.patientSafety ? [t('written.advisory.safety')] : []),
    ...(summary ? [summary] : []),
  ]
  const list = (all: string[], most: number): string =>
    [...all.slice(0, most).map((one) => `- ${one}`), ...(all.length > most ? ['…'] : [])].join('\n')
  return {
    title: cut(content.title, longest.title),
    happened: cut(happened.join('\n\n'), longest.part),
    concerns: cut(
      names.length > 0
        ? `${t('written.advisory.concerns')}\n${list(names, mostNames)}`
        : t('written.advisory.concerns.none'),
      longest.part,
    ),
    todo: cut(
      remedies.length > 0
        ? `${t('written.advisory.todo')}\n${list(remedies, mostRemedies)}`
        : t('written.advisory.todo.none'),
      longest.part,
    ),
  }
}

const affectedNames = (content: Content): string[] => [...new Set(affectedIn(content).map(nameOf))]

function affectedIn({ products, vulnerabilities }: Content): Content['products'] {
  const refs = new Set(vulnerabilities.flatMap((one) => one.products.known_affected ?? []))
  return products.filter(({ ref }) => refs.has(ref))
}

/** Who runs what it names is asked; where it names nothing that can be looked for, everybody is. */
export function rulesOf(content: Content): Rules {
  const products = productsFor(affectedIn(content))
  return { all: products.length === 0, prefixes: [], domains: [], kinds: [], regions: [], products }
}

const remediesOf = ({ vulnerabilities }: Content): string[] => [
  ...new Set(
    vulnerabilities.flatMap(({ remedies }) =>
      remedies.map(({ text, url }) => [text, url].filter(Boolean).join(' ')).filter(Boolean),
    ),
  ),
]

/** Makes the draft; answers its id. `WrongState` where a warning of the advisory is being written or out. */
export async function makeOfAdvisory(
  { db, settings }: Context,
  advisory: number,
  by: Actor,
  now: number,
): Promise<number> {
  must(by)
  return asActor(db, by, now, async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('warning of advisory'), $1)`, [advisory])
    const found = await advisoryAt(tx, advisory, null)
    const living = (await warningsOf(tx, advisory)).some(({ state }) => livingStates.has(state))
    if (living) throw new WrongState('There is a warning of this advisory already')
    return begin(tx, by, draftOfAdvisory(found, settings.baseUrl), { id: advisory, seq: found.seq }, now)
  })
}

const livingStates = new Set(['draft', 'review', 'published'])

export interface Made {
  id: number
  number: string | null
  title: string
  state: string
}

/** Warnings that were made of it, as far as the reader sees them. */
export async function warningsOf(tx: Queryable, advisory: number): Promise<Made[]> {
  const { rows } = await tx.query<Made & Record<string, unknown>>(
    `select distinct on (w.id) w.id, w.number, w.state, v.texts->'cs'->>'title' as title from written_warnings w
     join written_versions v on v.warning_id = w.id and v.advisory_id = $1 order by w.id desc, v.no desc`,
    [advisory],
  )
  return rows
}

export const mayMakeOf = (made: Made[]): boolean => !made.some(({ state }) => livingStates.has(state))

/** What its advisory has become since the version that was last taken up. */
export interface AdvisoryNews {
  /** The present version, with the difference against `from`. */
  advisory: Advisory
  from: number
  withdrawn: boolean
  /** What is being written has taken the present version up already. */
  taken: boolean
}

/** Null where the warning was made of none, or nothing is new. For coordinators. */
export async function newsFor(tx: Queryable, id: number): Promise<AdvisoryNews | null> {
  const working = await versionOf(tx, id, 'working')
  const out = await versionOf(tx, id, 'published')
  const from = (out ?? working)?.advisory
  if (!from) return null
  const advisory = await advisorySince(tx, from.id, from.seq)
  const withdrawn = isWithdrawn(advisory.content)
  if (advisory.seq <= from.seq && !withdrawn) return null
  return { advisory, from: from.seq, withdrawn, taken: working?.advisory?.seq === advisory.seq }
}

/** Takes the present version up: what is being written says so, else the next version of the warning is begun. */
export async function takeUp({ db }: Context, id: number, by: Actor, now: number): Promise<void> {
  must(by)
  await asActor(db, by, now, async (tx) => {
    await getWritten(tx, id)
    const news = await newsFor(tx, id)
    const working = await versionOf(tx, id, 'working')
    if (!news || news.taken) throw new WrongState('Its advisory has no newer version')
    const { seq, line } = news.advisory
    const rules = await rulesAfter(tx, id, news)
    if (working) await mark(tx, working, seq, rules)
    else
      await beginNext(
        tx,
        id,
        by,
        {
          seq,
          note: translator('cs')('written.advisory.note', { id: line.trackingId, version: line.version }),
          ...(rules && { rules }),
        },
        now,
      )
    await note(
      tx,
      by,
      'takeUpAdvisory',
      id,
      await readersOf(tx, id),
      { advisory: line.trackingId, version: line.version },
      now,
    )
  })
}

/** The products that it names now, where nobody has changed those of the version that was taken up; null: what stands there stays. */
async function rulesAfter(
  tx: Queryable,
  id: number,
  { advisory, from }: AdvisoryNews,
): Promise<Rules | null> {
  const version = (await versionOf(tx, id, 'working')) ?? (await versionOf(tx, id, 'published'))
  const was = rulesOf((await advisoryAt(tx, advisory.line.id, from)).content)
  const same = linesOf(version?.rules.products ?? []) === linesOf(was.products ?? [])
  return version && same && version.rules.all === was.all ? { ...version.rules, ...picked(advisory) } : null
}

const picked = ({ content }: Advisory): Pick<Rules, 'all' | 'products'> => {
  const { all, products = [] } = rulesOf(content)
  return { all, products }
}

async function mark(tx: Queryable, working: Version, seq: number, rules: Rules | null): Promise<void> {
  const { rowCount } = await tx.query(
    `update written_versions set advisory_seq = $2, rules = coalesce($3, rules) where id = $1 and state = 'draft' and advisory_id is not null`,
    [working.id, seq, rules],
  )
  if (!rowCount) throw new WrongState('Only what is in draft allows this')
}

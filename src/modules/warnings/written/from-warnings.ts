/** A draft made of other warnings, to summarise them; what became of those since, and the word of their authors that it may be wider. */
import { type Actor, asActor } from '../../../platform/access.ts'
import type { Database, Queryable, Tx } from '../../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { type AudienceKind, type Limit, refusedPair } from '../../../values/audience.ts'
import type { Tlp } from '../../../values/tlp.ts'
import { longest } from './draft.ts'
import { begin, must, note } from './edit.ts'
import { limitFor, limitOf, widerFields } from './inputs.ts'
import { getWritten, lockWritten, readersOf, versionOf } from './read.ts'
import { tellWriters } from './review.ts'
import { templateOf } from './templates.ts'
import type { Draft, State, Text, Version, Written } from './types.ts'

export const mostSources = 20
/** Critical is for emergencies, which a coordinator declares. */
const severest = 3

/** The fields of a draft that is as wide as the limit. */
const within = ({
  tlp,
  audience,
  named,
}: Limit): Pick<Draft, 'tlp' | 'audience' | 'orgs' | 'group' | 'named'> => ({
  tlp,
  audience: audience.kind,
  orgs: audience.kind === 'organisations' ? audience.orgs : [],
  group: audience.kind === 'group' ? audience.group : null,
  named: named ?? [],
})

/** Makes the draft; answers its id. `Invalid` with `sources`: none, too many, or one that is not out. */
export async function makeOfWarnings(
  db: Database,
  sources: number[],
  by: Actor,
  now: number,
): Promise<number> {
  must(by)
  const chosen = [...new Set(sources)]
  if (chosen.length === 0 || chosen.length > mostSources)
    throw new Invalid('Choose what it is made of', { sources: 'lack' })
  return asActor(db, by, now, async (tx) => {
    const out: { warning: Written; version: Version }[] = []
    for (const id of chosen) {
      const warning = await getWritten(tx, id)
      const version = await versionOf(tx, id, 'published')
      if (warning.state !== 'published' || !version)
        throw new WrongState('Only what is published can be a source')
      out.push({ warning, version })
    }
    const limit = await limitOf(tx, chosen, by.person)
    if (!limit) throw new NotFound('There is no such warning')
    const id = await begin(tx, by, draftOf(out, limit), null, now)
    await tx.query(
      `insert into written_sources (warning_id, source_id, version, added_at)
       select $1, s.id, s.version, to_timestamp($4 / 1000.0) from unnest($2::int[], $3::int[]) s (id, version)`,
      [id, out.map(({ warning }) => warning.id), out.map(({ version }) => version.no), now],
    )
    const numbers = out.map(({ warning }) => warning.number).join(', ')
    await note(tx, by, 'writeFromWarnings', id, await readersOf(tx, id), { sources: numbers }, now)
    return id
  })
}

/** Their texts one after another, each under its number: for a person to shorten. */
function draftOf(out: { warning: Written; version: Version }[], limit: Limit): Draft {
  const textOf = (lang: 'cs' | 'en'): Text => {
    const part = (one: 'happened' | 'concerns' | 'todo'): string =>
      cut(
        out
          .filter(({ version }) => version.texts[lang][one] !== '')
          .map(({ warning, version }) =>
            out.length === 1 ? version.texts[lang][one] : `${warning.number}: ${version.texts[lang][one]}`,
          )
          .join('\n\n'),
        longest.part,
      )
    const titles = out.map(({ version }) => version.texts[lang].title).filter((title) => title !== '')
    return {
      title: cut(titles.join('; '), longest.title),
      happened: part('happened'),
      concerns: part('concerns'),
      todo: part('todo'),
    }
  }
  const severity = Math.min(severest, Math.max(...out.map(({ version }) => version.severity)))
  return {
    ...templateOf('info'),
    severity,
    ...within(limit),
    texts: { cs: textOf('cs'), en: textOf('en') },
    refs: out.map(({ warning }) => warning.number).join('\n'),
  }
}

const cut = (text: string, most: number): string =>
  (text.length <= most ? text : `${text.slice(0, most - 1)}…`).toWellFormed().trim()

export interface Source {
  id: number
  /** Null where the reader may not see it (any more). */
  number: string | null
  title: string | null
  tlp: Tlp | null
  /** What became of it since its writers last looked. */
  news: 'revoked' | 'newer' | null
}

export interface Derivation {
  sources: Source[]
  /** How wide it may be; null where it was made of nothing. */
  limit: Limit | null
  /** What is shown is wider than that by now. */
  wider: boolean
  /** What was made of it, as far as the reader sees it. */
  derived: { id: number; number: string | null; title: string; state: State }[]
  grant: Grant | null
}

export interface Grant {
  tlp: Tlp
  audience: AudienceKind
  by: string | null
  at: number
}

/** For coordinators. */
export async function derivationOf(tx: Queryable, version: Version): Promise<Derivation> {
  const { rows: sources } = await tx.query<Source & Record<string, unknown>>(
    `select s.source_id as id, w.number, v.texts->'cs'->>'title' as title, v.tlp,
       case when w.state = 'revoked' and not s.over_noted then 'revoked' when w.version > s.version then 'newer' end as news
     from written_sources s left join written_warnings w on w.id = s.source_id
       left join written_versions v on v.warning_id = w.id and v.no = w.version where s.warning_id = $1 order by s.source_id`,
    [version.warning],
  )
  const { rows: derived } = await tx.query<Derivation['derived'][number] & Record<string, unknown>>(
    `select distinct on (w.id) w.id, w.number, w.state, v.texts->'cs'->>'title' as title from written_sources s join written_warnings w on w.id = s.warning_id
     join written_versions v on v.warning_id = w.id where s.source_id = $1 order by w.id desc, v.no desc`,
    [version.warning],
  )
  const { rows: grants } = await tx.query<Grant & Record<string, unknown>>(
    `select g.tlp, g.audience, (select p.name from people p where p.id = g.granted_by) as by, extract(epoch from g.granted_at)::float8 * 1000 as at
     from written_grants g where g.warning_id = $1 and g.version = $2 and g.withdrawn_at is null`,
    [version.warning, version.no],
  )
  const limit = sources.length > 0 ? await limitFor(tx, version) : null
  const wider = limit !== null && (await widerFields(tx, version, limit)).length > 0
  return { sources, limit, wider, derived, grant: grants[0] ?? null }
}

/** Its writers say that they know what became of a source. */
export async function noteSources(db: Database, id: number, by: Actor, now: number): Promise<void> {
  must(by)
  await asActor(db, by, now, async (tx) => {
    await lockWritten(tx, id)
    const { rowCount } = await tx.query(
      `update written_sources s set version = w.version, over_noted = w.state = 'revoked' from written_warnings w
       where s.warning_id = $1 and w.id = s.source_id and (w.version > s.version or w.state = 'revoked' and not s.over_noted)`,
      [id],
    )
    if (!rowCount) throw new WrongState('Nothing became of its sources')
    await note(tx, by, 'noteSources', id, await readersOf(tx, id), {}, now)
  })
}

/**
 * The author of what is out lets others be wider that are made of it; null takes that back. It holds for this version, and for nothing
 * that the same person writes.
 */
export async function grantWider(
  db: Database,
  id: number,
  by: Actor,
  wider: { tlp: Tlp; audience: AudienceKind } | null,
  now: number,
): Promise<void> {
  must(by)
  await asActor(db, by, now, async (tx) => {
    const warning = await lockWritten(tx, id)
    const out = await versionOf(tx, id, 'published')
    if (warning.state !== 'published' || !out) throw new WrongState('Only what is published can be a source')
    if (warning.author !== by.person) throw new Forbidden('The author of a warning lets others be wider')
    await tx.query(
      `update written_grants set withdrawn_at = to_timestamp($2 / 1000.0) where warning_id = $1 and withdrawn_at is null`,
      [id, now],
    )
    if (wider) await give(tx, out, by, wider, now)
    await note(
      tx,
      by,
      wider ? 'grantWider' : 'takeGrantBack',
      id,
      await readersOf(tx, id),
      wider ? { tlp: wider.tlp } : {},
      now,
    )
  })
}

/** Organisations and a group are those of the warning itself. */
async function give(
  tx: Tx,
  out: Version,
  by: Actor,
  { tlp, audience }: { tlp: Tlp; audience: AudienceKind },
  now: number,
): Promise<void> {
  if (refusedPair(audience, tlp)) throw new Invalid('This audience cannot have this label', { tlp: 'form' })
  if (['organisations', 'group'].includes(audience) && audience !== out.audience)
    throw new Invalid('This audience cannot be granted', { audience: 'form' })
  await tx.query(
    `insert into written_grants (warning_id, version, tlp, audience, orgs, group_id, granted_by, granted_at)
     values ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8 / 1000.0))`,
    [
      out.warning,
      out.no,
      tlp,
      audience,
      audience === 'organisations' ? out.orgs : [],
      audience === 'group' ? out.group : null,
      by.person,
      now,
    ],
  )
}

type Below = Version & { readers: number[] }

/** When a source goes out anew or is revoked: the writers of what is then too wide, or rests on what is revoked, are told. */
export async function flagDerived(
  tx: Tx,
  source: number,
  { by, now, revoked }: { by: Actor; now: number; revoked: boolean },
): Promise<void> {
  const { rows } = await tx.query<Below & Record<string, unknown>>(
    'select id, warning, no, state, severity, tlp, audience, orgs, "group", named, author, editor, readers from derived_of_written($1)',
    [source],
  )
  for (const below of rows) {
    const limit = await limitFor(tx, below)
    if (!revoked && (!limit || (await widerFields(tx, below, limit)).length === 0)) continue
    await tellWriters(tx, below, 'source', { by, now })
  }
}

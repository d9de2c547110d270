/** The lines of the trail as their readers see them: who did what to what, newest first. */
import type { Queryable } from '../../platform/database.ts'
import type { Cursor } from '../../platform/paging.ts'

export interface Line {
  id: number
  /** Milliseconds since 1970. */
  at: number
  /** The person's name now; null for the program itself and for whoever was not signed in. */
  person: string | null
  /** Who acted, as written then: an e-mail address, or `hsoc`. */
  actor: string
  /** `module.verb` */
  verb: string
  /** `warning 12` */
  object: string
  /** Number of the warning, name of the person, organisation or sensor, where the reader may see it. */
  objectName: string | null
  org: number | null
  orgName: string | null
  detail: Record<string, unknown>
  /** Names of the person, organisations and warning that the detail gives by number, where the reader may see them. */
  named: Record<string, unknown>
  /** Number in the chain; null while it waits to be linked, and for readers who do not see the chain. */
  seq: number | null
}

export interface Filters {
  /** `members`, `warnings`, …: the module that did it. */
  area?: string | undefined
  /** Part of the actor, the person's name or the object. */
  text?: string | undefined
  org?: number | undefined
  /** Milliseconds since 1970: from inclusive, to exclusive. */
  from?: number | undefined
  to?: number | undefined
}

const conditions = `
  ($1::text is null or a.verb like $1 || '.%') and ($2::int is null or a.org_id = any ((select organisation_with_merged($2))::int[]))
  and ($3::float8 is null or a.at >= to_timestamp($3 / 1000)) and ($4::float8 is null or a.at < to_timestamp($4 / 1000))
  and ($5::text is null or strpos(lower(a.actor), lower($5)) > 0 or strpos(lower(a.object), lower($5)) > 0
    or strpos(lower(p.name), lower($5)) > 0 or strpos(lower(n.name), lower($5)) > 0)`

/** What the object is called now; whoever may not see it gets no name. */
const joined = `audit a left join people p on p.id = a.person_id left join organisations o on o.id = a.org_id
  left join lateral (select split_part(a.object, ' ', 1) as kind,
    case when a.object ~ '^[a-z]+ [0-9]{1,9}$' then split_part(a.object, ' ', 2)::int end as id) k on true
  left join lateral (
    select w.number as name from warnings w where k.kind = 'warning' and w.id = k.id
    union all select x.name from people x where k.kind = 'person' and x.id = k.id
    union all select x.name from organisations x where k.kind = 'organisation' and x.id = k.id) n on true`

/** A number of the detail, or null where it holds something else. */
const inDetail = (key: string): string =>
  `case when a.detail->>'${key}' ~ '^[0-9]{1,9}$' then (a.detail->>'${key}')::int end`

// What is merged into something is merged into another of its own kind.
const names = `left join lateral (select jsonb_strip_nulls(jsonb_build_object(
    'person', (select x.name from people x where x.id = ${inDetail('person')}),
    'org', (select x.name from organisations x where x.id = ${inDetail('org')}),
    'into', case when a.object like 'person %' then (select x.name from people x where x.id = ${inDetail('into')})
      else (select x.name from organisations x where x.id = ${inDetail('into')}) end,
    'warning', (select x.number from warnings x where x.id = ${inDetail('warning')}))) as named) d on true`

const given = (f: Filters): unknown[] => [
  f.area ?? null,
  f.org ?? null,
  f.from ?? null,
  f.to ?? null,
  f.text || null,
]

/** As the actor of the transaction; at most `limit`. */
export async function listLines(
  tx: Queryable,
  filters: Filters,
  cursor: Cursor | null,
  limit: number,
): Promise<Line[]> {
  const { rows } = await tx.query<Line & Record<string, unknown>>(
    `select a.id, (extract(epoch from a.at) * 1000)::float8 as at, p.name as person, a.actor, a.verb, a.object, n.name as "objectName",
       a.org_id as org, o.name as "orgName", a.detail, d.named, l.seq
     from ${joined} ${names} left join trail_links l on l.audit_id = a.id
     where ${conditions} and ($6::float8 is null or (a.at, a.id) < (to_timestamp($6::float8 / 1000), $7))
     order by a.at desc, a.id desc limit $8`,
    [...given(filters), cursor?.at ?? null, cursor?.id ?? 0, limit],
  )
  return rows
}

/** How many lines the same filters find. */
export async function countLines(tx: Queryable, filters: Filters): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    `select count(*) as n from ${joined} where ${conditions}`,
    given(filters),
  )
  return rows[0]?.n ?? 0
}

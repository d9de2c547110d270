/**
 * Canaries: a text of its own in every column of text that an organisation owns. The schema itself says which those are, so
 * that a new table is planted without anybody thinking of it.
 */
import type pg from 'pg'

export interface Canary {
  /** `table.column` */
  place: string
  /** Letters and figures that stand nowhere else. */
  core: string
  /** What was written: the core among what doors escape. */
  text: string
}

interface Column {
  table: string
  column: string
  type: string
  /** A constraint says what may stand in it. */
  bound: boolean
}

interface Link {
  table: string
  column: string
  parent: string
  parentColumn: string
}

/** Who did something to a row does not own it: a coordinator may have. */
const isDeed = (column: string): boolean =>
  /(^|_)by$/.test(column) || ['assignee_id', 'signatory_id'].includes(column)

/** Names of kinds and states by which the program finds its way, though no constraint lists them. */
const machinery = new Set([
  'answers.via',
  'deliveries.message_id',
  'episodes.exercise',
  'matches.exercise',
  'networks.role',
  'action_links.actions',
  'warnings.seen_band',
  'networks.claimed_from',
  'sensors.scope',
  'api_keys.scopes',
  'api_key_uses.route',
  'audit.verb',
  'audit.object',
  'batches.format',
  'deliveries.kind',
  'deliveries.state',
  'deliveries.topic',
  'deliveries.reason',
  'episodes.outcome',
  'episodes.severities',
  'episodes.state',
  'invitations.role',
  'organisation_moves.from_status',
  'organisation_moves.to_status',
  'passkeys.transports',
  'people.password_hash',
  'sensors.zone',
  'sensors.profile',
  'sessions.csrf',
  'sessions.ways',
  'trail_reads.place',
  'warnings.rule',
  'warnings.topic',
  'warnings.exercise',
  'warning_log.kind',
])

const textTypes = ['text', 'text[]', 'jsonb']

/** Conditions under which a row of each table is the organisation's, by the table; `$1` is its number. */
async function owned(owner: pg.Client): Promise<Map<string, string>> {
  const { rows: links } = await owner.query<Link>(
    `select c.conrelid::regclass::text as table, a.attname as column, c.confrelid::regclass::text as parent, p.attname as "parentColumn"
     from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
       join pg_attribute p on p.attrelid = c.confrelid and p.attnum = c.confkey[1]
     where c.contype = 'f' and cardinality(c.conkey) = 1 and c.connamespace = 'public'::regnamespace order by 1, 2`,
  )
  const { rows: numbered } = await owner.query<{ table: string }>(
    `select c.relname as table from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'`,
  )
  const found = new Map<string, string>([['organisations', 'id = $1']])
  for (const { table } of numbered) found.set(table, 'org_id = $1')
  // People are their organisation's where they serve no other.
  found.set(
    'people',
    `id in (select person_id from engagements where org_id = $1) and not exists (select 1 from engagements e where e.person_id = people.id and e.org_id is distinct from $1)`,
  )
  for (let grown = true; grown; ) {
    grown = false
    for (const { table, column, parent, parentColumn } of links) {
      const above = found.get(parent)
      if (found.has(table) || !above || isDeed(column)) continue
      found.set(table, `${column} in (select ${parentColumn} from ${parent} where ${above})`)
      grown = true
    }
  }
  return found
}

/** Whatever a door does to text, this holds something that it would change. */
const textOf = (core: string): string => `${core} "ř" <b>&'/+ ${core}`

/** Two letters, so that places are told apart by more than a number. */
const letters = (n: number): string => String.fromCharCode(97 + Math.floor(n / 26), 97 + (n % 26))

/** Written over what stands there; whatever a constraint refuses is tried simpler, and then left. `empty` where there is no row. */
async function plantOne(
  owner: pg.Client,
  { table, column, type }: Column,
  where: string,
  org: number,
  core: string,
): Promise<string | null> {
  const values: Record<string, string> = {
    text: `$2 || case when (select count(*) from ${table} where ${where}) > 1 then ' ' || ctid::text else '' end`,
    'text[]': `coalesce(${column}, '{}') || array[$2::text]`,
    jsonb: `case when jsonb_typeof(${column}) = 'object' then ${column} || jsonb_build_object('canary', $2::text, 'text', $2::text) else ${column} end`,
  }
  for (const text of [textOf(core), core]) {
    await owner.query('savepoint one')
    try {
      const { rowCount } = await owner.query(
        `update ${table} set ${column} = ${values[type]} where ${where}`,
        [org, text],
      )
      return rowCount ? text : 'empty'
    } catch {
      await owner.query('rollback to savepoint one')
    }
  }
  return null
}

/** As the database's owner. Answers the canaries, the columns of free text where none could be put, and the tables without a row. */
export async function plant(
  owner: pg.Client,
  org: number,
): Promise<{ canaries: Canary[]; bare: string[]; empty: string[] }> {
  const conditions = await owned(owner)
  const { rows: columns } = await owner.query<Column>(
    `select c.relname as table, quote_ident(a.attname) as column, format_type(a.atttypid, a.atttypmod) as type,
       exists (select 1 from pg_constraint k where k.conrelid = c.oid and k.contype in ('c', 'f') and a.attnum = any (k.conkey)) as bound
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and format_type(a.atttypid, a.atttypmod) = any ($1) order by 1, a.attnum`,
    [textTypes],
  )
  const canaries: Canary[] = []
  const bare: string[] = []
  const empty = new Set<string>()
  let made = 0
  await owner.query(`begin; set local session_replication_role = replica`)
  for (const column of columns) {
    const where = conditions.get(column.table)
    const place = `${column.table}.${column.column}`
    if (!where || machinery.has(place)) continue
    const core = `kanarek${letters(made++)}q7`
    const text = await plantOne(owner, column, where, org, core)
    if (text === 'empty') empty.add(column.table)
    else if (text !== null) canaries.push({ place, core, text })
    else if (!column.bound) bare.push(place)
  }
  await owner.query('commit')
  return { canaries, bare, empty: [...empty] }
}

const bytesOf = (text: string): Buffer => Buffer.from(text, 'utf8')

/** Base64 of a text at each place that it may have in threes of bytes, without the ends that its neighbours change. */
function base64s(text: string): string[] {
  return [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytesOf(text)]).toString('base64')
    const from = before === 0 ? 0 : before + 1
    return whole.replace(/=+$/, '').slice(from, -1)
  })
}

const each = (text: string, write: (code: number) => string): string =>
  [...text].map((letter) => write(letter.codePointAt(0) ?? 0)).join('')
const hex = (n: number, width: number): string => n.toString(16).padStart(width, '0')

/** How a text may leave, whatever the door does to it, in small letters. */
export function disguisesOf(text: string): string[] {
  const bytes = [...bytesOf(text)]
  const said = [
    text,
    encodeURIComponent(text),
    bytes.map((byte) => `%${hex(byte, 2)}`).join(''),
    JSON.stringify(text).slice(1, -1),
    each(text, (code) => `\\u${hex(code, 4)}`),
    each(text, (code) => `&#${code};`),
    each(text, (code) => `&#x${hex(code, 2)};`),
    bytes.map((byte) => `=${hex(byte, 2)}`).join(''),
    bytes.map((byte) => hex(byte, 2)).join(''),
    [...text].reverse().join(''),
  ]
  return [...new Set(said.map((one) => one.toLowerCase()))]
}

/** Looks for all of them at once: small letters for what has none of its own, as they are for base64. */
export function finderOf(canaries: Canary[]): (text: string) => string[] {
  const plain = canaries.flatMap(({ place, core }) => disguisesOf(core).map((said) => [place, said] as const))
  const based = canaries.flatMap(({ place, core }) =>
    base64s(core).flatMap((said) =>
      [said, said.replaceAll('+', '-').replaceAll('/', '_')].map((one) => [place, one] as const),
    ),
  )
  return (text) => {
    const small = text.toLowerCase()
    const found = [
      ...plain.filter(([, said]) => small.includes(said)),
      ...based.filter(([, said]) => text.includes(said)),
    ]
    return [...new Set(found.map(([place]) => place))]
  }
}

/** Asks those who run what a published warning names: when it goes out, and when their inventory changes as long as it holds. */
import type { Context } from '../../../platform/context.ts'
import { asEngine, type Database, type Tx } from '../../../platform/database.ts'
import { iso } from '../../../platform/dates.ts'
import { involvedIn } from './edit.ts'
import { type Holding, holdingsOf, ownersWord } from './owners.ts'
import { versionOf } from './read.ts'
import { type To, tell } from './tell.ts'
import type { Version } from './types.ts'

export interface Asker {
  /** Answers how many warnings were looked at. */
  work(now: number): Promise<number>
}

/** At a time. */
const most = 20
/** What failed is tried again after this, and holds up nothing else. */
const againMs = 600_000
/** Severity 1 asks nobody for an answer. */
const lowest = 1
/** From here single mails cannot be left. */
const high = 3

export function openAsker({ db, log }: Pick<Context, 'db' | 'log'>): Asker {
  const failed = new Map<number, number>()
  return {
    work: async (now) => {
      for (const [id, at] of failed) if (now - at >= againMs) failed.delete(id)
      const ids = await waiting(db, [...failed.keys()], now)
      for (const id of ids)
        await asEngine(db, (tx) => look(tx, id, now)).catch((error: unknown) => {
          failed.set(id, now)
          log.error({ err: error, written: id }, 'a warning could not be compared with inventories')
        })
      return ids.length
    },
  }
}

const named = `jsonb_array_length(coalesce(v.rules->'products', '[]')) > 0`

/** Versions that nobody has looked at, and those whose organisations changed what they run. */
async function waiting(db: Database, without: number[], now: number): Promise<number[]> {
  const { rows } = await db.engine.query<{ id: number }>(
    `select w.id from written_warnings w join written_versions v on v.warning_id = w.id and v.no = w.version
     where w.state = 'published' and coalesce(w.ends_at > to_timestamp($3 / 1000.0), true) and w.id <> all ($1)
       and (v.owners is null and (${named} or exists (select 1 from written_owners r where r.warning_id = w.id))
         or exists (select 1 from written_owners r where r.warning_id = w.id and r.due_at is not null))
     order by w.published_at desc, w.id desc limit $2`,
    [without, most, now],
  )
  return rows.map(({ id }) => id)
}

/** Of these organisations the inventory, or what their people say of a match, has changed: what is out is held against it again. As the program. */
export async function lookAgain(tx: Tx, orgs: number[], now: number): Promise<void> {
  await tx.query(
    `insert into written_owners as r (warning_id, org_id, due_at)
     select a.warning_id, a.org_id, $2 from written_asked a join written_warnings w on w.id = a.warning_id and w.state = 'published'
       join written_versions v on v.warning_id = w.id and v.no = w.version and v.owners is not null
     where a.out_at is null and ${named} and a.org_id in (select organisation_now(x) from unnest($1::int[]) x)
     on conflict (warning_id, org_id) do update set due_at = coalesce(r.due_at, excluded.due_at)`,
    [orgs, iso(now)],
  )
}

interface Standing {
  org: number
  /** By a rule that everybody sees, or it has answered. */
  asked: boolean
  /** The version of which it was told because of what it runs. */
  told: number
}

async function look(tx: Tx, id: number, now: number): Promise<void> {
  // As `matches/work.ts`: changes of inventories are taken while nobody is between reading them and writing what was found.
  await tx.query(`select pg_advisory_xact_lock_shared(hashtext('matches of advisories'))`)
  const { rowCount } = await tx.query(
    `select 1 from written_warnings where id = $1 and state = 'published' for update`,
    [id],
  )
  const version = await versionOf(tx, id, 'published')
  if (!rowCount || !version) return
  const fresh = version.owners === null
  const line = await standings(tx, id, fresh)
  const products = version.rules.products ?? []
  const holdings = await holdingsOf(tx, products, fresh ? null : line.map(({ org }) => org))
  for (const one of line) {
    const holding = holdings.get(one.org)
    if (holding) await enter(tx, version, one, holding, { fresh, now })
    else await tx.query('delete from written_owners where warning_id = $1 and org_id = $2', [id, one.org])
  }
  const word = fresh ? await ownersWord(tx, [...holdings.keys()]) : 'few'
  // What changes later in inventories is not told: only that somebody has it by now.
  if (fresh || holdings.size > 0)
    await tx.query(
      `update written_versions set owners = $2 where id = $1 and coalesce(owners, 'nobody') = 'nobody'`,
      [version.id, word],
    )
  await tx.query(`select announce('warnings', '')`)
}

/** Those whom the warning reaches; without `all` those that wait. */
async function standings(tx: Tx, id: number, all: boolean): Promise<Standing[]> {
  const { rows } = await tx.query<Standing & Record<string, unknown>>(
    `select a.org_id as org, a.asked or a.answer <> 'pending' as asked, coalesce(r.version, 0) as told from written_asked a
       left join written_owners r on r.warning_id = a.warning_id and r.org_id = a.org_id
     where a.warning_id = $1 and a.out_at is null and ($2 or r.due_at is not null) order by 1`,
    [id, all],
  )
  // Whom a narrower version does not reach is asked nothing.
  await tx.query(
    `delete from written_owners r using written_asked a where r.warning_id = $1 and a.warning_id = r.warning_id and a.org_id = r.org_id and a.out_at is not null`,
    [id],
  )
  return rows
}

async function enter(
  tx: Tx,
  version: Version,
  { org, asked, told }: Standing,
  { pieces, departments, what }: Holding,
  { fresh, now }: { fresh: boolean; now: number },
): Promise<void> {
  const asks = version.severity > lowest
  const news = asks && !asked && told < version.no
  await tx.query(
    `insert into written_owners (warning_id, org_id, version, asked, pieces, departments, what) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (warning_id, org_id) do update set version = excluded.version, asked = excluded.asked, pieces = excluded.pieces,
       departments = excluded.departments, what = excluded.what, due_at = null`,
    [version.warning, org, news ? version.no : told, asks, pieces, departments, JSON.stringify(what)],
  )
  if (!news) return
  const people = await toldAlready(tx, version, org)
  const involved = await involvedIn(tx, version.author, version.named, now)
  await tell(
    tx,
    {
      kind: told === 0 ? 'new' : 'update',
      topic: `written ${version.warning} v${version.no} owned`,
      program: true,
      own: true,
      warning: version.warning,
      version,
      involved,
      now,
    },
    // What a change of the inventory brings waits for the digest, as a match with an advisory does.
    people.map((to) => ({ ...to, hold: fresh ? to.hold : 'digest' })),
  )
}

/** Whom the publishing wrote to at the organisation. */
async function toldAlready(tx: Tx, { warning, no, severity }: Version, org: number): Promise<To[]> {
  const { rows } = await tx.query<To & Record<string, unknown>>(
    `select d.person_id as person, d.org_id as org, d.address, d.detail->>'as' as "as",
       case when $4 < ${high} and not coalesce(c.singles, true) then 'unsubscribed' end as hold
     from deliveries d left join mail_choices c on c.address_key = address_key(d.address)
     where d.written_id = $1 and d.org_id = $2 and d.topic = $3 and d.channel = 'mail' order by d.id`,
    [warning, org, `written ${warning} v${no} org ${org}`, severity],
  )
  return rows
}

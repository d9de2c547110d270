/** Carries out the plan of an import in the register. What ends stays as history; doing it twice changes nothing. */
import type { Actor } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Tx } from '../../platform/database.ts'
import { dayBounds } from '../../platform/dates.ts'
import { parseNet } from '../../values/address.ts'
import { bounds } from '../../values/inet.ts'
import { COORDINATORS, readersOfOrg } from '../../values/scopes.ts'
import { type Plan, type PlannedChange, planImport } from './import/plan.ts'
import type { Column, MemberPrefix, MemberRow } from './import/types.ts'
import { currentOrgs } from './members.ts'
import { organisationLine } from './organisation-line.ts'
import { regionNamed } from './regions.ts'

interface NewNetwork {
  prefix: string
  role: string
  label: string
  visible: boolean
  from: string
  to: string
}

interface Standing {
  id: number
  text: string
  role: string
  label: string
  visible: boolean
  to: string
}

/** What a prefix is for when nobody said. */
const usualLabel = 'office'

/**
 * Brings the register to what `rows` say, inside the caller's transaction (the program's own hand), and answers what was
 * done. New organisations hold their ranges since ever, later ranges from `now`, unless the file gives days.
 */
export async function applyImport(
  tx: Tx,
  rows: readonly MemberRow[],
  by: Actor | null,
  now: number,
): Promise<Plan> {
  // Two imports at once would both find the same organisation missing.
  await tx.query(`select pg_advisory_xact_lock(hashtext('members import'))`)
  const plan = planImport(rows, await currentOrgs(tx))
  for (const row of plan.created) await create(tx, row, by, now)
  for (const change of plan.changed) await carryOut(tx, change, by, now)
  if (plan.created.length + plan.changed.length > 0) {
    await tx.query(`select announce('register', '')`)
    await record(tx, {
      at: now,
      actor: by,
      verb: 'members.import',
      object: 'register',
      detail: {
        created: plan.created.length,
        changed: plan.changed.length,
        unchanged: plan.unchanged.length,
        unclear: plan.unclear.length,
      },
      readers: [COORDINATORS],
    })
  }
  return plan
}

const says = (row: MemberRow, column: Column): boolean => row.given.includes(column)

async function create(tx: Tx, row: MemberRow, by: Actor | null, now: number): Promise<void> {
  const { rows } = await tx.query<{ id: number }>(
    `insert into organisations (name, kind, region, language, founder, contact_email, phone, ico, regime, nuts3, languages, created_at, changed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, array[$4], $11, $11) returning id`,
    [
      ...[row.name, row.kind, row.region, row.language, row.founder, row.contactEmail, row.phone],
      ...[row.ico, row.regime, regionNamed(row.region), new Date(now).toISOString()],
    ],
  )
  const id = rows[0]?.id ?? 0
  await tx.query('update organisations set readers = $2 where id = $1', [
    id,
    [COORDINATORS, readersOfOrg(id)],
  ])
  const from = startOf(row) ?? '-infinity'
  await addNetworks(
    tx,
    id,
    row.prefixes.map((prefix) => newNetwork(row, prefix, from)),
    now,
  )
  await addDomains(tx, id, row.domains, from, endOf(row))
  await addNames(tx, id, row.aliases, now)
  const detail = {
    name: row.name,
    kind: row.kind,
    prefixes: row.prefixes.map((p) => p.net.text),
    domains: row.domains,
  }
  await organisationLine(tx, 'members.create', id, detail, by, now)
}

/** First moment of the row's first day, or null when it gives none. */
const startOf = (row: MemberRow): string | null =>
  row.validFrom === null ? null : new Date(dayBounds(row.validFrom).from).toISOString()

/** First moment after the row's last day. */
const endOf = (row: MemberRow): string =>
  row.validTo === null ? 'infinity' : new Date(dayBounds(row.validTo).to).toISOString()

const newNetwork = (row: MemberRow, prefix: MemberPrefix, from: string): NewNetwork => ({
  prefix: prefix.net.text,
  role: prefix.role,
  label: says(row, 'label') ? (prefix.label ?? '') : usualLabel,
  visible: row.visibleToParent,
  from,
  to: endOf(row),
})

async function addNetworks(tx: Tx, org: number, networks: NewNetwork[], now: number): Promise<void> {
  const known = networks.flatMap((network) => {
    const net = parseNet(network.prefix)
    return net ? [{ network, ends: bounds(net) }] : []
  })
  if (known.length === 0) return
  const column = <K extends keyof NewNetwork>(key: K): NewNetwork[K][] =>
    known.map(({ network }) => network[key])
  await tx.query(
    `insert into networks (org_id, recorded_at, net_from, net_to, text, role, label, visible_to_parent, valid_from, valid_to)
     select $1, $2, * from unnest($3::inet[], $4::inet[], $5::text[], $6::text[], $7::text[], $8::bool[], $9::timestamptz[], $10::timestamptz[])`,
    [
      org,
      new Date(now).toISOString(),
      known.map(({ ends }) => ends[0]),
      known.map(({ ends }) => ends[1]),
      ...([column('prefix'), column('role'), column('label')] as const),
      ...([column('visible'), column('from'), column('to')] as const),
    ],
  )
}

async function addDomains(tx: Tx, org: number, domains: string[], from: string, to: string): Promise<void> {
  await tx.query(
    'insert into domains (org_id, domain, valid_from, valid_to) select $1, d, $3, $4 from unnest($2::text[]) d',
    [org, domains, from, to],
  )
}

async function addNames(tx: Tx, org: number, names: string[], now: number): Promise<void> {
  await tx.query(
    `insert into organisation_names (org_id, name, kind, added_at) select $1, n, 'alias', $3 from unnest($2::text[]) n
     on conflict (org_id, lower(name)) do nothing`,
    [org, names, new Date(now).toISOString()],
  )
}

async function carryOut(tx: Tx, change: PlannedChange, by: Actor | null, now: number): Promise<void> {
  const { row } = change
  const org = Number(change.id)
  await changeFields(tx, org, change, now)
  const from = startOf(row) ?? (says(row, 'valid_from') ? '-infinity' : new Date(now).toISOString())
  const networks = change.prefixesAdded.map((prefix) => newNetwork(row, prefix, from))
  const held = await standing(tx, org)
  const visible = says(row, 'visible_to_parent') ? row.visibleToParent : (held[0]?.visible ?? false)
  const corrected = correctedNetworks(change, held, from)
  await close(tx, idsOf(held, change.prefixesEnded), new Date(now).toISOString(), now)
  await close(
    tx,
    idsOf(
      held,
      corrected.map((network) => network.prefix),
    ),
    from,
    now,
  )
  await addNetworks(tx, org, [...networks.map((network) => ({ ...network, visible })), ...corrected], now)
  await closeDomains(tx, org, change.domainsEnded, now)
  await addDomains(tx, org, change.domainsAdded, from, endOf(row))
  await addNames(tx, org, change.namesAdded, now)
  await organisationLine(tx, 'members.change', org, detailOf(change), by, now)
}

/** In the order in which the statement below names them. */
const changeable = [
  ...(['name', 'kind', 'region', 'language', 'contactEmail', 'phone', 'founder'] as const),
  ...(['ico', 'regime'] as const),
]

async function changeFields(tx: Tx, org: number, { row, fields }: PlannedChange, now: number): Promise<void> {
  const changed = new Set(fields.map(({ field }) => field))
  await tx.query(
    `update organisations set changed_at = $2,
       name = case when $3 then $4 else name end, kind = case when $5 then $6 else kind end,
       region = case when $7 then $8 else region end, language = case when $9 then $10 else language end,
       contact_email = case when $11 then $12 else contact_email end, phone = case when $13 then $14 else phone end,
       founder = case when $15 then $16 else founder end, ico = case when $17 then $18 else ico end,
       regime = case when $19 then $20 else regime end, nuts3 = case when $7 then $21 else nuts3 end
     where id = $1`,
    [
      org,
      new Date(now).toISOString(),
      ...changeable.flatMap((field) => [changed.has(field), row[field]]),
      regionNamed(row.region),
    ],
  )
}

const keyOf = (text: string): string => parseNet(text)?.text ?? text

async function standing(tx: Tx, org: number): Promise<Standing[]> {
  const { rows } = await tx.query<Standing>(
    `select id, text, role, label, visible_to_parent as visible, valid_to::text as "to"
     from networks where org_id = $1 and closed_at is null order by id`,
    [org],
  )
  return rows
}

const idsOf = (held: Standing[], texts: string[]): number[] => {
  const keys = new Set(texts.map(keyOf))
  return held.filter((one) => keys.has(keyOf(one.text))).map((one) => one.id)
}

/** Records that stay but say something else from now on (or from the file's day): role, label, bounds, visibility. */
function correctedNetworks(change: PlannedChange, held: Standing[], from: string): NewNetwork[] {
  const { row } = change
  const touched = new Map(change.networks.map(({ prefix }) => [prefix.net.text, prefix]))
  const showsAnew = change.fields.some(({ field }) => field === 'visibleToParent')
  const ended = new Set(change.prefixesEnded.map(keyOf))
  return held
    .filter((one) => touched.has(keyOf(one.text)) || (showsAnew && !ended.has(keyOf(one.text))))
    .map((one) => {
      const prefix = touched.get(keyOf(one.text))
      return {
        prefix: one.text,
        role: prefix && says(row, 'role') ? prefix.role : one.role,
        label: prefix && says(row, 'label') ? (prefix.label ?? '') : one.label,
        visible: says(row, 'visible_to_parent') ? row.visibleToParent : one.visible,
        from,
        to: says(row, 'valid_to') ? endOf(row) : one.to,
      }
    })
}

/** Ends records at `end`, never before they began. */
async function close(tx: Tx, ids: number[], end: string, now: number): Promise<void> {
  await tx.query(
    `update networks set closed_at = $3, valid_to = greatest(valid_from, least(valid_to, $2::timestamptz)) where id = any ($1)`,
    [ids, end, new Date(now).toISOString()],
  )
}

async function closeDomains(tx: Tx, org: number, domains: string[], now: number): Promise<void> {
  await tx.query(
    `update domains set closed_at = $3, valid_to = greatest(valid_from, least(valid_to, $3::timestamptz))
     where org_id = $1 and closed_at is null and domain = any ($2)`,
    [org, domains, new Date(now).toISOString()],
  )
}

const detailOf = (change: PlannedChange): object => ({
  fields: change.fields,
  namesAdded: change.namesAdded,
  prefixesAdded: change.prefixesAdded.map((p) => p.net.text),
  prefixesEnded: change.prefixesEnded,
  networks: change.networks.map((n) => ({
    prefix: n.prefix.net.text,
    field: n.field,
    old: n.old,
    new: n.new,
  })),
  domainsAdded: change.domainsAdded,
  domainsEnded: change.domainsEnded,
})

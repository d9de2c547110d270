/** The demonstration's fictional sector: organisations, people and sensors, from `content/demo-sector.json`. */

import { add } from '../modules/events/sensors.ts'
import { type SimulatedSensor, sensorsOf } from '../modules/events/simulate/sector.ts'
import { applyImport } from '../modules/members/apply-import.ts'
import { parseMembers } from '../modules/members/import/parse.ts'
import { addPerson } from '../modules/members/people.ts'
import { acceptForAll, acceptRules, sharingRules } from '../modules/members/sharing-rules.ts'
import { type Role, rolesAt } from '../platform/access.ts'
import { readContent } from '../platform/content.ts'
import { asEngine, type Database } from '../platform/database.ts'
import { Invalid } from '../platform/errors.ts'
import { actorOf, daysBefore } from './actors.ts'

export interface DemoOrganisation {
  name: string
  slug: string
  kind: string
  region: string
  prefixes: string[]
  domains: string[]
  contact_email: string
  phone: string
  language: string
  delegated_by?: string
}

export interface DemoPerson {
  name: string
  email: string
  language: 'cs' | 'en'
  roles: { role: Role; organisation: string | null }[]
  /** Of those who were there before the demonstration began: a sign-in all the same. */
  signsIn?: true
}

export interface DemoSector {
  organisations: DemoOrganisation[]
  people: DemoPerson[]
}

export const demoSector = (): DemoSector => readContent('demo-sector.json') as DemoSector // versioned with the release

export const demoSensors = (): SimulatedSensor[] => sensorsOf(demoSector().organisations)

const titles = [
  'name',
  'kind',
  'region',
  'prefixes',
  'domains',
  'contact_email',
  'language',
  'phone',
  'founder',
  'role',
]

/** The organisations as the file that `hsoc members import` reads. */
function asFile({ organisations }: DemoSector): Buffer {
  const named = new Map(organisations.map((one) => [one.slug, one.name]))
  const rows = organisations.map((one) => [
    one.name,
    one.kind,
    one.region,
    one.prefixes.join(' '),
    one.domains.join(' '),
    one.contact_email,
    one.language,
    one.phone,
    one.delegated_by ? (named.get(one.delegated_by) ?? '') : '',
    one.delegated_by ? 'delegated' : 'owner',
  ])
  const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`
  return Buffer.from([titles, ...rows].map((row) => row.map(quoted).join(',')).join('\n'))
}

/** For how long those without a sign-in have held their roles, so that they have something behind them. */
const heldDays = 400

/** The sign-in that leads the sector. */
export const coordinatorOf = ({ people }: DemoSector): string =>
  people.find(({ roles }) => roles.some(({ role }) => role === 'coordinator'))?.email ?? ''

/**
 * Creates what is missing of the sector's organisations and people, of whom the ready sign-ins get `password`; `others` are
 * people without one, but for who signs in. Doing it twice changes nothing.
 */
export async function createSector(
  db: Database,
  password: string | null,
  now: number,
  others: DemoPerson[] = [],
): Promise<void> {
  const sector = demoSector()
  const { rows, errors } = await parseMembers(asFile(sector), 'demo-sector.csv', 'en')
  if (errors.length > 0) throw new Invalid(`The demonstration sector is broken: ${errors[0]?.problem}`)
  await asEngine(db, (tx) => applyImport(tx, rows, null, now))
  for (const person of sector.people) await createPerson(db, person, password, now)
  for (const { signsIn, ...person } of others)
    await createPerson(db, person, signsIn ? password : null, daysBefore(now, heldDays))
  await acceptTheRules(db, others, now)
}

/** The roles that are missing. */
async function createPerson(
  db: Database,
  { roles, ...person }: DemoPerson,
  password: string | null,
  now: number,
): Promise<void> {
  const named = new Map(demoSector().organisations.map((one) => [one.slug, one.name]))
  const { rows } = await db.engine.query<{ role: string; org: string | null }>(
    `select e.role, o.name as org from engagements e join people p on p.id = e.person_id left join organisations o on o.id = e.org_id
     where lower(p.email) = lower($1) and e.valid_to = 'infinity'`,
    [person.email],
  )
  for (const { role, organisation } of roles) {
    const member = organisation === null ? null : (named.get(organisation) ?? organisation)
    if (rows.some((held) => held.role === role && held.org === member)) continue
    await asEngine(db, (tx) => addPerson(tx, { ...person, role, member, password }, null, now))
  }
}

/** By their representatives where there is one, for the rest by the demonstration. */
async function acceptTheRules(db: Database, people: DemoPerson[], now: number): Promise<void> {
  const version = sharingRules().number
  for (const { email, roles } of people) {
    if (!roles.some(({ role }) => role === 'representative')) continue
    const by = await actorOf(db, email, now)
    const at = daysBefore(now, heldDays - 1)
    for (const { org } of by.engagements)
      if (org !== null && rolesAt(by, org).includes('representative'))
        await asEngine(db, (tx) => acceptRules(tx, org, { version, agreed: true, note: '' }, by, at))
  }
  await asEngine(db, (tx) => acceptForAll(tx, 'The demonstration sector', now))
}

/** Registers the sensors that are missing, each known by a certificate with its own name. */
export async function createSensors(db: Database, secret: string, now: number): Promise<void> {
  const { organisations } = demoSector()
  const { rows } = await db.engine.query<{ name: string }>('select name from sensors')
  const known = new Set(rows.map((row) => row.name))
  for (const sensor of demoSensors()) {
    if (known.has(sensor.name)) continue
    const member = organisations.find((one) => one.slug === sensor.member)?.name ?? null
    await asEngine(db, (tx) =>
      add(
        tx,
        { name: sensor.name, member, rights: ['write'], secret: false, certCn: sensor.name, exercise: true },
        secret,
        now,
      ),
    )
  }
}

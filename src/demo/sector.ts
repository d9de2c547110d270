/** The demonstration's fictional sector: organisations, people and sensors, from `content/demo-sector.json`. */

import { add } from '../modules/events/sensors.ts'
import { type SimulatedSensor, sensorsOf } from '../modules/events/simulate/sector.ts'
import { applyImport } from '../modules/members/apply-import.ts'
import { parseMembers } from '../modules/members/import/parse.ts'
import { addPerson } from '../modules/members/people.ts'
import { acceptForAll } from '../modules/members/sharing-rules.ts'
import type { Role } from '../platform/access.ts'
import { readContent } from '../platform/content.ts'
import { asEngine, type Database } from '../platform/database.ts'
import { Invalid } from '../platform/errors.ts'

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

/** Creates what is missing of the sector's organisations and people, who sign in with `password`. Doing it twice changes nothing. */
export async function createSector(db: Database, password: string | null, now: number): Promise<void> {
  const sector = demoSector()
  const { rows, errors } = await parseMembers(asFile(sector), 'demo-sector.csv', 'en')
  if (errors.length > 0) throw new Invalid(`The demonstration sector is broken: ${errors[0]?.problem}`)
  await asEngine(db, (tx) => applyImport(tx, rows, null, now))
  await asEngine(db, (tx) => acceptForAll(tx, 'The demonstration sector', now))
  const named = new Map(sector.organisations.map((one) => [one.slug, one.name]))
  for (const person of sector.people)
    for (const { role, organisation } of person.roles)
      await asEngine(db, (tx) =>
        addPerson(
          tx,
          {
            email: person.email,
            name: person.name,
            language: person.language,
            role,
            member: organisation === null ? null : (named.get(organisation) ?? organisation),
            password,
          },
          null,
          now,
        ),
      )
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

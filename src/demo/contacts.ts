/** The demonstration's contact books: a switchboard for the night and a mailbox at every organisation, half of them verified. */
import { addPoint, type Wanted } from '../modules/members/contacts/points.ts'
import { beginCall, giveCode } from '../modules/members/contacts/verify.ts'
import { forNothing } from '../modules/members/contacts/words.ts'
import type { Actor } from '../platform/access.ts'
import type { Context } from '../platform/context.ts'
import { asEngine } from '../platform/database.ts'
import { daysBefore } from './actors.ts'
import { demoCommunity } from './community.ts'
import { type DemoOrganisation, demoSector } from './sector.ts'

export const demonstration: Actor = {
  person: 0,
  name: 'demonstration',
  email: 'demonstration',
  language: 'cs',
  engagements: [{ org: null, orgName: null, role: 'coordinator' }],
}

const pointsOf = (one: DemoOrganisation): [Wanted, Wanted] => [
  {
    person: null,
    name: one.language === 'cs' ? 'Ústředna' : 'Switchboard',
    channel: 'phone',
    value: one.phone,
    hours: '',
    roundTheClock: true,
    shown: { ...forNothing, security: 'coordinators', out_of_hours: 'members', management: 'coordinators' },
  },
  {
    person: null,
    name: one.language === 'cs' ? 'Kybernetická bezpečnost' : 'Cyber security',
    channel: 'mail',
    value: one.contact_email,
    hours: '',
    roundTheClock: false,
    shown: { ...forNothing, security: 'members', technical: 'coordinators' },
  },
]

/** Older than any word that they are right. */
const attestedAgeDays = 200

/** Fills the books that hold nothing; those that their people have attested are older. Doing it twice changes nothing. */
export async function createContacts(context: Context, now: number): Promise<void> {
  const sector = new Map(demoSector().organisations.map((one) => [one.name, one]))
  const { people, attested } = demoCommunity()
  const keepers = new Set(attested.map(({ person }) => person))
  const old = new Set(people.flatMap((one) => (keepers.has(one.email) ? one.roles[0]?.organisation : [])))
  const { rows } = await context.db.engine.query<{ id: number; name: string }>(
    `select id, name from organisations o where not exists (select 1 from contact_points p where p.org_id = o.id) order by id`,
  )
  for (const { id, name } of rows) {
    const one = sector.get(name)
    if (!one) continue
    const [switchboard, mailbox] = pointsOf(one)
    const isOld = old.has(one.slug)
    const at = isOld ? daysBefore(now, attestedAgeDays) : now
    const point = await asEngine(context.db, (tx) => addPoint(tx, id, switchboard, demonstration, at))
    await asEngine(context.db, (tx) => addPoint(tx, id, mailbox, demonstration, at))
    if (isOld || id % 2 === 0) await prove(context, { org: id, point }, at)
  }
}

/** By the same two steps as anywhere, both played by the demonstration. */
export async function prove(
  context: Context,
  which: { org: number; point: number },
  now: number,
): Promise<void> {
  const { code } = await beginCall(context, which, demonstration, now)
  const called = { ...demonstration, engagements: [{ org: which.org, orgName: null, role: 'duty' as const }] }
  await giveCode(context, which, code, called, now)
}

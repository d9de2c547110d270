/**
 * The demonstration's community, from `content/demo/community.json`: people besides the ready sign-ins, contact books that they
 * attested, seats in groups, claims of addresses and applications. All through the verbs that pages call.
 */

import { decide, join } from '../modules/groups/joining.ts'
import { appoint } from '../modules/groups/moderating.ts'
import { type Application, apply, confirm } from '../modules/joining/apply.ts'
import { approve, vet } from '../modules/joining/judge.ts'
import { ask } from '../modules/members/claims/ask.ts'
import { answer } from '../modules/members/claims/decide.ts'
import { attest, digestOf } from '../modules/members/contacts/attest.ts'
import { entriesOf } from '../modules/members/contacts/book.ts'
import type { MemberRole } from '../modules/members/index.ts'
import { type Actor, asActor } from '../platform/access.ts'
import { readContent } from '../platform/content.ts'
import type { Context } from '../platform/context.ts'
import { asEngine, type Database } from '../platform/database.ts'
import { WrongState } from '../platform/errors.ts'
import { unseal } from '../platform/seal.ts'
import { actorOf, daysBefore } from './actors.ts'
import { coordinatorOf, type DemoPerson, demoSector } from './sector.ts'

interface DemoSeat {
  group: string
  person: string
  daysAgo: number
  /** False: waits to be decided. */
  accepted: boolean
  moderates?: boolean
  reason: string
}

interface DemoClaim {
  person: string
  values: string
  daysAgo: number
  note: string
  holder?: { person: string; answer: 'consents' | 'objects'; note: string }
}

interface DemoApplication extends Application {
  daysAgo: number
  approved?: { how: string; role: MemberRole }
}

interface DemoCommunity {
  people: DemoPerson[]
  attested: { person: string; daysAgo: number }[]
  seats: DemoSeat[]
  claims: DemoClaim[]
  applications: DemoApplication[]
}

export const demoCommunity = (): DemoCommunity => readContent('demo/community.json') as DemoCommunity // versioned with the release

/** Fills what holds nothing yet; doing it twice changes nothing. The organisations, people and contact books are there. */
export async function createCommunity(context: Context, now: number): Promise<void> {
  const { db } = context
  const community = demoCommunity()
  const isEmpty = async (table: string): Promise<boolean> =>
    (await db.engine.query(`select 1 from ${table} limit 1`)).rowCount === 0
  if (await isEmpty('contact_attestations')) await attestBooks(db, community, now)
  if (await isEmpty('seats')) for (const seat of community.seats) await takeSeat(db, seat, now)
  if (await isEmpty('claims')) for (const claim of community.claims) await makeClaim(db, claim, now)
  if (await isEmpty('applications'))
    for (const one of community.applications) await sendApplication(context, one, now)
}

const firstOrg = ({ engagements }: Actor): number => engagements.find((e) => e.org !== null)?.org ?? 0

async function attestBooks(db: Database, { attested }: DemoCommunity, now: number): Promise<void> {
  for (const { person, daysAgo } of attested) {
    const by = await actorOf(db, person, now)
    const org = firstOrg(by)
    await asEngine(db, async (tx) =>
      attest(tx, org, digestOf(await entriesOf(tx, org)), by, daysBefore(now, daysAgo)),
    )
  }
}

const coordinator = (db: Database, now: number): Promise<Actor> =>
  actorOf(db, coordinatorOf(demoSector()), now)

async function takeSeat(db: Database, seat: DemoSeat, now: number): Promise<void> {
  const { group: slug, reason } = seat
  const by = await actorOf(db, seat.person, now)
  const leader = await coordinator(db, now)
  const wanted = { slug, org: firstOrg(by), reason }
  // As of now: before today the person had no role that fits.
  await asActor(db, by, now, (tx) => join(tx, wanted, by, daysBefore(now, seat.daysAgo)))
  if (!seat.accepted) return
  const accepted = daysBefore(now, seat.daysAgo - 1)
  await asActor(db, leader, now, async (tx) => {
    const { rows } = await tx.query<{ id: number }>(
      `select s.id, s.org_id as org from seats s join groups g on g.id = s.group_id
       where g.slug = $1 and s.person_id = $2 and s.state = 'asked'`,
      [slug, by.person],
    )
    for (const { id } of rows)
      await decide(tx, { slug, seat: id, accept: true, reason: '' }, leader, accepted)
    if (seat.moderates) await appoint(tx, { slug, person: by.person }, leader, accepted)
  })
}

async function makeClaim(db: Database, claim: DemoClaim, now: number): Promise<void> {
  const { values, note, holder } = claim
  const by = await actorOf(db, claim.person, now)
  const at = daysBefore(now, claim.daysAgo)
  const wanted = { org: firstOrg(by), values, note, until: '' }
  const ids = await asEngine(db, (tx) => ask(tx, wanted, by, at))
  if (!holder) return
  const other = await actorOf(db, holder.person, now)
  const said = { org: firstOrg(other), answer: holder.answer, note: holder.note }
  for (const id of ids) await asEngine(db, (tx) => answer(tx, id, said, other, at + 3_600_000))
}

/** Sent, its address confirmed by the link that was mailed, and where the demonstration says so vetted and approved. */
async function sendApplication(context: Context, one: DemoApplication, now: number): Promise<void> {
  const { daysAgo, approved, ...given } = one
  const at = daysBefore(now, daysAgo)
  await apply(context, given, at)
  const { rows } = await context.db.engine.query<{ id: number; sealed: string }>(
    `select a.id, d.detail->>'sealed' as sealed from applications a join deliveries d on d.topic = 'application:' || a.id
     where a.email = $1 order by a.id desc limit 1`,
    [given.email],
  )
  const id = rows[0]?.id ?? 0
  const token = unseal(context.settings, rows[0]?.sealed ?? '')
  if (token === null || !(await confirm(context, token, at + 600_000)))
    throw new WrongState('The application of the demonstration could not be confirmed')
  if (!approved) return
  const by = await coordinator(context.db, now)
  await vet(context, id, approved.how, by, at + 3_600_000)
  const { organisation: name, orgKind: kind, nuts3 } = given
  const target = { name, ico: '', kind, nuts3: nuts3 ?? '', despite: false }
  await approve(context, id, { target, role: approved.role, reason: '' }, by, at + 7_200_000)
}

/** Groups with something on every page of them: a request, an invitation, a moderator, a seat with an end. */
import { invite } from '../../src/modules/groups/invitations.ts'
import { decide, join } from '../../src/modules/groups/joining.ts'
import { appoint, giveSeat } from '../../src/modules/groups/moderating.ts'
import { waiting } from '../../src/modules/groups/roster.ts'
import { type Actor, asActor } from '../../src/platform/access.ts'
import type { Tx } from '../../src/platform/database.ts'
import { evening, type Stage } from './stage.ts'

export interface GroupPages {
  /** Who leads hSOC-Tech: its administrator. */
  leading: string[]
  /** Who was invited to one group and may join others. */
  own: string[]
  coordinator: string[]
}

/** The paths of their pages. */
export async function groupPages(stage: Stage): Promise<GroupPages> {
  const { admin, two, newcomer, manager, coordinator } = stage.people
  const slug = 'hsoc-tech'
  const as = <R>(who: Actor, work: (tx: Tx) => Promise<R>): Promise<R> =>
    asActor(stage.db, who, evening, work)
  const asks = (who: Actor) =>
    as(who, (tx) => {
      const org = who.engagements[0]?.org ?? 0
      return join(
        tx,
        { slug, org, reason: 'Starám se o síť a o vzdálené přístupy dodavatelů.' },
        who,
        evening,
      )
    })
  await asks(admin)
  const { rows } = await stage.db.engine.query<{ id: number }>(`select id from seats where state = 'asked'`)
  const seat = rows[0]?.id ?? 0
  await as(coordinator, (tx) => decide(tx, { slug, seat, accept: true, reason: '' }, coordinator, evening))
  await as(coordinator, (tx) => appoint(tx, { slug, person: admin.person }, coordinator, evening))
  await asks(two)
  await asks(newcomer)
  const given = { reason: 'Připravuje smlouvy s dodavateli.', until: '2027-02-28' }
  await as(coordinator, (tx) =>
    giveSeat(tx, { slug, email: manager.email, org: null, ...given }, coordinator, evening),
  )
  await as(coordinator, (tx) =>
    invite(tx, { slug: 'hsoc-emergency', address: manager.email, ...given }, coordinator, evening),
  )
  await as(admin, (tx) => invite(tx, { slug, address: 'sit@urad.example', ...given }, admin, evening))
  if ((await as(admin, waiting)).size === 0) throw new Error('nobody waits')
  return {
    leading: ['/groups', `/groups/${slug}`, `/groups/${slug}/members/${manager.person}`],
    own: ['/groups', '/groups/hsoc-emergency', '/groups/hsoc-man', '/groups/hsoc-hr'],
    coordinator: [
      '/groups',
      `/groups/${slug}`,
      '/groups/hsoc-emergency/coverage',
      '/groups/organisations',
      '/groups/new',
      `/groups/${slug}/edit`,
    ],
  }
}

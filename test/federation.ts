/** Two hospitals, the sector's CSIRT, and the providers by which their people sign in. */

import type { Actor } from '../src/platform/access.ts'
import type { Provider } from '../src/platform/providers.ts'
import { type FrontDoor, openFrontDoor } from './front-door.ts'
import { addHospital, type Hospital } from './harness.ts'
import { configured, type IdentityProvider, openIdentityProvider, type User } from './identity-provider.ts'

export interface Federation {
  door: FrontDoor
  /** The provider of Lipová, and the one of the CSIRT. */
  idp: IdentityProvider
  csirt: IdentityProvider
  lipova: Hospital
  dolni: Hospital
  /** IT administrator of Lipová, of Dolní, and a coordinator; each has a password. */
  jana: Actor
  petr: Actor
  vera: Actor
  /** Lipová's provider as it is configured from now on. */
  configure(rest?: Partial<Provider>, written?: Partial<Provider['organisations'][number]>): void
  /** Links without asking, as if it had been done before. */
  linked(who: Actor, subject: string, provider?: 'lipova' | 'csirt'): Promise<void>
  says(subject: string, user: User): void
  /** What the person is now, as `role at organisation (source)`. */
  rolesOf(person: number): Promise<string[]>
  /** Lines of the trail since the beginning of the test, as `verb` and what they tell. */
  trail(): Promise<{ verb: string; object: string; detail: Record<string, unknown> }[]>
  /** Before each test. */
  reset(): Promise<void>
  close(): Promise<void>
}

export async function openFederation(secondFactor: 'required' | 'off' = 'off'): Promise<Federation> {
  const door = await openFrontDoor(secondFactor)
  const [idp, csirt] = [await openIdentityProvider(['lipova']), await openIdentityProvider(['csirt'], false)]
  const lipova = await addHospital(door.db, 'Nemocnice Lipová', ['192.0.2.0/25'], {
    domains: ['lipova.example'],
  })
  const dolni = await addHospital(door.db, 'Nemocnice Dolní', ['192.0.2.128/25'], {
    domains: ['dolni.example'],
  })
  const [jana, petr, vera] = [
    await door.person('Jana Nováková', [['admin', lipova]]),
    await door.person('Petr Dub', [['admin', dolni]]),
    await door.person('Věra Klidná', [['coordinator', null]]),
  ]
  let since = 0
  return {
    ...{ door, idp, csirt, lipova, dolni, jana, petr, vera },
    configure: (rest = {}, written = {}) => {
      const organisation = { organisation: lipova.name, roles: {}, newPeople: false, ...written }
      door.context.settings.providers = [
        configured(idp, 'lipova', { organisations: [organisation], ...rest }),
        configured(csirt, 'csirt', {
          central: { csirt: ['coordinator'] },
          secondFactor: { amr: ['mfa'], acr: [] },
        }),
      ]
    },
    linked: async (who, subject, provider = 'lipova') => {
      await door.db.engine.query(
        `insert into provider_links (person_id, provider, issuer, subject, linked_at) values ($1, $2, $3, $4, now())`,
        [who.person, provider, provider === 'lipova' ? idp.issuer : csirt.issuer, subject],
      )
    },
    says: (subject, user) => {
      idp.users[subject] = user
      csirt.users[subject] = user
    },
    rolesOf: async (person) => {
      const { rows } = await door.db.engine.query<{ text: string }>(
        `select e.role || coalesce(' at ' || o.name, '') || ' (' || e.source || ')' as text
         from engagements e left join organisations o on o.id = e.org_id
         where e.person_id = $1 and e.valid_to > $2 order by 1`,
        [person, new Date(door.now)],
      )
      return rows.map(({ text }) => text)
    },
    trail: async () => {
      const { rows } = await door.db.engine.query<{
        verb: string
        object: string
        detail: Record<string, unknown>
      }>('select verb, object, detail from audit where id > $1 order by id', [since])
      return rows
    },
    reset: async () => {
      await door.forget()
      // The library that reads tokens goes by the machine's clock.
      door.now = Date.now()
      await door.db.engine.query(
        `update provider_links set ended_at = now() where ended_at is null;
         update engagements set valid_to = valid_from where source = 'directory'`,
      )
      const { rows } = await door.db.engine.query<{ id: number }>(
        'select coalesce(max(id), 0)::int as id from audit',
      )
      since = rows[0]?.id ?? 0
      idp.posted()
      idp.users = {}
      csirt.users = {}
    },
    close: async () => {
      await idp.close()
      await csirt.close()
      await door.close()
    },
  }
}

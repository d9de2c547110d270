/** Three organisations whose addresses touch, the people who speak for them, and the deeds on claims in few words. */
import { type Asked, ask } from '../src/modules/members/claims/ask.ts'
import { type Decision, decide } from '../src/modules/members/claims/decide.ts'
import { end } from '../src/modules/members/claims/end.ts'
import { type ClaimShown, claimShown, heldAt } from '../src/modules/members/claims/queries.ts'
import { loadRegister } from '../src/modules/members/index.ts'
import { type Actor, asActor } from '../src/platform/access.ts'
import { asEngine } from '../src/platform/database.ts'
import { parseNet } from '../src/values/address.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from './harness.ts'

export interface ClaimStage {
  db: TestDatabase
  /** Tests move it. */
  now: { ms: number }
  /** Holds nothing. */
  horni: Hospital
  /** Holds 198.51.100.0/25 and dolni-smyslenka.example. */
  dolni: Hospital
  /** Holds 203.0.113.0/24. */
  kraj: Hospital
  /** Of horni: representative, administrator, and one with all the other roles. */
  radka: Actor
  adam: Actor
  petra: Actor
  /** Administrator of dolni, representative of kraj. */
  cyril: Actor
  karel: Actor
  coordinator: Actor
  operator: Actor
  /** Claims for the actor's first organisation; answers the number of the first claim. */
  claim(values: string, by?: Actor, more?: Partial<Asked>): Promise<number>
  judge(id: number, more?: Partial<Decision>, by?: Actor): Promise<void>
  shown(id: number, by: Actor): Promise<ClaimShown>
  held(org: Hospital, by: Actor, at?: number): Promise<string[]>
  recordOf(org: Hospital, value: string): Promise<string>
  finish(record: string, by: Actor, reason?: string): Promise<void>
  /** Organisations whose an address is by a register read anew. */
  owners(address: string, at?: number): Promise<number[]>
}

export async function openClaimStage(): Promise<ClaimStage> {
  const db = await createDatabase()
  const now = { ms: tuesday }
  const horni = await addHospital(db, 'Nemocnice Horní Výmysl', [])
  const dolni = await addHospital(db, 'Nemocnice Dolní Smyšlenka', ['198.51.100.0/25'], {
    domains: ['dolni-smyslenka.example'],
  })
  const kraj = await addHospital(db, 'Kraj Smyšlený', ['203.0.113.0/24'])
  const adam = await addPerson(db, 'Adam Správce', [['admin', horni]])
  const coordinator = await addPerson(db, 'Klára Koordinátorka', [['coordinator', null]])
  return {
    ...{ db, now, horni, dolni, kraj, adam, coordinator },
    radka: await addPerson(db, 'Radka Zástupkyně', [['representative', horni]]),
    petra: await addPerson(db, 'Petra Pověřenkyně', [
      ['dpo', horni],
      ['duty', horni],
      ['security_manager', horni],
      ['manager', horni],
    ]),
    cyril: await addPerson(db, 'Cyril Cizí', [['admin', dolni]]),
    karel: await addPerson(db, 'Karel Krajský', [['representative', kraj]]),
    operator: await addPerson(db, 'Oto Provozovatel', [['operator', null]]),
    claim: async (values, by = adam, more = {}) => {
      const org = by.engagements[0]?.org ?? horni.id
      const wanted = { org, values, until: '', note: '', ...more }
      return (await asEngine(db, (tx) => ask(tx, wanted, by, now.ms)))[0] as number
    },
    judge: (id, more = {}, by = coordinator) =>
      asEngine(db, (tx) =>
        decide(tx, id, { accept: true, reason: 'Ověřeno telefonem.', ...more }, by, now.ms),
      ),
    shown: (id, by) => asActor(db, by, now.ms, (tx) => claimShown(tx, id)),
    held: (org, by, at = now.ms) =>
      asActor(db, by, now.ms, async (tx) => (await heldAt(tx, org.id, at)).map(({ value }) => value)),
    recordOf: async (org, value) =>
      (await asActor(db, coordinator, now.ms, (tx) => heldAt(tx, org.id, now.ms))).find(
        (one) => one.value === value,
      )?.held ?? '',
    finish: (record, by, reason = 'Přešlo na jiného poskytovatele.') =>
      asEngine(db, (tx) => end(tx, record, reason, by, now.ms)),
    owners: async (address, at = now.ms) => {
      const register = await loadRegister(db.engine)
      const net = parseNet(address)
      return net ? register.ownersOf(net, at).map(({ org }) => org) : []
    },
  }
}

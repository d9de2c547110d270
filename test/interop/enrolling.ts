/** A hospital whose sensors get certificates at a real door: what the tests of tokens and of certificates share. */
import { afterAll, beforeAll, expect } from 'vitest'
import * as enrolment from '../../src/modules/events/enrolment.ts'
import { type Actor, asActor } from '../../src/platform/access.ts'
import { addHospital, addPerson, type Hospital } from '../harness.ts'
import { type Asked, ask, type Made, requestFor } from './certificate-request.ts'
import { type Machines, openMachinesHere } from './machines.ts'
import type { Answer } from './sender.ts'

export interface Enrolled {
  id: number
  name: string
  token: string
  request: Made
  pair: { cert: string; key: string }
}

export interface Enrolling {
  here: Machines
  hospital: Hospital
  coordinator: Actor
  admin: Actor
  /** Administrator of another hospital. */
  stranger: Actor
  /** A new sensor of the hospital, by certificate alone unless said otherwise. */
  sensor(more?: object): Promise<{ id: number; name: string }>
  offer(id: number, by?: Actor, hours?: number): Promise<{ token: string; until: number }>
  revoke(id: number, by?: Actor): Promise<number>
  enrol(asked: Asked): Promise<Answer>
  /** A sensor with the certificate that it got by a token. */
  enrolled(more?: object): Promise<Enrolled>
  /** As if its certificates had been given so many days earlier; the handshake is judged by the machine's clock. */
  age(id: number, days: number): Promise<unknown>
}

/** Status and sentence of a refusal. */
export const why = (answer: { status: number; body: string }): [number, string] => [
  answer.status,
  JSON.parse(answer.body).message,
]

/** Its fields are there once the tests of the file have begun. */
export function openEnrolling(): Enrolling {
  const all = {} as Enrolling
  beforeAll(async () => {
    const here = await openMachinesHere()
    const { db } = here
    // Certificates are judged by the machine's clock in the handshake.
    here.now.ms = Date.now()
    const hospital = await addHospital(db, 'Nemocnice Horní Výmysl', ['192.0.2.0/25'])
    const other = await addHospital(db, 'Nemocnice Dolní Smyšlenka', ['192.0.2.128/25'])
    Object.assign(all, {
      here,
      hospital,
      coordinator: await addPerson(db, 'Klára Koordinátorka', [['coordinator', null]]),
      admin: await addPerson(db, 'Adam Správce', [['admin', hospital]]),
      stranger: await addPerson(db, 'Cyril Cizí', [['admin', other]]),
    })
  })
  afterAll(() => all.here.close())
  let made = 0
  const now = (): number => all.here.now.ms
  const deeds: Omit<Enrolling, 'here' | 'hospital' | 'coordinator' | 'admin' | 'stranger'> = {
    sensor: async (more = {}) => {
      const name = `cz.hsoc.horni.ids${++made}`
      await all.here.addSensor(name, { member: all.hospital.name, secret: false, ...more })
      const sql = 'select id from sensors where name = $1'
      const { rows } = await all.here.db.engine.query<{ id: number }>(sql, [name])
      return { id: rows[0]?.id as number, name }
    },
    offer: (id, by = all.admin, hours) =>
      asActor(all.here.db, by, now(), (tx) => enrolment.offer(tx, id, by, now(), hours)),
    revoke: (id, by = all.admin) =>
      asActor(all.here.db, by, now(), (tx) => enrolment.revoke(tx, id, by, now())),
    enrol: (asked) => ask(all.here.port, 'enrolment', asked),
    enrolled: async (more = {}) => {
      const { id, name } = await deeds.sensor(more)
      const { token } = await deeds.offer(id)
      const request = await requestFor(name)
      const answer = await deeds.enrol({ token, body: request.pem })
      expect([answer.status, answer.body]).toEqual([200, expect.stringContaining('BEGIN CERTIFICATE')])
      return { id, name, token, request, pair: { cert: answer.body, key: request.key } }
    },
    age: (id, days) =>
      all.here.db.engine.query(
        `update sensor_certificates set issued_at = issued_at - make_interval(days => $2), not_after = not_after - make_interval(days => $2)
         where sensor_id = $1`,
        [id, days],
      ),
  }
  return Object.assign(all, deeds)
}

import { afterAll, beforeAll, expect, it } from 'vitest'
import { contextOf } from '../../../test/belongings.ts'
import { addHospital, addPerson, createDatabase, type TestDatabase, tuesday } from '../../../test/harness.ts'
import { certifyNewKey } from '../../platform/certificates.ts'
import { asEngine } from '../../platform/database.ts'
import { accountLetter } from '../channels/account-mail.ts'
import { authorityOf } from './authority.ts'
import { list } from './enrolment.ts'
import { remindEnds } from './remind.ts'
import { add, disable } from './sensors.ts'

const day = 86_400_000
const secret = 'test-secret-of-at-least-32-characters'

let db: TestDatabase
beforeAll(async () => {
  db = await createDatabase()
})
afterAll(() => db.drop())

async function sensorWith(name: string, member: string | null, days: number): Promise<void> {
  const { id } = await add(
    db.engine,
    { name, member, rights: ['write'], secret: false, certCn: null },
    secret,
    tuesday,
  )
  await certificateFor(id, name, days)
}

async function certificateFor(id: number, cn: string, days: number): Promise<void> {
  const ca = await authorityOf(db.engine, { secret }, tuesday)
  const issued = await certifyNewKey(ca, { cn, days }, tuesday)
  await asEngine(db, (tx) => list(tx, id, ca, issued, 'enrolment', tuesday))
}

const mails = async (): Promise<string[]> => {
  const { rows } = await db.engine.query<{ address: string; topic: string; sensor: string }>(
    `delete from deliveries where kind = 'account' returning address, topic, detail ->> 'sensor' as sensor`,
  )
  return rows.map((row) => `${row.sensor} ${row.topic.split(':').at(-1)} ${row.address}`).sort()
}

it('who manages a sensor hears thirty and seven days before its certificate ends, once each, and nobody else', async () => {
  const horni = await addHospital(db, 'Nemocnice Horní Výmysl', [])
  const dolni = await addHospital(db, 'Nemocnice Dolní Smyšlenka', [])
  await addPerson(db, 'Adam', [['admin', horni]])
  await addPerson(db, 'Radka', [['representative', horni]], 'en')
  await addPerson(db, 'Dana', [['duty', horni]])
  await addPerson(db, 'Cyril', [['admin', dolni]])
  await addPerson(db, 'Klara', [['coordinator', null]])
  await sensorWith('cz.horni.ids', horni.name, 60)
  await sensorWith('cz.perimetr.ids', null, 60)
  const alone = await addHospital(db, 'Nemocnice Osamělá', [])
  await sensorWith('cz.dolni.renewed', dolni.name, 60)
  await certificateFor(3, 'cz.dolni.renewed', 300)
  // Nobody there who would manage it.
  await sensorWith('cz.osamela.ids', alone.name, 60)
  await sensorWith('cz.dolni.off', dolni.name, 60)
  await disable(db.engine, 'cz.dolni.off', tuesday)

  await remindEnds(db, tuesday + 29 * day)
  expect(await mails()).toEqual([])
  const first = ['adam', 'radka'].map((who) => `cz.horni.ids 30 ${who}@people.example`)
  expect(await remindEnds(db, tuesday + 31 * day)).toBe(4)
  const central = ['osamela', 'perimetr'].map((whose) => `cz.${whose}.ids 30 klara@people.example`)
  expect(await mails()).toEqual([...first, ...central])
  expect(await remindEnds(db, tuesday + 40 * day)).toBe(0)
  expect(await remindEnds(db, tuesday + 54 * day)).toBe(4)
  expect((await mails()).every((mail) => / 7 /.test(mail))).toBe(true)
  expect(await remindEnds(db, tuesday + 55 * day)).toBe(0)
  // Too late for a reminder: the silent sensor is a warning of its own.
  expect(await remindEnds(db, tuesday + 61 * day)).toBe(0)
})

it('the mail says which sensor and until when, in the language of its reader, and is dropped when it comes too late', async () => {
  const { context, stop } = contextOf(db)
  const detail = {
    template: 'sensor-certificate',
    sensor: 'cz.horni.ids',
    id: 7,
    until: new Date(tuesday).toISOString(),
  }
  const letter = (language: 'cs' | 'en', now: number) =>
    accountLetter(context, { detail } as never, { actor: { language } } as never, now)
  const czech = letter('cs', tuesday - day)
  expect(czech?.subject).toBe('Certifikát senzoru cz.horni.ids brzy skončí')
  expect(JSON.stringify(czech?.blocks)).toContain('https://hsoc.example/sensors/7#certificates')
  expect(letter('en', tuesday - day)?.answer).toContain('cz.horni.ids ends')
  expect(letter('en', tuesday)).toBeNull()
  await stop()
})

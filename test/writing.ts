/** Written warnings for tests: a draft as an author would fill it in. */
import type { ParsedMail } from 'mailparser'
import { openMailer, work } from '../src/modules/channels/index.ts'
import { mailWriters } from '../src/modules/warnings/mails.ts'
import { change, create, save, submit } from '../src/modules/warnings/written/edit.ts'
import { publish } from '../src/modules/warnings/written/publish.ts'
import { getWritten } from '../src/modules/warnings/written/read.ts'
import type { Draft } from '../src/modules/warnings/written/types.ts'
import { type Actor, asActor } from '../src/platform/access.ts'
import { NotFound } from '../src/platform/errors.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from './harness.ts'
import { openPostOffice, type PostOffice, testContext } from './post-office.ts'

const empty = { title: '', happened: '', concerns: '', todo: '' }

/** A warning about phishing for all members, TLP:GREEN, medium, in Czech; `more` over it. */
export const draftOf = (more: Partial<Draft> = {}): Draft => ({
  kind: 'campaign',
  severity: 2,
  tlp: 'GREEN',
  audience: 'all_members',
  orgs: [],
  group: null,
  named: [],
  texts: {
    cs: {
      title: 'Podvodné maily s fakturou',
      happened: 'Několika nemocnicím přišly maily s přílohou faktura.zip.',
      concerns: 'Týká se všech, kdo přijímají poštu zvenku.',
      todo: 'Do pátku zablokujte přílohy ZIP a upozorněte lidi.',
    },
    en: empty,
  },
  rules: { all: true, prefixes: [], domains: [], kinds: [], regions: [] },
  actionBy: null,
  validUntil: null,
  refs: '',
  changeNote: '',
  substantive: true,
  translated: false,
  ...more,
})

export interface Writing {
  db: TestDatabase
  office: PostOffice
  /** Two hospitals, with an administrator who reads Czech and a duty who reads English; two coordinators. */
  jihlava: Hospital
  trest: Hospital
  jana: Actor
  tomas: Actor
  karel: Actor
  kveta: Actor
  context: ReturnType<typeof testContext>
  /** A draft by Karel. */
  written(more?: Partial<Draft>): Promise<number>
  /** The same, published by Květa. */
  published(more?: Partial<Draft>, now?: number): Promise<number>
  /** Its next version, by the same two. */
  again(id: number, more: Partial<Draft>, now: number): Promise<void>
  /** Hands over what is due. */
  send(now: number): Promise<number>
  to(person: Actor): ParsedMail[]
  sees(actor: Actor | null, id: number, now?: number): Promise<boolean>
  /** `kind state reason` of each delivery to those for whom it is, in their order; without the letters among coordinators. */
  states(id: number): Promise<string[]>
  /** Takes away what the last test wrote. */
  clear(): Promise<void>
  close(): Promise<void>
}

/** A database with people who write and read warnings, and a post office that takes the mails. */
export async function openWriting(): Promise<Writing> {
  const db = await createDatabase()
  const jihlava = await addHospital(db, 'Nemocnice Jihlavka', ['192.0.2.0/25'])
  const trest = await addHospital(db, 'Nemocnice Třešť', ['198.51.100.0/24'])
  const jana = await addPerson(db, 'Jana Správná', [['admin', jihlava]])
  const tomas = await addPerson(db, 'Tomáš Služba', [['duty', trest]], 'en')
  const karel = await addPerson(db, 'Karel Koordinátor', [['coordinator', null]])
  const kveta = await addPerson(db, 'Květa Koordinátorka', [['coordinator', null]])
  const context = testContext(db)
  const office = await openPostOffice()
  const mailer = openMailer(
    { smtpUrl: office.url, mailFrom: 'hSOC <hsoc@hsoc.example>', dkim: null },
    mailWriters,
  )
  const written = (more: Partial<Draft> = {}): Promise<number> => create(db, karel, draftOf(more), tuesday)
  const out = async (id: number, now: number): Promise<void> => {
    await submit(db, id, karel, now)
    await publish(db, id, kveta, now)
  }
  return {
    ...{ db, office, jihlava, trest, jana, tomas, karel, kveta, context, written },
    published: async (more = {}, now = tuesday) => {
      const id = await written(more)
      await out(id, now)
      return id
    },
    again: async (id, more, now) => {
      await change(db, id, karel, now)
      await save(db, id, karel, draftOf({ changeNote: 'Zpřesněno.', ...more }), now)
      await out(id, now)
    },
    send: (now) => work(context, mailer, now),
    to: (person) => office.to(person.email),
    sees: (actor, id, now = tuesday) =>
      asActor(db, actor, now, (tx) => getWritten(tx, id)).then(
        () => true,
        (error) => {
          if (error instanceof NotFound) return false
          throw error
        },
      ),
    states: async (id) =>
      (
        await db.engine.query<{ s: string }>(
          `select kind || ' ' || state || coalesce(' ' || reason, '') as s from deliveries where written_id = $1 and kind <> 'talk' order by id`,
          [id],
        )
      ).rows.map((row) => row.s),
    clear: async () => {
      office.clear()
      await db.engine.query(
        'delete from deliveries; delete from written_warnings; delete from single_duty_periods',
      )
    },
    close: async () => {
      await mailer.close()
      await office.close()
      await db.drop()
    },
  }
}

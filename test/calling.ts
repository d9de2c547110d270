/** Roll-calls for tests: hospitals whose people have mail and proved numbers, two coordinators, a post office and a provider of text messages. */
import pg from 'pg'
import { openMailer, openWays, work as workChannels } from '../src/modules/channels/index.ts'
import { create } from '../src/modules/emergency/draft.ts'
import {
  rollcallLetter,
  rollcallShort,
  understandReply,
  work as workCalls,
} from '../src/modules/emergency/index.ts'
import { release } from '../src/modules/emergency/release.ts'
import { type Draft, usualAnswers } from '../src/modules/emergency/types.ts'
import { mailWriters } from '../src/modules/warnings/mails.ts'
import type { Actor, Role } from '../src/platform/access.ts'
import { asEngine } from '../src/platform/database.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from './harness.ts'
import { openPostOffice, type PostOffice, testContext } from './post-office.ts'
import type { PushHouse } from './push-house.ts'
import { type SmsGateway, smsBack } from './sms-gateway.ts'
import { openSmsc, type Smsc } from './smsc.ts'

export const minute = 60_000

/** An emergency for all members, to be answered within an hour; `more` over it. */
export const callOf = (more: Partial<Draft> = {}): Draft => ({
  class: 'emergency',
  title: 'Vyděračský útok na dodavatele informačních systémů',
  body: 'Odpojte vzdálené přístupy dodavatele a ověřte zálohy.',
  room: 'Trvalá místnost hSOC, linka 555 010 099',
  tlp: 'GREEN',
  orgs: null,
  kinds: [],
  regions: [],
  answers: usualAnswers,
  mode: 'org',
  quorum: 1,
  withinMin: 60,
  channel: null,
  withManagers: true,
  ...more,
})

export interface Line {
  org: number
  state: string
  answer: string | null
  step: number
  conflict: boolean
}

export interface Calling {
  db: TestDatabase
  office: PostOffice
  smsc: Smsc
  context: ReturnType<typeof testContext>
  karel: Actor
  kveta: Actor
  hospital(name: string): Promise<Hospital>
  /** With a mail address and, where one is given, a proved number. */
  person(name: string, roles: [Role, Hospital][], number?: string, isProved?: boolean): Promise<Actor>
  /** Written by Karel, released by Květa. */
  released(more?: Partial<Draft>, now?: number): Promise<number>
  /** One second of the worker: steps, mails, text messages. */
  tick(now: number): Promise<void>
  /** The steps alone. */
  steps(now: number): Promise<number>
  line(id: number, org: Hospital): Promise<Line>
  /** `step channel person state` of each attempt, in their order. */
  attempts(id: number, org?: Hospital): Promise<string[]>
  state(id: number): Promise<string>
  /** What a phone sends back. */
  says(number: string, text: string): Promise<void>
  /** What only the owner of the database may. */
  owner(sql: string): Promise<void>
  clear(): Promise<void>
  close(): Promise<void>
}

export interface CallingOptions {
  smsPort?: number
  /** The sender of text messages; to a name nobody can reply. */
  from?: string
  push?: Pick<PushHouse, 'origin'>
  /** Text messages go by it instead. */
  gateway?: SmsGateway
}

export async function openCalling(options: CallingOptions = {}): Promise<Calling> {
  const pushHosts = options.push ? [options.push.origin] : []
  const db = await createDatabase()
  const context = testContext(db, { pushHosts })
  const office = await openPostOffice()
  const smsc = await openSmsc()
  const mailer = openMailer(
    { smtpUrl: office.url, mailFrom: 'hSOC <hsoc@hsoc.example>', dkim: null },
    { ...mailWriters, rollcall: rollcallLetter },
  )
  const access = { host: '127.0.0.1', port: options.smsPort ?? smsc.port, secure: false }
  const ways = openWays(
    context,
    {
      pushHosts,
      sms: options.gateway?.sms ?? {
        by: 'smpp',
        ...access,
        user: 'hsoc',
        password: 'hush',
        from: options.from ?? '900',
      },
      smsBack,
    },
    { understand: [understandReply], rollcall: rollcallShort },
  )
  const karel = await addPerson(db, 'Karel Koordinátor', [['coordinator', null]])
  const kveta = await addPerson(db, 'Květa Koordinátorka', [['coordinator', null]])
  const steps = (now: number) => {
    context.at(now)
    return workCalls(context, now)
  }
  return {
    ...{ db, office, smsc, context, karel, kveta, steps },
    hospital: (name) => addHospital(db, name, []),
    person: async (name, roles, number, isProved = true) => {
      const person = await addPerson(db, name, roles)
      const [first] = roles
      if (number && first)
        await db.engine.query(
          `insert into contact_points (org_id, person_id, name, channel, value, readers, added_at, changed_at, verified_at, verified_how)
           values ($1, $2, $3, 'sms', $4, array[2, $5::int], $6, $6, case when $7 then $6::timestamptz end, case when $7 then 'sms' end)`,
          [first[1].id, person.person, name, number, 1000 + 4 * first[1].id, new Date(tuesday), isProved],
        )
      return person
    },
    released: async (more = {}, now = tuesday) => {
      const id = await asEngine(db, (tx) => create(tx, callOf(more), karel, now))
      await asEngine(db, (tx) => release(tx, id, kveta, now))
      return id
    },
    tick: async (now) => {
      await steps(now)
      await workChannels(context, mailer, now)
      await ways.work(now)
      await steps(now)
    },
    line: async (id, org) => {
      const { rows } = await db.engine.query<Line & Record<string, unknown>>(
        `select org_id as org, state, answer, last_step as step, conflict from org_rollcalls where broadcast_id = $1 and org_id = $2`,
        [id, org.id],
      )
      return rows[0] as Line // it was asked
    },
    attempts: async (id, org) => {
      const { rows } = await db.engine.query<{ said: string }>(
        `select a.step || ' ' || a.channel || ' ' || coalesce(p.name, '-') || ' ' || coalesce(d.state, 'call') as said
         from rollcall_attempts a left join people p on p.id = a.person_id left join deliveries d on d.id = a.delivery_id
         where a.broadcast_id = $1 and ($2::int is null or a.org_id = $2) order by a.id`,
        [id, org?.id ?? null],
      )
      return rows.map(({ said }) => said)
    },
    state: async (id) => {
      const { rows } = await db.engine.query<{ state: string }>(
        'select state from broadcasts where id = $1',
        [id],
      )
      return rows[0]?.state ?? ''
    },
    says: async (number, text) => {
      await smsc.deliver({
        esm_class: 0,
        source_addr: number.replace('+', ''),
        destination_addr: '900',
        short_message: text,
      })
    },
    owner: async (sql) => {
      const client = new pg.Client({ connectionString: db.url })
      await client.connect()
      await client.query(sql)
      await client.end()
    },
    clear: async () => {
      office.clear()
      smsc.taken.length = 0
      smsc.answer = 0
      await db.engine.query(
        'delete from broadcasts; delete from broadcast_numbers; delete from deliveries; delete from short_replies; delete from channel_states; delete from rollcall_policies; delete from protected_windows; delete from single_duty_periods',
      )
    },
    close: async () => {
      await ways.close()
      await mailer.close()
      await smsc.close()
      await office.close()
      await db.drop()
    },
  }
}

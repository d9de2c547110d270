/** Members with people who are called, and coordinators who release a call; what a node needs to lead it. */
import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import type pg from 'pg'
import type { Actor } from '../src/platform/access.ts'
import { asEngine } from '../src/platform/database.ts'
import { callDrafts, callReleases } from './product.ts'
import type { Stage } from './stage.ts'

/** What people have beside a mail address: one number in each organisation, or each a browser that takes push messages. */
export interface Beside {
  numbers?: boolean
  browsers?: { origin: string; p256dh: string; auth: string }
}

/** Organisations beside those of the stage, each with three people: two on duty and an administrator. */
export async function addMembers(
  client: pg.Pool,
  wanted: number,
  { numbers, browsers }: Beside,
): Promise<void> {
  await client.query(`update organisations set status = 'left'`)
  await client.query(
    `with o as (insert into organisations (name, kind, language, contact_email, rules_accepted_at, created_at, changed_at)
       select 'Člen ' || n, 'hospital', 'cs', 'it@clen-' || n || '.example', now(), now(), now() from generate_series(1, $1::int) n returning id),
     p as (insert into people (email, name, language, created_at)
       select 'kontakt-' || n || '@o' || o.id || '.example', 'Kontakt ' || n || ' ' || o.id, 'cs', now() from o, generate_series(1, 3) n returning id, email)
     insert into engagements (person_id, org_id, role, valid_from)
     select p.id, substring(p.email from '@o([0-9]+)')::int, case when p.email like 'kontakt-3%' then 'admin' else 'duty' end, now() - interval '1 year' from p`,
    [wanted],
  )
  await client.query(`update organisations set readers = array[2, 1000 + 4 * id]`)
  if (numbers)
    await client.query(
      `insert into contact_points (org_id, person_id, name, channel, value, readers, added_at, changed_at, verified_at, verified_how)
       select e.org_id, p.id, p.name, 'sms', '+42055' || lpad(p.id::text, 7, '0'), '{2}', now(), now(), now(), 'sms'
       from people p join engagements e on e.person_id = p.id where p.email like 'kontakt-1@%'`,
    )
  if (browsers)
    await client.query(
      `insert into push_devices (person_id, endpoint, p256dh, auth, name, added_at, seen_at)
       select p.id, $1 || '/' || p.id, $2, $3, 'Prohlížeč', now(), now() from people p where p.email like 'kontakt-%'`,
      [browsers.origin, browsers.p256dh, browsers.auth],
    )
  await client.query('analyze')
}

/** An emergency to all members, written by one coordinator and released by another; answers its number. */
export async function releaseCall(stage: Stage): Promise<number> {
  const { rows } = await stage.owner.query<{ id: number }>(
    `insert into people (email, name, language, created_at) values ('druha@bench.example', 'Druhá', 'cs', now()) returning id`,
  )
  const coordinator = (person: number): Actor => ({
    ...{ person, name: 'Koordinace', email: 'koordinace@bench.example', language: 'cs' },
    engagements: [{ org: null, orgName: null, role: 'coordinator' }],
  })
  const answers = [
    { code: '1', cs: 'Bez dopadu', en: 'No impact', needsNote: false },
    { code: '2', cs: 'Jsme zasaženi', en: 'We are affected', needsNote: false },
  ]
  const [{ create }, { release }] = [await callDrafts(), await callReleases()]
  return asEngine(stage.db, async (tx) => {
    const id = await create(
      tx,
      {
        ...{
          class: 'emergency',
          title: 'Výpadek dodavatele',
          body: 'Odpojte vzdálené přístupy.',
          room: '',
          tlp: 'GREEN',
        },
        ...{ orgs: null, kinds: [], regions: [], answers, mode: 'org', quorum: 1, withinMin: 60 },
        ...{ channel: null, withManagers: true },
      },
      coordinator(stage.coordinator),
      Date.now(),
    )
    await release(tx, id, coordinator(rows[0]?.id ?? 0), Date.now())
    return id
  })
}

/** A node that leads calls: steps, mails and text messages, as a process of its own, with the limits of mail and push lifted; answered when it is at work. */
export async function startNode(
  stage: Stage,
  to: { smtp: string; smsPort?: number; push?: string },
): Promise<ChildProcess> {
  const { connectionString } = stage.owner.options
  const child = spawn(
    process.execPath,
    [...process.execArgv, path.join(import.meta.dirname, 'call-node.ts')],
    {
      env: {
        ...process.env,
        ...{ BENCH_DATABASE: connectionString, BENCH_SMTP: to.smtp },
        ...{ BENCH_SMS: String(to.smsPort ?? 0), BENCH_PUSH: to.push ?? '' },
      },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  )
  process.once('exit', () => child.kill('SIGKILL'))
  await new Promise<void>((done, failed) => {
    child.once('message', () => done())
    child.once('exit', (code) => failed(new Error(`a node ended (${code})`)))
  })
  return child
}

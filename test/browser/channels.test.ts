/** Pages of the channels with something on them: ways that are down, replies, addresses that return mail, keys for mail, the choice of text messages. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Actor } from '../../src/platform/access.ts'
import { axeOf, evening, type Looks, openStage, type Stage, tooWide } from './stage.ts'

const looks: Looks[] = [
  { width: 360, dark: true, lang: 'cs' },
  { width: 1280, dark: false, lang: 'en' },
]

let stage: Stage
let contact: string
beforeAll(async () => {
  stage = await openStage(2_000)
  const { admin } = stage.people
  const org = stage.hospitals[0]?.id ?? 0
  const at = new Date(evening - 3_600_000)
  stage.context.settings.hasSms = true
  const put = (sql: string, values: unknown[]) => stage.db.engine.query<{ id: number }>(sql, values)
  await put(
    `insert into mail_standings (address_key, address, score, scored_at, bounced_at, kind, said, suspended_at, readers)
     values (address_key($1), $1, 6, $2, $2, 'hard', '550 5.1.1 <' || $1::text || '>: Recipient address rejected: User unknown in virtual mailbox table', $2, array[2, -$3::int, $4::int]),
       (address_key('prijem@nemocnice-dolni.example'), 'prijem@nemocnice-dolni.example', 4, $2, $2, 'soft', '452 4.2.2 mailbox full', null, array[2, $4::int])`,
    [admin.email, at, admin.person, 1000 + 4 * org],
  )
  await put(
    `insert into mail_keys (address_key, address, fingerprint, public_key, expires_at, uploaded_at, proved_at, readers)
     values (address_key($1), $1, repeat('A7F3', 10), 'x', $2::timestamptz - interval '1 day', $2, $2, array[2, -$3::int]),
       (address_key('prijem-velmi-dlouhe-oddeleni@nemocnice-dolni.example'), 'prijem-velmi-dlouhe-oddeleni@nemocnice-dolni.example', repeat('09BC', 10), 'x',
        $2::timestamptz + interval '9 days', $2, $2, array[2, $4::int])`,
    [admin.email, at, admin.person, 1000 + 4 * org],
  )
  await put(
    `insert into signing_keys (fingerprint, public_key, sealed_key, made_at) values (repeat('5E1F', 10), 'x', 'x', $1)`,
    [at],
  )
  await put(
    `insert into mail_returns (on_day, kind, n) values ($1::date, 'unknown', 12), ($1::date, 'hard', 3)`,
    [at],
  )
  await put(
    `insert into channel_states (channel, failures, down_since, said) values ('sms', 3, $1, 'no SMPP session')`,
    [at],
  )
  await put(
    `insert into short_replies (channel, sender, text, received_at, taken_as) values ('sms', '+420555010222', 'vidime', $1, 'seen'), ('sms', '+420555010333', 'Kdo jste?', $1, null)`,
    [at],
  )
  const { rows } = await put(
    `insert into contact_points (org_id, person_id, name, channel, value, readers, added_at, changed_at, verified_at, verified_how)
     values ($1, $2, $3, 'sms', '+420555010222', array[2, $4::int], $5, $5, $5, 'sms') returning id`,
    [org, admin.person, admin.name, 1000 + 4 * org, at],
  )
  await put(
    `insert into contact_entries (point_id, org_id, purpose, place, visibility, readers) values ($1, $2, 'security', 1, 'coordinators', array[2, $3::int])`,
    [rows[0]?.id, org, 1000 + 4 * org],
  )
  contact = `/members/${org}/contacts/${rows[0]?.id}`
}, 300_000)
afterAll(() => stage?.close())

async function look(who: Actor, paths: string[]): Promise<string[]> {
  const found: string[] = []
  for (const how of looks) {
    const { page, faults, context } = await stage.open(who, how)
    for (const path of paths) {
      const where = `${path} ${how.width} ${how.lang}`
      const answer = await page.goto(stage.base + path, { waitUntil: 'load' })
      if (answer?.status() !== 200) found.push(`${where}: ${answer?.status()}`)
      const over = await tooWide(page)
      if (over > 0) found.push(`${where}: wider than the screen by ${over}`)
      for (const violation of await axeOf(page)) found.push(`${where}: ${violation}`)
      for (const fault of faults.splice(0)) found.push(`${where}: ${fault}`)
    }
    await context.close()
  }
  return found
}

it('the pages of the channels are sound for coordinators and for those whom they concern', async () => {
  expect(await look(stage.people.coordinator, ['/deliveries', '/mail-addresses', '/mail-keys'])).toEqual([])
  expect(await look(stage.people.admin, ['/account', '/mail-addresses', '/mail-keys', contact])).toEqual([])
}, 240_000)

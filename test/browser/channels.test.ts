/** Pages of the channels with something on them: ways that are down, replies, webhooks, why a message came, addresses that return mail, keys for mail, the choice of text messages. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Actor } from '../../src/platform/access.ts'
import { look } from './looking.ts'
import { axeOf, evening, openStage, type Stage, thingsOf, tooWide } from './stage.ts'
import { tabThrough } from './tabbing.ts'

let stage: Stage
let contact: string
let hooks: string[]
let messages: string
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
  await put(
    `insert into short_replies (channel, sender, text, received_at, person_id, why_not) values ('sms', '+420555010222', $2, $1, $3, 'left'),
       ('sms', '+420555010444', 'V7F3K', $1, null, 'no-such-code')`,
    [at, 'Dobry den, jsme na pohotovosti a nevime, co s tou zpravou mame delat. '.repeat(4), admin.person],
  )
  const made = await put(
    `insert into webhooks (org_id, name, form, sealed_url, host, sealed_secret, events, least, language, made_at, made_by, failures, disabled_at, disabled_why)
     values ($1, 'Dohledové centrum kraje', 'signed', 'x', 'dohled.velmi-dlouhe-jmeno-hostitele.nemocnice-dolni.example', 'x', '{detected,written,answers}', 2, 'cs', $2, $3, 0, null, null),
       ($1, 'Rozbitý', 'text', 'x', 'chat.example', 'x', '{written}', 4, 'en', $2, $3, 20, $2, 'gone') returning id`,
    [org, at, admin.person],
  )
  hooks = ['/webhooks', ...made.rows.map(({ id }) => `/webhooks/${id}`)]
  const { warning } = await thingsOf(stage, admin)
  await put(
    `insert into deliveries (kind, topic, org_id, address, warning_id, severity, state, reason, reply, channel, decided_at, due_at, sent_at, readers, unit)
     select 'new', 'hook ' || n, $1, 'webhook:' || $2::int, $3, 3, case when n < 4 then 'sent' else 'failed' end, case when n = 4 then 'server' end, 'HTTP 410', 'webhook', $4, $4, $4, array[2, $5::int], $1
     from generate_series(1, 4) n`,
    [org, made.rows[0]?.id, warning, at, 1000 + 4 * org],
  )
  messages = `/warnings/${warning}/messages`
}, 300_000)
afterAll(() => stage?.close())

it('are sound for coordinators', async () => {
  const pages = ['/deliveries', '/mail-addresses', '/mail-keys', '/short-replies', '/short-replies?all=1']
  expect(await look(stage, stage.people.coordinator, pages)).toEqual([])
}, 240_000)

it('are sound for those whom they concern', async () => {
  const pages = ['/account', '/account/ways', '/mail-addresses', '/mail-keys', contact]
  expect(await look(stage, stage.people.admin, [...pages, ...hooks, messages])).toEqual([])
}, 240_000)

it('are sound while nothing is on them', async () => {
  const { newcomer, coordinator } = stage.people
  const own = await stage.db.engine.query<{ id: number }>('select max(id)::int as id from warnings')
  expect(await look(stage, newcomer, ['/account/ways', '/mail-keys', '/webhooks'])).toEqual([])
  expect(await look(stage, coordinator, [`/warnings/${own.rows[0]?.id}/messages`])).toEqual([])
}, 240_000)

it('say what is wrong with a form beside its field', async () => {
  const { page, context } = await stage.open(stage.people.admin, { width: 360 })
  await page.goto(`${stage.base}/webhooks`, { waitUntil: 'load' })
  await page.fill('input[name=name]', 'Dohled')
  await page.fill('input[name=url]', 'https://10.0.0.7/hsoc')
  await page.check('input[name=events] >> nth=0')
  await page.locator('form[action="/webhooks"] button').click()
  await page.locator('input[name=url][aria-invalid=true]').waitFor()
  expect(await page.inputValue('input[name=name]')).toBe('Dohled')
  expect([await axeOf(page), await tooWide(page)]).toEqual([[], 0])
  await context.close()
})

it('are all reached without a mouse', async () => {
  const ways: [Actor, string[]][] = [
    [stage.people.coordinator, ['/deliveries', '/short-replies', '/mail-keys']],
    [stage.people.admin, [...hooks, messages, '/mail-keys', '/account/ways']],
  ]
  for (const [who, paths] of ways) {
    const { page, context } = await stage.open(who)
    for (const path of paths) {
      await page.goto(stage.base + path, { waitUntil: 'load' })
      const { first, missed, faults } = await tabThrough(page)
      expect([first?.skip, missed, faults], path).toEqual([true, [], []])
    }
    await context.close()
  }
}, 120_000)

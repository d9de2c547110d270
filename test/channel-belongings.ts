/** What the walk tries of the channels: an address of a hospital that returns mail, and the key of one. */
import { type Hospital, type TestDatabase, tuesday } from './harness.ts'

export async function seedChannels(
  db: TestDatabase,
  hospital: Hospital,
  mark: 'ours' | 'theirs',
): Promise<
  Record<'mail_address' | 'push_device' | 'mail_key' | 'short_reply', { id: string }> & {
    webhook: { id: string; webhook: string }
    signing_key: { file: string }
  }
> {
  const { rows } = await db.engine.query<{ id: number }>(
    `insert into mail_standings (address_key, address, score, scored_at, bounced_at, kind, said, readers)
     values (address_key($1), $1, 6, $2, $2, 'hard', '550 no such user', array[2, $3::int]) returning id`,
    [`${mark}-canary-lost@people.example`, new Date(tuesday), 1000 + 4 * hospital.id],
  )
  const { rows: devices } = await db.engine.query<{ id: number }>(
    `insert into push_devices (person_id, name, endpoint, p256dh, auth, added_at, seen_at)
     select id, $2, 'https://push.example/' || $2::text, '', '', $1, $1 from people where email = $3 returning id`,
    [new Date(tuesday), `${mark}-canary-telefon`, `${mark}-canary-owner@people.example`],
  )
  // An earlier key: what it signed can still be checked.
  const print = 'AB'.repeat(20)
  await db.engine.query(
    `insert into signing_keys (fingerprint, public_key, sealed_key, made_at, retired_at) values ($1, 'x', 'x', $2, $2) on conflict do nothing`,
    [print, new Date(tuesday)],
  )
  const { rows: keys } = await db.engine.query<{ id: number }>(
    `insert into mail_keys (address_key, address, fingerprint, public_key, uploaded_at, proved_at, readers)
     select address_key(contact_email), contact_email, repeat('AB', 20), $1, $2, $2, array[2, $3::int] from organisations where id = $4 returning id`,
    [`${mark}-canary-key`, new Date(tuesday), 1000 + 4 * hospital.id, hospital.id],
  )
  // One for people to remove, and one for programs.
  const { rows: hooks } = await db.engine.query<{ id: number }>(
    `insert into webhooks (org_id, name, form, sealed_url, host, sealed_secret, events, least, language, made_at)
     select $1, $2 || n, 'signed', 'x', 'dohled.example', 'x', '{written}', 4, 'cs', $3 from generate_series(1, 2) n returning id`,
    [hospital.id, `${mark}-canary-webhook`, new Date(tuesday)],
  )
  const { rows: replies } = await db.engine.query<{ id: number }>(
    `insert into short_replies (channel, sender, text, received_at) values ('sms', '+420555010999', $1, $2) returning id`,
    [`${mark}-canary-reply`, new Date(tuesday)],
  )
  return {
    signing_key: { file: mark === 'ours' ? `${print}.asc` : 'theirs.asc' },
    mail_key: { id: String(keys[0]?.id) },
    short_reply: { id: String(replies[0]?.id) },
    webhook: { id: String(hooks[0]?.id), webhook: String(hooks[1]?.id) },
    mail_address: { id: String(rows[0]?.id) },
    push_device: { id: String(devices[0]?.id) },
  }
}

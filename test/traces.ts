/** Somebody who left a trace in every table that holds something of people. */
import type pg from 'pg'
import { notify } from '../src/modules/members/notices.ts'
import { setPassword } from '../src/modules/members/people.ts'
import type { Actor } from '../src/platform/access.ts'
import { record } from '../src/platform/audit.ts'
import { asEngine } from '../src/platform/database.ts'
import { contextOf, cookieOf } from './belongings.ts'
import { addHospital, addPerson, type Hospital, type TestDatabase, tuesday } from './harness.ts'
import { tracesOfMembers } from './traces-of-members.ts'

/** `lipova` is the hospital where the person is an administrator, `hana` whoever did things to it. */
export async function leaveTraces(
  db: TestDatabase,
  owner: pg.Client,
  name: string,
  { lipova, hana }: { lipova: Hospital; hana: Actor },
): Promise<Actor> {
  const person = await addPerson(db, name, [['admin', lipova]])
  const { context, stop } = contextOf(db)
  await asEngine(db, (tx) => setPassword(tx, person.person, 'čtyři tiché zelené lampy', person, tuesday))
  await cookieOf(context, person)
  await asEngine(db, async (tx) => {
    await notify(
      tx,
      person.person,
      { template: 'new-device', agent: `Prohlížeč ${name}`, address: '192.0.2.77' },
      tuesday,
    )
    await record(tx, {
      at: tuesday,
      actor: person,
      verb: 'members.sign-in',
      object: `person ${person.person}`,
      detail: { address: '192.0.2.77', name: person.name, text: `od: ${person.email.toUpperCase()}.` },
      readers: [2],
    })
    await record(tx, {
      at: tuesday,
      actor: hana,
      verb: 'members.add-person',
      object: `person ${person.person}`,
      detail: { email: person.email, role: 'admin' },
      readers: [2],
    })
    await record(tx, {
      at: tuesday,
      actor: hana,
      verb: 'members.other',
      object: 'organisation 1',
      detail: { list: [person.email], role: 'admin' },
      readers: [2],
    })
  })
  const elsewhere = await addHospital(db, `Nemocnice Jinde ${person.person}`, [])
  const values = [
    ...[person.person, lipova.id, new Date(tuesday), person.email, person.name],
    ...[hana.person, elsewhere.id],
  ]
  const one = async (sql: string): Promise<void> => {
    const named = [...new Set([...sql.matchAll(/\$(\d)/g)].map((match) => Number(match[1])))].sort()
    const text = sql.replace(/\$(\d)/g, (_, n: string) => `$${named.indexOf(Number(n)) + 1}`)
    await owner.query(
      text,
      named.map((n) => values[n - 1]),
    )
  }
  const at = person.person
  for (const sql of [
    `insert into devices (person_id, token_hash, first_at, seen_at) values ($1, '\\x01', $3, $3)`,
    `insert into passkeys (person_id, credential_id, public_key, counter, name, backed_up, created_at) values ($1, 'c${at}', '\\x01', 0, 'Klíč ' || $5::text, false, $3)`,
    `insert into totp (person_id, sealed, confirmed_at) values ($1, 'x', $3)`,
    `insert into recovery_codes (person_id, hash, created_at) values ($1, '\\x01', $3)`,
    `insert into password_resets (token_hash, person_id, created_at, expires_at) values ('\\x${at.toString(16).padStart(4, '0')}', $1, $3, $3)`,
    `insert into recoveries (person_id, reason, proposed_by, proposed_at, expires_at, readers) values ($1, 'Ztratil telefon: ' || $5::text, $6, $3, $3, '{2}')`,
    `insert into invitations (org_id, person_id, name, role, token_hash, invited_by, created_at, expires_at) values ($2, $1, $5, 'admin', '\\x${(at + 900).toString(16).padStart(4, '0')}', $6, $3, $3)`,
    `insert into people_managers (org_id, person_id, given_by, given_at) values ($2, $1, $6, $3)`,
    `insert into mail_choices (address_key, singles, changed_at) values (address_key($4), false, $3)`,
    `insert into channel_choices (person_id, channel, least, changed_at) values ($1, 'sms', 3, $3)`,
    `insert into webhooks (org_id, name, form, sealed_url, host, sealed_secret, events, least, language, made_at, made_by)
     values ($2, 'Dohled', 'signed', 'x', 'x.example', 'x', '{written}', 1, 'cs', $3, $1)`,
    `insert into push_devices (person_id, name, endpoint, p256dh, auth, added_at, seen_at) values ($1, 'Telefon ' || $5::text, 'https://push.example/${at}', '', '', $3, $3)`,
    `insert into short_replies (channel, sender, text, person_id, received_at) values ('sms', '+420777000${at}', 'Píše ' || $5::text, $1, $3)`,
    `insert into mail_keys (address_key, address, fingerprint, public_key, uploaded_at, proved_at, readers)
     values (address_key($4), $4, repeat('AB', 20), 'x', $3, $3, '{2}')`,
    `insert into mail_standings (address_key, address, score, scored_at, bounced_at, kind, said, readers)
     values (address_key($4), $4, 3, $3, $3, 'hard', '550 ' || $4::text, '{2}')`,
    `insert into organisation_moves (org_id, from_status, to_status, reason, person_id, actor, at) values ($2, 'prospect', 'participant', 'x', $1, $5, $3)`,
    `insert into trail_reads (org_id, person_id, reader, hour, way, place, first_at, last_at) values ($2, $1, $5, $3, 'page', '/', $3, $3), ($2, $1, $5 || ' dříve', $3, 'page', '/', $3, $3)`,
    `insert into sensors (name, contact, created_at) values ('cz.lipova.s${at}', 'Volejte ' || $4::text, $3)`,
    `insert into memorandum_versions (number, month, language, title, text, created_at, changed_at) values (${at + 100}, '2026-03-01', 'cs', 'x', 'x', $3, $3)`,
    `insert into signatories (name, created_at) values ($5, $3)`,
    `insert into signatory_names (signatory_id, name) select max(id), $5 from signatories`,
    `insert into signatures (org_id, version_id, signatory_id, institution, signatory_name, state, created_at, changed_at)
     select $2, max(v.id), max(s.id), 'x', $5, 'declared', $3, $3 from memorandum_versions v, signatories s`,
    `insert into signature_contacts (signature_id, org_id, address, added_at) select max(id), $2, upper($4), $3 from signatures`,
    `insert into signature_lists (sha256, file_name, version_id, uploaded_by, uploaded_at, applied_by) select lpad('${at}', 64, '0'), 'x', max(id), $5, $3, $4 from memorandum_versions`,
    `insert into signature_list_lines (list_id, line, number, institution, signatory, day, email) select max(id), 1, '', 'x', $5, '', $4 from signature_lists`,
    `insert into warnings (number, org_id, rule, rule_version, topic, severity, title, explanation, opened_at, first_at, last_at, readers, changed_at, assignee_id)
     values ('W-${at}', $2, 'W1', 1, 'x${at}', 1, '{}', '{}', $3, $3, $3, '{2}', $3, $1)`,
    `insert into answers (warning_id, person_id, answer, counted, via, note, at) select max(id), $1, 'seen', true, 'page', 'hotovo', $3 from warnings`,
    `insert into deliveries (kind, topic, person_id, org_id, address, warning_id, state, reply, decided_at, due_at, readers)
     select 'new', 'warning', $1, $2, $4, max(id), 'sent', '250 ok ' || $4::text, $3, $3, '{2}' from warnings`,
    `insert into deliveries (kind, topic, person_id, address, detail, decided_at, due_at, readers)
     values ('account', 'invitation ${at}', $6, 'h@people.example', jsonb_build_object('template', 'invitation', 'by', $5::text), $3, $3, '{2}')`,
    `insert into action_links (token_hash, delivery_id, warning_id, person_id, actions, created_at) select '\\x${at.toString(16).padStart(4, '0')}', 1, max(id), $1, '{seen}', $3 from warnings`,
    `update organisations set contact_email = $4 where id = $2`,
    ...tracesOfMembers(at),
  ])
    await one(sql)
  await stop()
  return person
}

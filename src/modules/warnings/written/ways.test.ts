/** What the preview says of ways beside the mail is what goes out by them. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { tuesday } from '../../../../test/harness.ts'
import { openWriting, type Writing } from '../../../../test/writing.ts'
import { asActor } from '../../../platform/access.ts'
import { reachOf } from './reach.ts'
import { versionOf } from './read.ts'
import type { Draft } from './types.ts'

let stage: Writing
beforeAll(async () => {
  stage = await openWriting()
  const { db, jana, jihlava, trest } = stage
  const at = new Date(tuesday)
  await db.engine.query(
    `insert into channel_choices (person_id, channel, least, changed_at) values ($1, 'sms', 3, $2), ($1, 'push', 1, $2)`,
    [jana.person, at],
  )
  await db.engine.query(
    `insert into contact_points (org_id, person_id, name, channel, value, readers, added_at, changed_at, verified_at, verified_how)
     values ($1, $2, 'Jana', 'sms', '+420555010777', array[2], $3, $3, $3, 'sms')`,
    [jihlava.id, jana.person, at],
  )
  await db.engine.query(
    `insert into push_devices (person_id, name, endpoint, p256dh, auth, added_at, seen_at)
     values ($1, 'telefon', 'https://push.example/1', '', '', $2, $2)`,
    [jana.person, at],
  )
  await db.engine.query(
    `insert into webhooks (org_id, name, form, sealed_url, host, sealed_secret, events, least, language, made_at)
     values ($1, 'dohled', 'signed', 'x', 'dohled.example', 'x', '{written}', 2, 'cs', $2)`,
    [trest.id, at],
  )
})
afterAll(() => stage.close())

const foreseen = (id: number) =>
  asActor(stage.db, stage.karel, tuesday, async (tx) => {
    const version = await versionOf(tx, id, 'published')
    if (!version) throw new Error('nothing is out')
    const { people, orgs } = await reachOf(tx, version, tuesday)
    return [
      ...people.flatMap((one) => one.ways.map((way) => `${way} ${one.name}`)),
      ...orgs.flatMap((one) => (one.webhook ? [`webhook ${one.name}`] : [])),
    ].sort()
  })

const queued = async (id: number): Promise<string[]> => {
  const { rows } = await stage.db.engine.query<{ said: string }>(
    `select d.channel || ' ' || coalesce(p.name, o.name) as said from deliveries d
     left join people p on p.id = d.person_id left join organisations o on o.id = d.org_id
     where d.written_id = $1 and d.channel <> 'mail' and d.kind = 'new' order by 1`,
    [id],
  )
  return rows.map(({ said }) => said).sort()
}

it.each<[string, Partial<Draft>, string[]]>([
  ['of high severity', { severity: 3 }, ['push', 'sms', 'webhook']],
  ['of medium severity', { severity: 2 }, ['push', 'webhook']],
  ['of low severity', { severity: 1 }, ['push']],
])('a warning %s goes by the ways that were chosen for it, as the preview said', async (_, more, ways) => {
  const id = await stage.published(more)
  const said = await foreseen(id)
  expect(said.map((one) => one.split(' ')[0])).toEqual(ways)
  expect(await queued(id)).toEqual(said)
})

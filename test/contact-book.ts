/** Contact books for tests: somebody's deeds at the door, and a contact as it would have been proved. */

import { addPoint, type Wanted } from '../src/modules/members/contacts/points.ts'
import { forNothing } from '../src/modules/members/contacts/words.ts'
import type { Actor } from '../src/platform/access.ts'
import { asEngine } from '../src/platform/database.ts'
import type { FrontDoor } from './front-door.ts'
import { type Hospital, type TestDatabase, tuesday } from './harness.ts'

/** The fields of a form for a contact; `shown` by purpose. */
export const contactFields = (
  value: string,
  shown: Record<string, string> = { security: 'coordinators' },
  more: Record<string, string> = {},
): Record<string, string> => ({
  name: 'Ústředna',
  channel: value.includes('@') ? 'mail' : 'phone',
  value,
  ...Object.fromEntries(Object.entries(shown).map(([purpose, who]) => [`shown_${purpose}`, who])),
  ...more,
})

/** What somebody does and sees of contact books. */
export const bookDoor = (door: FrontDoor) => {
  const post = async (who: Actor, url: string, fields: Record<string, string> = {}) => {
    const { cookie, csrf } = await door.signedIn(who)
    return door.post(url, { ...fields, _csrf: csrf }, { cookie: `lang=en; ${cookie}` })
  }
  const get = async (who: Actor, url: string) => door.get(url, (await door.signedIn(who)).cookie)
  /** Adds a contact and answers its number. */
  const add = async (who: Actor, at: Hospital, fields: Record<string, string>): Promise<number> => {
    const answer = await post(who, `/members/${at.id}/contacts`, fields)
    const found = /contacts\/(\d+)\?/.exec(String(answer.headers.location))?.[1]
    if (!found) throw new Error(`not added: ${answer.statusCode} ${answer.body}`)
    return Number(found)
  }
  return { post, get, add }
}

export const prove = (db: TestDatabase, point: number, at = tuesday): Promise<unknown> =>
  db.engine.query(
    `update contact_points set verified_at = to_timestamp($2 / 1000.0), verified_how = 'call' where id = $1`,
    [point, at],
  )

/** Empties the books. */
export const forgetBooks = (db: TestDatabase): Promise<unknown> =>
  db.engine.query(
    `delete from contact_checks; update contact_points set ended_at = added_at, ended_why = 'removed' where ended_at is null;
     update contact_entries set ended_at = now() where ended_at is null`,
  )

/** A book as a hospital has it: people and functions, proved and not, shown to some and to all; and a little of another one. */
export async function fillBooks(
  db: TestDatabase,
  hospitals: { first: Hospital; other: Hospital },
  keepers: { first: Actor; other: Actor },
  now: number,
): Promise<{ point: number; mail: number }> {
  const put = (of: Hospital, by: Actor, wanted: Wanted): Promise<number> =>
    asEngine(db, (tx) => addPoint(tx, of.id, wanted, by, now))
  const { first, other } = hospitals
  const duty = await put(first, keepers.first, {
    ...blank,
    name: 'Pohotovost IT',
    value: '555 010 111',
    roundTheClock: true,
    shown: { ...forNothing, security: 'members', out_of_hours: 'members', technical: 'coordinators' },
  })
  const mail = await put(first, keepers.first, {
    ...blank,
    person: keepers.first.person,
    channel: 'mail',
    value: 'spravce.informacnich.systemu.a.kyberneticke.bezpecnosti@nemocnice-pohadkov.example',
    hours: 'po–pá 7–15.30',
    shown: { ...forNothing, security: 'members', technical: 'coordinators' },
  })
  await put(first, keepers.first, {
    ...blank,
    name: 'Ústředna, ústavní pohotovostní služba a dispečink provozu budov',
    value: '+420 555 010 000 linka 12',
    shown: { ...forNothing, out_of_hours: 'coordinators', management: 'own' },
  })
  await put(first, keepers.first, {
    ...blank,
    name: 'Krizový štáb',
    channel: 'other',
    value: 'vysílačka, kanál 7',
    shown: { ...forNothing, management: 'coordinators' },
  })
  const theirs = await put(other, keepers.other, {
    ...blank,
    name: 'Dispečink',
    value: '555 010 222',
    roundTheClock: true,
    shown: { ...forNothing, security: 'members', out_of_hours: 'members' },
  })
  await prove(db, duty, now - 40 * day)
  await prove(db, theirs, now - 400 * day)
  return { point: duty, mail }
}

const day = 86_400_000
const blank: Wanted = {
  person: null,
  name: '',
  channel: 'phone',
  value: '',
  hours: '',
  roundTheClock: false,
  shown: forNothing,
}

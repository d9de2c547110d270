/** From when a version of a text is read by everybody, and until when. */
import { type Actor, asActor } from '../../platform/access.ts'
import type { Database, Tx } from '../../platform/database.ts'
import { WrongState } from '../../platform/errors.ts'
import type { Lang } from '../../platform/i18n.ts'
import { lock, note, requireCoordinator, versionOf } from './texts.ts'

/**
 * Lets everybody read a version from `at` on (now, when that has passed): the one before it then ends. `WrongState` when it
 * was published already; an older one is restored first, so that history shows what was read when.
 */
export async function publish(
  db: Database,
  actor: Actor,
  version: number,
  at: number,
  now: number,
): Promise<void> {
  requireCoordinator(actor)
  await asActor(db, actor, now, async (tx) => {
    const found = await versionOf(tx, version)
    await lock(tx, found.page)
    const from = Math.max(at, now)
    const { rowCount } = await tx.query(
      `update site_versions set publish_at = to_timestamp($2 / 1000.0)
       where id = $1 and (publish_at is null or publish_at > to_timestamp($3 / 1000.0))`,
      [version, from, now],
    )
    if (!rowCount) throw new WrongState('This version was published already')
    await settle(tx, found.page, found.lang)
    await note(tx, actor, 'publish', `text ${found.page}`, { lang: found.lang, no: found.no, from }, now)
  })
}

/** Makes a planned version a draft again. */
export async function unplan(db: Database, actor: Actor, version: number, now: number): Promise<void> {
  requireCoordinator(actor)
  await asActor(db, actor, now, async (tx) => {
    const found = await versionOf(tx, version)
    await lock(tx, found.page)
    const { rowCount } = await tx.query(
      'update site_versions set publish_at = null where id = $1 and publish_at > to_timestamp($2 / 1000.0)',
      [version, now],
    )
    if (!rowCount) throw new WrongState('This version is not planned')
    await settle(tx, found.page, found.lang)
    await note(tx, actor, 'unplan', `text ${found.page}`, { lang: found.lang, no: found.no }, now)
  })
}

/** Takes a text off the public web in one language, with what was planned of it. `WrongState` when nothing was public. */
export async function withdraw(
  db: Database,
  actor: Actor,
  page: number,
  lang: Lang,
  now: number,
): Promise<void> {
  requireCoordinator(actor)
  await asActor(db, actor, now, async (tx) => {
    await lock(tx, page)
    const { rowCount: planned } = await tx.query(
      'update site_versions set publish_at = null where page_id = $1 and lang = $2 and publish_at > to_timestamp($3 / 1000.0)',
      [page, lang, now],
    )
    await settle(tx, page, lang)
    const { rowCount } = await tx.query(
      'update site_versions set withdrawn_at = to_timestamp($3 / 1000.0) where page_id = $1 and lang = $2 and publish_at is not null and until_at is null',
      [page, lang, now],
    )
    if (!rowCount && !planned) throw new WrongState('Nothing of this text is public')
    await settle(tx, page, lang)
    await note(tx, actor, 'withdraw', `text ${page}`, { lang }, now)
  })
}

/** Each published version ends where the next begins; the date of the text is that of its first. */
async function settle(tx: Tx, page: number, lang: Lang): Promise<void> {
  await tx.query(
    `update site_versions v set until_at = n.until_at from (
       select id, case when publish_at is not null then least(lead(publish_at) over (partition by publish_at is null order by publish_at, no), withdrawn_at) end as until_at
       from site_versions where page_id = $1 and lang = $2) n
     where v.id = n.id and v.until_at is distinct from n.until_at`,
    [page, lang],
  )
  await tx.query(
    'update site_pages set first_published_at = (select min(publish_at) from site_versions where page_id = $1) where id = $1',
    [page],
  )
}

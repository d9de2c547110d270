/** A drill of the demonstration, written and ready to be released: `content/demo/calls.json`. */
import { create } from '../modules/emergency/draft.ts'
import type { Draft } from '../modules/emergency/types.ts'
import { readContent } from '../platform/content.ts'
import type { Context } from '../platform/context.ts'
import { asEngine } from '../platform/database.ts'
import { actorOf } from './actors.ts'

/** Fills what holds nothing yet; doing it twice changes nothing. */
export async function createCalls({ db }: Context, now: number): Promise<void> {
  const { by, drill } = readContent('demo/calls.json') as { by: string; drill: Draft } // versioned with the release
  const { rowCount } = await db.engine.query('select 1 from broadcasts limit 1')
  if (rowCount) return
  const author = await actorOf(db, by, now)
  await asEngine(db, (tx) => create(tx, drill, author, now))
}

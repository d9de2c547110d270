/** What many ask at about the same time, asked of the database at once: a statement costs both sides far more than one row of it. */
import pg from 'pg'
import { named, type Queryable } from './database.ts'
import { Unavailable } from './errors.ts'

interface Waiting<K, V> {
  key: K
  done: (answer: V) => void
  failed: (error: unknown) => void
}

/** So many come together at most: nobody waits long for the others, and their locks are short. */
const mostTogether = 100

/**
 * One question for all who come in the same turn, or while the one before is under way; so each is answered as of now, and few wait for
 * nobody. `ask` answers in the order of its keys. Where it fails each is asked alone: what one did wrong is no other's fault.
 */
export function gathered<K, V>(
  ask: (db: Queryable, keys: K[]) => Promise<V[]>,
): (db: Queryable, key: K) => Promise<V> {
  const queues = new WeakMap<Queryable, Waiting<K, V>[]>()

  const answer = async (db: Queryable, some: Waiting<K, V>[]): Promise<void> => {
    try {
      const answers = await ask(
        db,
        some.map(({ key }) => key),
      )
      for (const [i, one] of some.entries()) one.done(answers[i] as V) // `ask` answers each key
    } catch (raw) {
      const error = named(raw)
      // A transaction is broken by what failed in it, and a database that is away stays so for a while.
      const isOver = !(db instanceof pg.Pool) || error instanceof Unavailable
      if (some.length > 1 && !isOver) for (const one of some) await answer(db, [one])
      else for (const one of some) one.failed(error)
    }
  }
  const serve = async (db: Queryable, queue: Waiting<K, V>[]): Promise<void> => {
    while (queue.length > 0) await answer(db, queue.splice(0, mostTogether))
    queues.delete(db)
  }
  return (db, key) =>
    new Promise((done, failed) => {
      const queue = queues.get(db) ?? []
      queue.push({ key, done, failed })
      if (queues.has(db)) return
      queues.set(db, queue)
      setImmediate(serve, db, queue)
    })
}

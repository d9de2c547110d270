/**
 * The two ways to the database. `app` serves people and clients and is bound by row-level security; `engine` is the
 * program's own hand for intake, condensing, rules and the outbox. Neither owns a table.
 */
import { createHash } from 'node:crypto'
import pg from 'pg'
import { Invalid, TooSlow, Unavailable } from './errors.ts'

/** Anything that takes a query: a pool, or a client inside a transaction. */
export interface Queryable {
  query<R extends pg.QueryResultRow = pg.QueryResultRow>(
    text: string | Kept,
    values?: unknown[],
  ): Promise<pg.QueryResult<R>>
}

/** A client with an open transaction. */
export type Tx = Queryable

/** A statement of which each connection keeps the plan. */
export interface Kept {
  name: string
  text: string
}

/** Texts beyond these are planned anew each time: a connection holds what it keeps until it closes. */
const mostKept = 200
const keptNames = new Map<string, string>()

/**
 * The same statement, planned once on each connection instead of each time it is asked: for what is asked all the time
 * and takes longer to plan, with its tables' policies, than to answer. Values go in as parameters, so the texts are few.
 */
export function kept(text: string): string | Kept {
  const known = keptNames.get(text)
  if (known) return { name: known, text }
  if (keptNames.size >= mostKept) return text
  const name = createHash('sha256').update(text).digest('base64url')
  keptNames.set(text, name)
  return { name, text }
}

export interface Database {
  app: pg.Pool
  engine: pg.Pool
  /** For LISTEN only. */
  listenUrl: string
  close(): Promise<void>
}

// bigint columns hold counts and ids far below 2^53; dates of a day stay text.
pg.types.setTypeParser(20, Number)
pg.types.setTypeParser(1082, (text) => text)

/** SQLSTATE of a statement that ran past its time. */
const queryCanceled = '57014'

const isAway = (error: unknown): boolean => {
  const code = (error as { code?: string }).code ?? ''
  return (
    /^(08|57P0)/.test(code) ||
    ['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT'].includes(code) ||
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
      String((error as Error).message),
    )
  )
}

/** SQLSTATE of a text with a sign that PostgreSQL keeps in none, which is NUL: bare, and written out inside of JSON. */
const unspeakable = ['22021', '22P05']

/** Half of a character that takes two, which JSON can spell (SQLSTATE 22P02). */
const isHalf = (error: unknown): boolean =>
  (error as { code?: string }).code === '22P02' &&
  /^Unicode (high|low) surrogate/.test((error as { detail?: string }).detail ?? '')

/** A number from outside that no column holds (SQLSTATE 22003); one that grew too large in our own hands is our fault. */
const isTooLarge = (error: unknown): boolean =>
  (error as { code?: string }).code === '22003' &&
  /^value ".*" is out of range for type/.test(String((error as Error).message))

/**
 * The same error, `Unavailable` when the database was out of reach, starting or stopping, `TooSlow` when it gave up, `Invalid`
 * for a text or a number that it cannot hold.
 */
export function named(error: unknown): unknown {
  if (isAway(error)) return new Unavailable('The database does not answer', { cause: error })
  const { code = '' } = error as { code?: string }
  if (unspeakable.includes(code) || isHalf(error))
    return Object.assign(new Invalid('A text holds a sign that no text can hold.'), { cause: error })
  if (isTooLarge(error))
    return Object.assign(new Invalid('A number is larger than any that is kept here.'), { cause: error })
  if (code === queryCanceled)
    return new TooSlow('The answer took too long. Ask for less, for example for fewer days.', {
      cause: error,
    })
  return error
}

/** True for a full disk or exhausted resources (SQLSTATE class 53): the same request may work later. */
export const isFull = (error: unknown): boolean => /^53/.test((error as { code?: string }).code ?? '')

function pool(url: string, max: number, name: string): pg.Pool {
  const made = new pg.Pool({
    connectionString: url,
    max,
    application_name: name,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    // Questions asked at once go out at once, instead of each waiting for the answer before it.
    pipeline: true,
  })
  // An idle connection that breaks is replaced at its next use; the error itself is no news. One in use tells whoever asks
  // something over it, and says so besides, which nobody else hears.
  made.on('error', () => {})
  made.on('connect', (client) => client.on('error', () => {}))
  return made
}

export function openDatabase(urls: { app: string; engine: string }, max = { app: 8, engine: 6 }): Database {
  const app = pool(urls.app, max.app, 'hsoc-app')
  const engine = pool(urls.engine, max.engine, 'hsoc-engine')
  return {
    app,
    engine,
    listenUrl: urls.engine,
    close: async () => {
      await Promise.all([app.end(), engine.end()])
    },
  }
}

/**
 * What a question says that was asked in a transaction which another one had broken (SQLSTATE 25P02), or whose plan could
 * not be made there (26000).
 */
const isConsequence = (error: unknown): boolean =>
  ['25P02', '26000'].includes((error as { code?: string }).code ?? '')

/** A kept plan that no longer fits because the schema changed under it (SQLSTATE 0A000): a new connection plans anew. */
const isOutdated = (error: unknown): boolean =>
  (error as { code?: string }).code === '0A000' && String((error as Error).message).startsWith('cached plan')

/** All answers, or the failure that broke the rest; but only when none is under way any more: nothing may come late on a connection that others use. */
async function allOf<T extends readonly unknown[]>(
  asked: [...T],
): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  const ended = await Promise.allSettled(asked)
  const failures = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
  if (failures.length > 0) throw failures.find((failure) => !isConsequence(failure)) ?? failures[0]
  return ended.map((one) => (one as PromiseFulfilledResult<unknown>).value) as {
    [K in keyof T]: Awaited<T[K]>
  }
}

/**
 * The answers to questions that are asked at once on one connection, by their names; waits for all, also when one fails.
 * Each is an async function's, so that none throws before the others are waited for.
 */
export async function together<T extends Record<string, unknown>>(
  asked: T,
): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  const answers = await allOf(Object.values(asked))
  return Object.fromEntries(Object.keys(asked).map((name, i) => [name, answers[i]])) as {
    [K in keyof T]: Awaited<T[K]>
  }
}

/** What throws before it returns a promise counts as one that failed: whatever was asked before it is still waited for. */
const started = async <T>(work: () => Promise<T>): Promise<T> => work()

async function connected(from: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await from.connect()
  } catch (error) {
    throw named(error)
  }
}

/** Takes back what a failed transaction did, and gives the connection up, or for broken. */
async function giveUp(client: pg.PoolClient, error: unknown): Promise<void> {
  let broken = isAway(error) || isOutdated(error) ? (error as Error) : undefined
  if (!broken)
    await client.query('rollback').catch((e: Error) => {
      broken = e
    })
  client.release(broken)
}

/** Runs `work` as a part of an open transaction: what throws takes back that part alone, and is thrown on. */
export async function part<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await tx.query('savepoint part')
  try {
    const result = await work()
    await tx.query('release savepoint part')
    return result
  } catch (error) {
    await tx.query('rollback to savepoint part')
    throw error
  }
}

/** Runs `work` in one transaction; whatever throws rolls everything back. */
export async function transaction<T>(from: pg.Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await connected(from)
  try {
    const [, result] = await allOf([client.query('begin'), started(() => work(client))])
    await client.query('commit')
    client.release()
    return result
  } catch (error) {
    await giveUp(client, error)
    throw named(error)
  }
}

/**
 * The same for questions none of which waits for the answer to another: all of them and the end go out in one turn to the
 * database, and nothing is told before all are answered. `ask` asks at once; what it would ask later is refused.
 */
export async function atOnce<T extends Record<string, unknown>>(
  from: pg.Pool,
  ask: (tx: Tx) => T,
): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  const client = await connected(from)
  let isOver = false
  const tx: Tx = {
    query: async (text, values) => {
      if (isOver) throw new Error('a question came after the end of its transaction')
      return client.query(text, values)
    },
  }
  try {
    const begun = client.query('begin')
    const asked = ask(tx)
    isOver = true
    const [, answers] = await allOf([begun, together(asked), finish(client, Object.values(asked))])
    client.release()
    return answers
  } catch (error) {
    await giveUp(client, error)
    throw named(error)
  }
}

/** Sends the end after what was asked. What failed on our side has shown by then, and the database does not know of it. */
async function finish(client: pg.PoolClient, asked: unknown[]): Promise<void> {
  let isBroken = false
  for (const one of asked)
    Promise.resolve(one).catch(() => {
      isBroken = true
    })
  await new Promise(setImmediate)
  await client.query(isBroken ? 'rollback' : 'commit')
}

/** The same for what only reads, which the database sees to: what was read stands, so nobody waits for the end. */
export async function reading<T>(from: pg.Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await connected(from)
  try {
    const [, result] = await allOf([client.query('begin read only'), started(() => work(client))])
    client.query('commit').then(
      () => client.release(),
      (error: Error) => client.release(error),
    )
    return result
  } catch (error) {
    await giveUp(client, error)
    throw named(error)
  }
}

/** One transaction as the program itself. */
export const asEngine = <T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> =>
  transaction(db.engine, work)

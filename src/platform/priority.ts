/** What nobody waits for lets the pages go first: their processes, and the database's for them, run at a lower priority. */
import { readdirSync } from 'node:fs'
import os from 'node:os'
import type pg from 'pg'
import type { Database } from './database.ts'
import { worksIn } from './processes.ts'

/** Of a full core such work still gets a thirtieth when others want all of it. */
const behind = 15

/** A system that does not let us is no trouble: everything then waits alike. */
function lower(id: number): void {
  try {
    os.setPriority(id, behind)
  } catch {}
}

/** This process with all its threads, and the connections that it makes from now on to our own server in `cluster`. */
export function giveWay(db: Database, cluster: string | null): void {
  for (const thread of threads()) lower(thread)
  if (cluster === null) return
  for (const pool of [db.app, db.engine])
    pool.on('connect', (client: pg.PoolClient) => {
      const { processID: pid } = client as { processID?: number }
      // An operator's own server may be elsewhere, and the number another process of this machine.
      if (pid && worksIn(pid, cluster)) lower(pid)
    })
}

/** Linux has a priority for each thread. */
function threads(): number[] {
  try {
    return readdirSync('/proc/self/task').map(Number)
  } catch {
    return [0]
  }
}

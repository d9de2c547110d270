/** One real PostgreSQL for the whole run; every test file gets databases of its own, copied from a migrated template. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../src/platform/migrate.ts'
import {
  type Postgres,
  type PostgresOptions,
  startDebianPostgres15,
  startPostgres,
} from '../src/platform/postgres.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** URL of the cluster's owner; the path is replaced by each database's name. */
    postgres: string
  }
}

export const testSecret = 'test-secret-of-at-least-32-characters'

/** Our own, or with HSOC_TEST_POSTGRES=15 Debian's oldest supported one. */
async function serverIn(dataDir: string): Promise<Postgres> {
  const options: PostgresOptions = { dataDir, tuning: 'test', log: () => {} }
  if (process.env.HSOC_TEST_POSTGRES !== '15') return startPostgres(options)
  const fifteen = await startDebianPostgres15(options)
  if (!fifteen) throw new Error('PostgreSQL 15 is not installed: apt-get install postgresql-15')
  return fifteen
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.HSOC_TEST_DATABASE_URL
  const dataDir = given ? null : mkdtempSync(join(tmpdir(), 'hsoc-test-'))
  const server = dataDir ? await serverIn(join(dataDir, 'pg')) : null
  const url = new URL(given ?? (server?.url as string))
  const owner = new pg.Client({ connectionString: url.href })
  await owner.connect()
  await owner.query('drop database if exists hsoc_template')
  await owner.query('create database hsoc_template')
  await owner.end()
  url.pathname = '/hsoc_template'
  await migrate(url.href, testSecret)
  project.provide('postgres', url.href)
  return async () => {
    await server?.stop()
    if (dataDir) rmSync(dataDir, { recursive: true, force: true })
  }
}

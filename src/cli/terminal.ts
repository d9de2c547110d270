/** The terminal that a command works in: its reader's language, its output, and the installation it may open. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Actor } from '../platform/access.ts'
import { asServed } from '../platform/base-url.ts'
import { type Config, loadConfig } from '../platform/config.ts'
import type { Context } from '../platform/context.ts'
import { type Database, openDatabase } from '../platform/database.ts'
import type { Lang, T } from '../platform/i18n.ts'
import { createLogger } from '../platform/log.ts'
import { migrate, servingUrls } from '../platform/migrate.ts'
import { isRunning, type Postgres, startPostgres } from '../platform/postgres.ts'
import { openProgress, type Progress } from '../platform/progress.ts'

/** The database of this configuration, up to date and open, with or without a server running beside. */
export interface Installation {
  config: Config
  db: Database
  /** The owner's address of the database. */
  ownerUrl: string
  /** Migrations that opening it carried out. */
  applied: string[]
  /** Null with a database of the operator's own. */
  postgres: Postgres | null
  /** Whoever sits at the terminal of the server reads as a coordinator does. */
  operator: Actor
  /** For verbs that take one; nothing is listened to. */
  context: Context
  /** Is the program itself running on this database? */
  serverRuns(): Promise<boolean>
}

export interface Terminal {
  lang: Lang
  t: T
  out(text: string): void
  err(text: string): void
  json(value: unknown): void
  now(): number
  progress(label: string, total: number | null): Progress
  installation<R>(work: (open: Installation) => Promise<R>): Promise<R>
}

/** `LC_ALL`, `LC_MESSAGES`, `LANG` in the order of POSIX: Czech (and Slovak) readers get Czech, all others English. */
export function terminalLang(env: Record<string, string | undefined>): Lang {
  const wish = env.LC_ALL || env.LC_MESSAGES || env.LANG || ''
  return /^(cs|sk)/i.test(wish) ? 'cs' : 'en'
}

export function openTerminal(t: T): Terminal {
  return {
    lang: t.lang,
    t,
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    json: (value) => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    now: Date.now,
    progress: (label, total) => openProgress(label, total, (n) => t.number(n)),
    installation: (work) => withInstallation(t, work),
  }
}

const slowMs = 1_000

const postgresOf = ({ dataDir }: Config): string => path.join(dataDir, 'postgres')

async function withInstallation<R>(t: T, work: (open: Installation) => Promise<R>): Promise<R> {
  const config = asServed(loadConfig())
  // Asked before ours would be the one that runs.
  const words = config.databaseUrl ? 'opening_own' : isRunning(postgresOf(config)) ? 'joining' : 'opening'
  const fresh = !config.databaseUrl && !existsSync(postgresOf(config))
  const waiting = setTimeout(() => process.stderr.write(`${t(`cli.${words}`)}\n`), slowMs)
  const postgres = config.databaseUrl ? null : await startOwn(config)
  try {
    const ownerUrl = config.databaseUrl ?? (postgres?.url as string) // one of the two is there
    const applied = await migrate(ownerUrl, config.secret)
    clearTimeout(waiting)
    // A folder typed wrong would else look like one in which nothing ever happened.
    if (fresh) process.stderr.write(`${t('cli.new_installation', { folder: config.dataDir })}\n`)
    const db = openDatabase(servingUrls(ownerUrl, config.secret), { app: 3, engine: 4 })
    try {
      return await work(installationOf(config, db, { ownerUrl, applied, postgres }, t.lang))
    } finally {
      await db.close()
    }
  } finally {
    clearTimeout(waiting)
    await postgres?.stop()
  }
}

const startOwn = (config: Config): Promise<Postgres> =>
  startPostgres({
    dataDir: postgresOf(config),
    log: (message, level) => {
      if (level !== 'info') process.stderr.write(`${message}\n`)
    },
  })

function installationOf(
  config: Config,
  db: Database,
  opened: Pick<Installation, 'ownerUrl' | 'applied' | 'postgres'>,
  lang: Lang,
): Installation {
  return {
    ...opened,
    config,
    db,
    operator: operatorAt(lang),
    context: contextOf(config, db),
    serverRuns: async () => {
      // Every process of the program listens under this name, with the engine's own role.
      const { rowCount } = await db.engine.query(
        `select 1 from pg_stat_activity where application_name = 'hsoc-bus' and usename = current_user and datname = current_database() limit 1`,
      )
      return rowCount === 1
    },
  }
}

/** Person 0 is nobody of the register: the audit trail shows the deeds of the terminal by this name. */
const operatorAt = (language: Lang): Actor => ({
  person: 0,
  name: 'operator at the terminal',
  email: 'terminal',
  language,
  engagements: [{ org: null, orgName: null, role: 'coordinator' }],
})

const silent = { on: () => () => {}, onAgain: () => () => {}, close: async () => {} }

const contextOf = (config: Config, db: Database): Context => ({
  db,
  bus: silent,
  log: createLogger('error'),
  clock: Date.now,
  settings: {
    baseUrl: config.baseUrl,
    zone: config.zone,
    secret: config.secret,
    earlierSecrets: config.earlierSecrets,
    coordinatorPhone: config.coordinatorPhone,
    listsDir: config.listsDir,
    rawDays: config.rawDays,
    sensorAuthority: config.sensorAuthority,
    certificateDays: config.certificateDays,
    mailFrom: config.mailFrom,
    demo: false,
  },
})

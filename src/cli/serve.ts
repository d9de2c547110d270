/** `hsoc start`, `demo` and the small commands about the program itself. */
import { readFileSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { ageDays, mayDemote } from '../modules/events/lists/age.ts'
import { loadLists } from '../modules/events/lists/load.ts'
import { type Config, loadConfig } from '../platform/config.ts'
import { describeConfig } from '../platform/config-text.ts'
import { projectRoot } from '../platform/content.ts'
import { WrongState } from '../platform/errors.ts'
import type { T } from '../platform/i18n.ts'
import { metricsText } from '../platform/metrics.ts'
import type { Call, Command } from './command.ts'
import { saySecondFactor } from './second-factor.ts'
import { table } from './table.ts'
import type { Installation, Terminal } from './terminal.ts'

/** The program itself, which the entry point hands in: nothing below it imports it. */
export interface Program {
  start(config: Config, migrated: (names: string[]) => void): Promise<{ stop(): Promise<void> }>
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        if (asked) process.exit(1)
        asked = true
        resolve()
      })
  })
}

/** Can we listen there? 0 is any free port. */
export function isFree(port: number, host: string | null): Promise<boolean> {
  if (port === 0) return Promise.resolve(true)
  return new Promise((resolve) => {
    const server = net.createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, ...(host ? { host } : {}) }, () => server.close(() => resolve(true)))
  })
}

/** Throws WrongState, which names the key, for a port that another program holds; `pagesKey` is that of plain HTTP. */
export async function requirePorts(config: Config, t: T, pagesKey = 'HSOC_HTTP_PORT'): Promise<void> {
  const wanted: [string, number | null, string | null][] = [
    ['HSOC_PORT', config.port, config.host],
    ['HSOC_SENSOR_PORT', config.sensorPort === config.port ? null : config.sensorPort, config.host],
    [pagesKey, config.httpPort, '127.0.0.1'],
  ]
  for (const [name, port, host] of wanted)
    if (port !== null && !(await isFree(port, host)))
      throw new WrongState(t('cli.port_taken', { name, port: String(port) }))
}

const hasCoordinator = async ({ db }: Installation): Promise<boolean> => {
  const { rowCount } = await db.engine.query(
    `select 1 from engagements e join people p on p.id = e.person_id
     where e.role = 'coordinator' and e.valid_to = 'infinity' and p.disabled_at is null limit 1`,
  )
  return rowCount === 1
}

/**
 * `bin/hsoc` as another terminal has to type it: without the two names that choose the installation it would make
 * a second one in `data/`, and the person would be added there.
 */
export function commandHere(env: Record<string, string | undefined>, folder: string): string {
  const named = ['HSOC_CONFIG', 'HSOC_DATA'].flatMap((name) => {
    const value = env[name] ? path.resolve(folder, env[name]) : null
    return value
      ? [`${name}=${/^[\w./@:+-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`} `]
      : []
  })
  return `${named.join('')}bin/hsoc`
}

function showAddresses(config: Config, { err, t }: Terminal): void {
  const scheme = config.tls.mode === 'off' ? 'http' : 'https'
  err(t('cli.pages_at', { url: config.baseUrl }))
  if (config.httpPort !== null) err(t('cli.here_at', { url: `http://127.0.0.1:${config.httpPort}` }))
  err(
    t('cli.sensors_at', {
      url: `${scheme}://${new URL(config.baseUrl).hostname}:${config.sensorPort}/warden3`,
    }),
  )
}

export const sayMigrated =
  ({ err, t }: Terminal) =>
  (names: string[]): void =>
    err(t('cli.migrated', { n: names.length, names: names.join(', ') }))

async function start(call: Call, program: Program): Promise<number> {
  const { terminal, t } = call
  const config = loadConfig()
  for (const name of config.unknown) terminal.err(t('cli.unknown_key', { name }))
  await requirePorts(config, t)
  const stopped = untilStopped()
  terminal.err(t('cli.starting'))
  const running = await Promise.race([program.start(config, sayMigrated(terminal)), stopped])
  if (!running) return 0
  terminal.err(t('cli.runs'))
  showAddresses(config, terminal)
  if (config.tls.mode === 'self') terminal.err(t('cli.self_made'))
  if (!config.smtpUrl) terminal.err(t('cli.no_mail'))
  await terminal.installation(async (open) => {
    if (!(await hasCoordinator(open)))
      terminal.err(t('cli.first_coordinator', { command: commandHere(process.env, process.cwd()) }))
    await saySecondFactor(open, terminal)
  })
  await stopped
  terminal.err(t('cli.stopping'))
  await running.stop()
  terminal.err(t('cli.stopped'))
  return 0
}

async function migrate(call: Call): Promise<number> {
  const { terminal, t } = call
  return terminal.installation(async ({ applied }) => {
    terminal.out(
      applied.length > 0
        ? t('cli.migrated', { n: applied.length, names: applied.join(', ') })
        : t('cli.is_newest'),
    )
    return 0
  })
}

async function lists(call: Call): Promise<number> {
  const { terminal, t } = call
  const { listsDir } = loadConfig()
  if (!listsDir) {
    terminal.out(t('cli.no_lists'))
    return 0
  }
  const { lists: found, problems } = loadLists(listsDir, t.lang)
  const rows = found.map((one) => ({
    name: one.name,
    group: one.group,
    entries: one.entries,
    version: String(one.version),
    age_days: ageDays(one, new Date(terminal.now())),
    counts: mayDemote(one, new Date(terminal.now())),
  }))
  if (call.on('json')) terminal.json({ lists: rows, problems })
  else if (rows.length > 0)
    terminal.out(
      table(
        [t('cli.col.list'), t('cli.col.group'), t('cli.col.entries'), t('cli.col.version'), t('cli.col.age')],
        rows.map((row) => [row.name, row.group, row.entries, row.version, row.age_days]),
      ),
    )
  for (const problem of problems) terminal.err(problem)
  return problems.length > 0 ? 1 : 0
}

async function metrics(call: Call): Promise<number> {
  const { terminal } = call
  terminal.out((await terminal.installation(({ context }) => metricsText(context))).trimEnd())
  return 0
}

function version(call: Call): Promise<number> {
  const { name, version: number } = JSON.parse(
    readFileSync(path.join(projectRoot, 'package.json'), 'utf8'),
  ) as {
    name: string
    version: string
  }
  call.terminal.out(`${name} ${number} (Node ${process.version})`)
  return Promise.resolve(0)
}

function config(call: Call): Promise<number> {
  call.terminal.out(describeConfig(loadConfig()))
  return Promise.resolve(0)
}

export const serveCommands = (program: Program): Command[] => [
  { words: 'start', operands: [], flags: {}, run: (call) => start(call, program) },
  { words: 'migrate', operands: [], flags: {}, run: migrate },
  { words: 'lists', operands: [], flags: { json: {} }, run: lists },
  { words: 'metrics', operands: [], flags: {}, run: metrics },
  { words: 'config', operands: [], flags: {}, run: config },
  { words: 'version', operands: [], flags: {}, run: version },
]

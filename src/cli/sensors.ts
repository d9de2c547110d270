/** `hsoc sensor`: who may send and read, with secrets shown once and certificates of our own authority. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type VerdictCode, verdicts } from '../modules/events/event.ts'
import * as sensors from '../modules/events/sensors.ts'
import { asActor } from '../platform/access.ts'
import { record } from '../platform/audit.ts'
import type { Config } from '../platform/config.ts'
import { asEngine, type Tx } from '../platform/database.ts'
import { Invalid, NotFound } from '../platform/errors.ts'
import { issueSensorCertificate, sensorCa, serverCertificate } from '../platform/tls.ts'
import { COORDINATORS } from '../values/scopes.ts'
import { type Call, type Command, listed, Misuse } from './command.ts'
import { nearestWord } from './nearest.ts'
import { table } from './table.ts'
import type { Installation } from './terminal.ts'

interface SensorLine {
  name: string
  member: string | null
  rights: string[]
  scope: string
  secret: boolean
  cert_cn: string | null
  disabled: boolean
  last_seen_at: Date | null
  newest_event_at: Date | null
}

async function lines(open: Installation, now: number): Promise<SensorLine[]> {
  return asActor(open.db, open.operator, now, async (tx) => {
    const { rows } = await tx.query<SensorLine>(
      `select s.name, o.name as member, array_remove(array[case when can_write then 'write' end, case when can_read then 'read' end,
         case when can_test then 'test' end, case when can_exercise then 'exercise' end], null) as rights, scope,
         secret_hash is not null as secret, cert_cn, disabled_at is not null as disabled, last_seen_at, newest_event_at
       from sensors s left join organisations o on o.id = s.org_id
       order by s.name`,
    )
    return rows
  })
}

/** The sensor of that name; names in the sentence what was probably meant. */
export async function knownSensor(open: Installation, name: string, call: Call): Promise<SensorLine> {
  const all = await lines(open, call.terminal.now())
  const found = all.find((one) => one.name === name.toLowerCase())
  if (found) return found
  const near = nearestWord(
    name,
    all.map((one) => one.name),
  )
  throw new NotFound(
    call.t('cli.no_sensor', { name }) + (near ? ` ${call.t('cli.did_you_mean', { near })}` : ''),
  )
}

/** The deed and its line in the trail, in one transaction. */
const asDeed = <R>(
  open: Installation,
  now: number,
  verb: string,
  name: string,
  work: (tx: Tx) => Promise<R>,
): Promise<R> =>
  asEngine(open.db, async (tx) => {
    const done = await work(tx)
    await record(tx, {
      at: now,
      actor: open.operator,
      verb: `events.${verb}`,
      object: `sensor ${name}`,
      readers: [COORDINATORS],
    })
    return done
  })

function oneOf<W extends string>(call: Call, flag: string, words: readonly W[]): W | undefined {
  const said = call.text(flag)
  if (said === undefined) return undefined
  const found = words.find((word) => word === said)
  if (!found)
    throw new Misuse(call.t('cli.one_of', { flag: `--${flag}`, word: said, words: words.join(', ') }))
  return found
}

function zoneOf(call: Call): string | undefined {
  const zone = call.text('zone')
  if (zone === undefined) return undefined
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
  } catch {
    throw new Misuse(call.t('cli.no_zone', { zone }))
  }
  return zone
}

function fresh(call: Call): sensors.NewSensor {
  const rights = listed(call.text('rights'))
  const wrong = rights.find((one) => !['write', 'read', 'test'].includes(one))
  if (wrong !== undefined || rights.length === 0)
    throw new Misuse(
      call.t('cli.one_of', { flag: '--rights', word: wrong ?? '', words: 'write, read, test' }),
    )
  const verdict = oneOf(call, 'verdict', ['dropped', 'passed'] as const)
  const scope = oneOf(call, 'scope', ['own', 'sector', 'all'] as const)
  const zone = zoneOf(call)
  return {
    name: call.operands[0] ?? '',
    member: call.text('member') ?? null,
    rights,
    secret: call.on('secret'),
    certCn: call.text('cert-cn') ?? null,
    lenient: call.on('lenient'),
    inline: call.on('inline'),
    batch: call.on('batch'),
    exercise: call.on('exercise'),
    inside: listed(call.text('inside')),
    hostname: call.text('hostname') ?? null,
    ...(scope ? { scope } : {}),
    ...(zone ? { zone } : {}),
    ...(verdict ? { defaultVerdict: verdicts.indexOf(verdict) as VerdictCode } : {}),
  }
}

async function add(call: Call): Promise<number> {
  const { terminal, t } = call
  const wanted = fresh(call)
  return terminal.installation(async (open) => {
    const { secret } = await asDeed(open, terminal.now(), 'sensor-add', wanted.name.toLowerCase(), (tx) =>
      sensors.add(tx, wanted, open.config.secret, terminal.now()),
    )
    showSecret(call, wanted.name.toLowerCase(), secret, 'cli.sensor_added')
    if (secret === null && !call.on('json'))
      terminal.err(t('cli.sensor_certificate_hint', { name: wanted.name.toLowerCase() }))
    return 0
  })
}

/** The secret alone goes to standard output, so that a script can take it; what it is goes to standard error. */
function showSecret(call: Call, name: string, secret: string | null, key: string): void {
  const { terminal, t } = call
  if (call.on('json')) {
    terminal.json({ name, secret })
    return
  }
  terminal.err(t(key, { name }))
  if (secret === null) return
  terminal.err(t('cli.secret_once'))
  terminal.out(secret)
}

async function list(call: Call): Promise<number> {
  const { terminal, t } = call
  const rows = await terminal.installation((open) => lines(open, terminal.now()))
  if (call.on('json')) terminal.json(rows)
  else if (rows.length === 0) terminal.out(t('cli.no_sensors'))
  else
    terminal.out(
      table(
        [
          t('cli.col.sensor'),
          t('cli.col.member'),
          t('cli.col.rights'),
          t('cli.col.proof'),
          t('cli.col.seen'),
        ],
        rows.map((row) => [
          row.name,
          row.member,
          row.disabled ? t('cli.disabled') : row.rights.join(','),
          [row.secret ? t('cli.secret') : '', row.cert_cn ? `CN ${row.cert_cn}` : '']
            .filter(Boolean)
            .join(', '),
          row.last_seen_at?.toISOString() ?? null,
        ]),
      ),
    )
  return 0
}

async function rotate(call: Call): Promise<number> {
  const { terminal } = call
  return terminal.installation(async (open) => {
    const { name } = await knownSensor(open, call.operands[0] ?? '', call)
    const secret = await asDeed(open, terminal.now(), 'sensor-rotate', name, (tx) =>
      sensors.rotate(tx, name, open.config.secret),
    )
    showSecret(call, name, secret, 'cli.sensor_rotated')
    return 0
  })
}

async function disable(call: Call): Promise<number> {
  const { terminal } = call
  return terminal.installation(async (open) => {
    const { name } = await knownSensor(open, call.operands[0] ?? '', call)
    await asDeed(open, terminal.now(), 'sensor-disable', name, (tx) =>
      sensors.disable(tx, name, terminal.now()),
    )
    terminal.out(call.t('cli.sensor_disabled', { name }))
    return 0
  })
}

async function certificate(call: Call): Promise<number> {
  const { terminal, t } = call
  const days = call.text('days') ?? '365'
  if (!/^\d{1,4}$/.test(days) || Number(days) === 0) throw new Misuse(t('cli.not_days', { word: days }))
  return terminal.installation(async (open) => {
    if (open.config.sensorCa) throw new Invalid(t('cli.foreign_ca'))
    const sensor = await knownSensor(open, call.operands[0] ?? '', call)
    const cn = sensor.cert_cn ?? sensor.name
    if (!sensor.cert_cn && sensor.secret) throw new Invalid(t('cli.sensor_without_cn', { name: sensor.name }))
    const folder = path.resolve(call.text('out') ?? sensor.name)
    const pair = await issueSensorCertificate(
      await sensorCa(open.config.dataDir, terminal.now()),
      cn,
      terminal.now(),
      {
        days: Number(days),
      },
    )
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(path.join(folder, 'key.pem'), pair.key, { mode: 0o600 })
    writeFileSync(path.join(folder, 'cert.pem'), pair.cert, { mode: 0o644 })
    const server = await serverPem(open.config, terminal.now())
    if (server) writeFileSync(path.join(folder, 'server.pem'), server, { mode: 0o644 })
    await asDeed(open, terminal.now(), 'sensor-certificate', sensor.name, async () => {})
    terminal.out(t('cli.certificate_made', { folder, cn, days: Number(days) }))
    return 0
  })
}

/** What a sensor has to trust to know us; null without TLS. */
async function serverPem(config: Config, now: number): Promise<string | null> {
  if (config.tls.mode === 'off') return null
  if (config.tls.mode === 'files') return readFileSync(config.tls.cert, 'utf8')
  const host = new URL(config.baseUrl).hostname.replace(/^\[|\]$/g, '')
  return (await serverCertificate(config.dataDir, host, now)).cert
}

export const sensorCommands: Command[] = [
  {
    words: 'sensor add',
    operands: ['NAME'],
    flags: {
      rights: { value: 'write,read,test', needed: true },
      member: { value: 'NAME' },
      secret: {},
      'cert-cn': { value: 'CN' },
      scope: { value: 'own|sector|all' },
      inside: { value: 'CIDR,…' },
      hostname: { value: 'HOST' },
      zone: { value: 'ZONE' },
      verdict: { value: 'dropped|passed' },
      lenient: {},
      inline: {},
      batch: {},
      exercise: {},
      json: {},
    },
    run: add,
  },
  { words: 'sensor list', operands: [], flags: { json: {} }, run: list },
  { words: 'sensor rotate', operands: ['NAME'], flags: { json: {} }, run: rotate },
  { words: 'sensor disable', operands: ['NAME'], flags: {}, run: disable },
  {
    words: 'sensor certificate',
    operands: ['NAME'],
    flags: { out: { value: 'FOLDER' }, days: { value: 'DAYS' } },
    run: certificate,
  },
]

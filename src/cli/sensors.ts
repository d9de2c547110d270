/** `hsoc sensor`: who may send and read, with secrets shown once and certificates of our own authority. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import * as sensors from '../modules/events/sensors.ts'
import type { Config } from '../platform/config.ts'
import { Invalid } from '../platform/errors.ts'
import type { T } from '../platform/i18n.ts'
import { issueSensorCertificate, sensorCa, serverCertificate } from '../platform/tls.ts'
import { type Call, type Command, Misuse } from './command.ts'
import { change } from './sensor-change.ts'
import { insideOf, rightsOf, scopeOf, verdictOf, zoneOf } from './sensor-flags.ts'
import { asDeed, knownSensor, lines, type SensorLine } from './sensor-lines.ts'
import { table } from './table.ts'

function fresh(call: Call): sensors.NewSensor {
  const scope = scopeOf(call)
  const zone = zoneOf(call)
  return {
    name: call.operands[0] ?? '',
    member: call.text('member') ?? null,
    rights: rightsOf(call) ?? [],
    secret: call.on('secret'),
    certCn: call.text('cert-cn') ?? null,
    lenient: call.on('lenient'),
    inline: call.on('inline'),
    batch: call.on('batch'),
    exercise: call.on('exercise'),
    inside: insideOf(call) ?? [],
    hostname: call.text('hostname') ?? null,
    ...(scope ? { scope } : {}),
    ...(zone ? { zone } : {}),
    ...verdictOf(call, ['dropped', 'passed']),
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
          proofOf(row, t),
          row.last_seen_at?.toISOString() ?? null,
        ]),
      ),
    )
  return 0
}

/** As `sensors.identify` reads the record: without any proof of its own it is known by a certificate for its name. */
function proofOf({ name, secret, cert_cn: cn, hostname }: SensorLine, t: T): string {
  const own = [
    ...(secret ? [t('cli.secret')] : []),
    ...(cn ? [`CN ${cn}`] : []),
    ...(hostname ? [t('cli.host', { name: hostname })] : []),
  ]
  return own.length > 0 ? own.join(', ') : `CN ${name}`
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
    terminal.out(t('cli.certificate_made', { folder, cn, n: Number(days) }))
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
  {
    words: 'sensor change',
    operands: ['NAME'],
    flags: {
      rights: { value: 'write,read,test' },
      member: { value: 'NAME' },
      'cert-cn': { value: 'CN' },
      scope: { value: 'own|sector|all' },
      inside: { value: 'CIDR,…' },
      hostname: { value: 'HOST' },
      zone: { value: 'ZONE' },
      verdict: { value: 'dropped|passed|unknown' },
      lenient: { value: 'on|off' },
      inline: { value: 'on|off' },
      batch: { value: 'on|off' },
      exercise: { value: 'on|off' },
    },
    run: change,
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

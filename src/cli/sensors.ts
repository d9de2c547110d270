/** `hsoc sensor`: who may send and read, with secrets shown once and certificates of our own authority. */
import * as sensors from '../modules/events/sensors.ts'
import type { T } from '../platform/i18n.ts'
import type { Call, Command } from './command.ts'
import { memberOf } from './figures.ts'
import { certificate, enrol, revoke } from './sensor-certificates.ts'
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
    await memberOf(call, open) // says what was probably meant
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
  { words: 'sensor enrol', operands: ['NAME'], flags: { hours: { value: 'HOURS' }, json: {} }, run: enrol },
  { words: 'sensor revoke', operands: ['NAME'], flags: {}, run: revoke },
  {
    words: 'sensor certificate',
    operands: ['NAME'],
    flags: { out: { value: 'FOLDER' }, days: { value: 'DAYS' } },
    run: certificate,
  },
]

/** `hsoc sensor enrol`, `revoke`, `certificate`: tokens that sensors' machines turn into certificates, and their end. */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { authorityOf, takeOver } from '../modules/events/authority.ts'
import * as enrolment from '../modules/events/enrolment.ts'
import { certifyNewKey } from '../platform/certificates.ts'
import type { Config } from '../platform/config.ts'
import { asEngine } from '../platform/database.ts'
import { WrongState } from '../platform/errors.ts'
import { makeFolder } from '../platform/folders.ts'
import { serverCertificate } from '../platform/tls.ts'
import { type Call, Misuse } from './command.ts'
import { asDeed, knownSensor, type SensorLine } from './sensor-lines.ts'
import type { Installation } from './terminal.ts'

async function enabledSensor(open: Installation, call: Call): Promise<SensorLine> {
  const sensor = await knownSensor(open, call.operands[0] ?? '', call)
  if (sensor.disabled) throw new WrongState(call.t('cli.sensor_is_disabled', { name: sensor.name }))
  return sensor
}

/** The token alone goes to standard output; what to do with it goes to standard error. */
export async function enrol(call: Call): Promise<number> {
  const { terminal, t } = call
  const said = call.text('hours') ?? String(enrolment.tokenHours)
  const hours = /^\d{1,3}$/.test(said) ? Number(said) : 0
  if (hours < 1 || hours > enrolment.mostTokenHours)
    throw new Misuse(t('cli.not_hours', { word: said, most: enrolment.mostTokenHours }))
  return terminal.installation(async (open) => {
    const { id, name } = await enabledSensor(open, call)
    const now = terminal.now()
    const { token, until } = await asEngine(open.db, (tx) =>
      enrolment.offer(tx, id, open.operator, now, hours),
    )
    const end = new Date(until).toISOString()
    if (call.on('json')) terminal.json({ name, token, until: end })
    else {
      terminal.err(t('cli.enrol_token', { name, until: end }))
      terminal.out(token)
    }
    return 0
  })
}

export async function revoke(call: Call): Promise<number> {
  const { terminal, t } = call
  return terminal.installation(async (open) => {
    const { id, name } = await knownSensor(open, call.operands[0] ?? '', call)
    const n = await asEngine(open.db, (tx) => enrolment.revoke(tx, id, open.operator, terminal.now()))
    terminal.out(t('cli.sensor_revoked', { name, n }))
    return 0
  })
}

/** Makes the key here too, for machines that cannot: it is written to the folder and kept nowhere else. */
export async function certificate(call: Call): Promise<number> {
  const { terminal, t } = call
  const days = call.text('days')
  if (days !== undefined && (!/^\d{1,4}$/.test(days) || Number(days) === 0))
    throw new Misuse(t('cli.not_days', { word: days }))
  return terminal.installation(async (open) => {
    const sensor = await enabledSensor(open, call)
    const folder = path.resolve(call.text('out') ?? sensor.name)
    const { settings } = open.context
    const wanted = { ...enrolment.wantedOf(settings), ...(days ? { days: Number(days) } : {}) }
    const cn = sensor.cert_cn ?? sensor.name
    const now = terminal.now()
    await takeOver(open.db.engine, open.config, now)
    const ca = await authorityOf(open.db.engine, settings, now)
    const pair = await certifyNewKey(ca, { ...wanted, cn }, now)
    makeFolder(folder, 0o700)
    writeFileSync(path.join(folder, 'key.pem'), pair.key, { mode: 0o600 })
    writeFileSync(path.join(folder, 'cert.pem'), pair.cert, { mode: 0o644 })
    const server = await serverPem(open.config, now)
    if (server) writeFileSync(path.join(folder, 'server.pem'), server, { mode: 0o644 })
    await asDeed(
      open,
      now,
      'sensor-certificate',
      sensor.name,
      (tx) => enrolment.list(tx, sensor.id, ca, pair, 'terminal', now),
      enrolment.aboutOf(pair),
    )
    terminal.out(t('cli.certificate_made', { folder, cn, n: wanted.days }))
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

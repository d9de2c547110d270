/** `hsoc sensor change`: what of a sensor's record may change, each left as it is when it is not named. */
import { change as changeSensor, hasSent, type SensorChange } from '../modules/events/sensor-change.ts'
import { Invalid, NotFound, WrongState } from '../platform/errors.ts'
import { type Call, Misuse } from './command.ts'
import { memberOf } from './figures.ts'
import { insideOf, oneOf, rightsOf, scopeOf, verdictOf, zoneOf } from './sensor-flags.ts'
import { asDeed, knownSensor, lines, type SensorLine } from './sensor-lines.ts'
import type { Installation } from './terminal.ts'

type Named = SensorChange & Record<string, unknown>

function wantedOf(call: Call): SensorChange {
  const given: Named = {
    rights: rightsOf(call),
    member: textOf(call, 'member'),
    certCn: textOf(call, 'cert-cn'),
    scope: scopeOf(call),
    inside: insideOf(call),
    hostname: textOf(call, 'hostname'),
    zone: zoneOf(call),
    ...verdictOf(call, ['dropped', 'passed', 'unknown']),
    lenient: switchOf(call, 'lenient'),
    inline: switchOf(call, 'inline'),
    batch: switchOf(call, 'batch'),
    exercise: switchOf(call, 'exercise'),
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

/** An empty text takes away what was set. */
function textOf(call: Call, flag: string): string | null | undefined {
  const said = call.text(flag)?.trim()
  return said === '' ? null : said
}

function switchOf(call: Call, flag: string): boolean | undefined {
  const said = oneOf(call, flag, ['on', 'off'])
  return said && said === 'on'
}

export async function change(call: Call): Promise<number> {
  const { terminal, t } = call
  const wanted = wantedOf(call)
  if (Object.keys(wanted).length === 0) throw new Misuse(t('cli.change_nothing'))
  return terminal.installation(async (open) => {
    const sensor = await knownSensor(open, call.operands[0] ?? '', call)
    await refuse(call, open, sensor, wanted)
    const { name } = sensor
    await asDeed(open, terminal.now(), 'sensor-change', name, (tx) => changeSensor(tx, name, wanted), wanted)
    terminal.out(t('cli.sensor_changed', { name }))
    if (wanted.certCn) terminal.err(t('cli.sensor_certificate_hint', { name }))
    return 0
  })
}

/** What the verb refuses too, said in the reader's words and with the names that the terminal knows. */
async function refuse(
  call: Call,
  open: Installation,
  sensor: SensorLine,
  { member, certCn, inside, zone }: SensorChange,
): Promise<void> {
  const { t, terminal } = call
  const { name } = sensor
  if (sensor.disabled) throw new NotFound(t('cli.sensor_is_disabled', { name }))
  if (member) await memberOf(call, open)
  if ((member !== undefined || zone !== undefined) && (await hasSent(open.db.engine, name)))
    throw new WrongState(t('cli.sensor_has_sent', { name }))
  const ranges = inside ?? sensor.inside
  if (ranges.length > 0 && (member === undefined ? sensor.member : member) === null)
    throw new Invalid(t('cli.inside_needs_member'))
  const other =
    certCn && (await lines(open, terminal.now())).find((one) => one.cert_cn === certCn.toLowerCase())
  if (other && other.name !== name) throw new WrongState(t('cli.cn_taken', { cn: certCn, name: other.name }))
}

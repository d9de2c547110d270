/** How a sensor does, as a sentence and as a chip. */
import type { T } from '../../../platform/i18n.ts'
import { Chip } from '../../../ui/index.ts'
import type { Health, SensorHealth } from '../queries/sensors.ts'

/** One sentence of how a sensor does. */
export function healthSentence(sensor: SensorHealth, t: T): string {
  if (sensor.health === 'losing')
    return t('events.sensor.is.losing', { refused: sensor.day.refused, lost: sensor.day.lost })
  if (sensor.health === 'well' && sensor.batch) return t('events.sensor.is.batch')
  return t(`events.sensor.is.${sensor.health}`)
}

export function HealthChip({ t, health }: { t: T; health: Health }) {
  return <Chip yours={health === 'well'}>{t(`events.health.${health}`)}</Chip>
}

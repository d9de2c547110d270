import { expect, test } from 'vitest'
import { translator } from '../../platform/i18n.ts'
import { html } from '../../ui/index.ts'
import { Works } from './pages/works.tsx'
import type { SensorHealth, Watching } from './watching.ts'

const now = Date.parse('2026-11-21T11:30:05Z')

const sensors = (n: number, health: SensorHealth['health']): SensorHealth[] =>
  Array.from({ length: n }, (_, i) => ({
    id: i,
    name: `${health}${i + 1}`,
    orgName: null,
    lastSeenAt: now,
    newestEventAt: now,
    batch: false,
    health,
  }))

function line(known: SensorHealth[], lang: 'cs' | 'en' = 'en', outages: Watching['outages'] = []): string {
  const watching: Watching = {
    lastEventAt: now - 60_000,
    sensors: known,
    healthy: known.filter((one) => one.health === 'healthy').length,
    outages,
  }
  return html(<Works t={translator(lang)} watching={watching} now={now} zone="Europe/Prague" />)
    .replace(/<[^>]*>/g, '')
    .replaceAll('\u00a0', ' ')
}

test('names few sensors in trouble, and counts the others', () => {
  expect(line([...sensors(1, 'healthy'), ...sensors(4, 'silent')])).toContain(
    '4 need attention: silent1, silent2, silent3 and silent4',
  )
  expect(line([...sensors(1, 'healthy'), ...sensors(11, 'silent')])).toContain(
    '11 need attention: silent1, silent2, silent3 and 8 others',
  )
  expect(line(sensors(11, 'troubled'), 'cs')).toContain('troubled1, troubled2, troubled3 a 8 dalších')
})

test('says that the watching works only while a sensor is heard', () => {
  expect(line([...sensors(1, 'healthy'), ...sensors(2, 'silent')])).toContain('The watching works')
  expect(line([])).toContain('The watching works')
  expect(line(sensors(2, 'silent'))).not.toContain('The watching works')
})

test('says from when to when hSOC itself was down', () => {
  const said = line(sensors(1, 'healthy'), 'cs', [{ from: now - 3_600_000, to: now - 2_400_000 }])
  expect(said).toContain('hSOC nepracoval od 21. 11. 11:30 do 21. 11. 11:50 (20 min)')
})

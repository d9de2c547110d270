/** Fictional sector for the gallery: usual values, and the longest that the parts must bear. */
import { addDays, type Day, dayOf, hoursOf } from '../../src/platform/dates.ts'

export const now = Date.parse('2026-11-20T21:42:10Z')
export const today: Day = dayOf(now)

export const organisations = [
  { id: 1, name: 'Nemocnice Lipová' },
  { id: 2, name: 'Zdravotnická záchranná služba Podhorského kraje, příspěvková organizace' },
  {
    id: 3,
    name: 'Specializovaný léčebný ústav pro dlouhodobě nemocné a rehabilitační klinika Svaté Anežky v Dolních Kounicích nad Třemošnou, příspěvková organizace Podhorského kraje',
  },
]

export const longAddress = '2001:0db8:85a3:08d3:1319:8a2e:0370:7344'

/** Repeatable noise from 0 to 1. */
export function noise(seed: number): number {
  const wave = Math.sin(seed * 127.1 + 11.7) * 43758.5453
  return wave - Math.floor(wave)
}

export const hours = hoursOf(today).map((at, hour) => {
  const all = Math.round(52_000 + 46_000 * noise(hour) + (hour === 13 ? 90_000 : 0))
  const passed = Math.round(all * (hour === 13 ? 0.09 : 0.02 * noise(hour + 50)))
  const unknown = Math.round(all * 0.03)
  return { at, dropped: all - passed - unknown, passed, unknown, href: `/days/${today}?hour=${hour}` }
})

export const kinds = [
  {
    key: 'scan',
    name: 'Průzkum portů',
    value: 1_204_331,
    passed: 0,
    usual: 1_180_000,
    href: '/days/x?class=recon',
  },
  {
    key: 'ssh',
    name: 'Pokusy o přihlášení přes SSH',
    value: 512_904,
    passed: 2_140,
    usual: 260_400,
    href: '/days/x?class=ssh',
  },
  {
    key: 'rdp',
    name: 'Pokusy o přihlášení ke vzdálené ploše',
    value: 188_012,
    passed: 12_040,
    usual: 190_100,
    href: '/days/x?class=rdp',
  },
  {
    key: 'exploit',
    name: 'Zneužití zranitelnosti známé služby',
    value: 60_482,
    passed: 6_021,
    usual: 41_000,
    href: '/days/x?class=exploit',
  },
  {
    key: 'ddos',
    name: 'Zahlcení služby',
    value: 22_031,
    passed: 0,
    usual: 54_000,
    href: '/days/x?class=ddos',
  },
  {
    key: 'cc',
    name: 'Spojení s řídicím serverem škodlivého programu',
    value: 14,
    passed: 14,
    usual: 2,
    href: '/days/x?class=cc',
  },
]

export const quarter = new Map<Day, number>(
  Array.from({ length: 88 }, (_, index): [Day, number] => [
    addDays(today, -index),
    Math.round(1_400_000 + 1_100_000 * noise(index)),
  ]).filter(([, value]) => value % 17 !== 0),
)

export interface SourceRow {
  address: string
  network: string
  labels: string[]
  events: number
  passed: number
  last: number
  trend: number[]
  ours: boolean
}

export function sourceRows(count: number): SourceRow[] {
  return Array.from({ length: count }, (_, index) => ({
    address: index % 7 === 3 ? longAddress : `203.0.113.${index % 254}`,
    network:
      index % 3 === 0
        ? 'AS64500 Příkladová síť s velmi dlouhým názvem provozovatele, s. r. o.'
        : 'AS64501 Example Hosting',
    labels: index % 4 === 0 ? ['průzkumník', 'na seznamu'] : [],
    events: Math.round(464_000 / (index + 1)),
    passed: index % 5 === 0 ? Math.round(2_000 / (index + 1)) : 0,
    last: now - index * 340_000,
    trend: Array.from({ length: 30 }, (_, day) => Math.round(noise(index * 31 + day) * 900)),
    ours: index === 2,
  }))
}

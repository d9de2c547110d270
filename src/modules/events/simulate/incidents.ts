/** Plants the day's labelled incidents: which, where and when come from the seed. */
import { kinds } from './incident-kinds.ts'
import type { Setup } from './setup.ts'
import type { Silence } from './silence.ts'
import { stageOf } from './stage.ts'
import { byHour, type Strand } from './strand.ts'
import type { Incident, IncidentKind } from './truth.ts'

export interface Planted {
  incidents: Incident[]
  /** Cut at full hours. */
  strands: Strand[]
  silences: Silence[]
}

const order: IncidentKind[] = ['sensor-silent', 'own-host', 'got-through', 'campaign', 'slow-scan', 'volume']

/** The incidents of a day with the strands that make them visible; claims their source addresses in the setup. */
export function plantIncidents(setup: Setup): Planted {
  const stage = stageOf(setup)
  for (const kind of order) {
    const amount = setup.profile.incidents[kind]
    for (let i = 0; i < howMany(amount, setup.scale); i++) kinds[kind](stage)
  }
  const incidents = stage.incidents.sort((a, b) => a.fromMs - b.fromMs)
  incidents.forEach((incident, i) => {
    incident.id = `${setup.key}:${i + 1}`
  })
  return { incidents, strands: stage.strands.flatMap(byHour), silences: stage.silences }
}

/** A tenth of the events still holds about two thirds of the incidents; a wanted kind appears at least once. */
function howMany(amount: number, scale: number): number {
  if (amount === 0) return 0
  return Math.max(1, Math.round(amount * Math.min(1, scale ** 0.2)))
}

/** Everything a day needs before its first event: clock, cast, figures, all drawn from the seed. */
import { DateTime } from 'luxon'
import { Invalid } from '../../../platform/errors.ts'
import { type Addresses, addresses, type Character, castNets, type Net } from './outside.ts'
import { castMembers, type Member, type Organisation } from './sector.ts'
import { hourMs } from './strand.ts'
import type { IncidentKind } from './truth.ts'

/** Shares and amounts of a full day; `incidents` is scaled down gently with fewer events. */
export interface Profile {
  /** Events whose verdict is known, part of 1. */
  known: number
  /** Dropped among those with a known verdict, part of 1. */
  dropped: number
  /** Exponent of the weights of sources (Zipf with a blunted head). */
  zipf: number
  incidents: Record<IncidentKind, number>
}

export interface DayOptions {
  seed: string | number
  /** Calendar day in Prague, YYYY-MM-DD; it has 23 or 25 hours when the clock changes. */
  day: string
  organisations: readonly Organisation[]
  /** Event messages of the day; default 1,990,000, at least 2,000. */
  events?: number
  /** Distinct source addresses; default 5,343, fewer (by the square root) with fewer events. */
  sources?: number
  /** Distinct (hour, class, source); default 82,000 for 5,343 sources. */
  detections?: number
  profile?: Partial<Profile>
  /** `full` about 1.2 kB a message, `small` about 0.7 kB. */
  size?: 'full' | 'small'
  /** Adds a few messages of this exercise on top of `events` (default 40). */
  exercise?: { id: string; events?: number }
}

export interface Setup {
  /** Same for all days of a seed. */
  seed: string
  /** Differs by day. */
  key: string
  startMs: number
  endMs: number
  hours: number
  events: number
  sources: number
  detections: number
  /** Part of the sector's usual day, 1 = 1.99 million. */
  scale: number
  profile: Profile
  size: 'full' | 'small'
  exercise: { id: string; events: number } | null
  members: Member[]
  nets: Record<Character, Net[]>
  addresses: Addresses
}

const usual = { events: 1_990_000, sources: 5343, detections: 82_000 }

const usualProfile: Profile = {
  known: 0.97,
  dropped: 0.95,
  zipf: 1,
  incidents: { 'own-host': 7, 'got-through': 6, campaign: 3, 'slow-scan': 3, volume: 2, 'sensor-silent': 1 },
}

/** Checks the options and casts the day. Throws Invalid for an impossible day, amount or sector. */
export function prepare(options: DayOptions): Setup {
  const start = DateTime.fromISO(options.day, { zone: 'Europe/Prague' })
  if (!/^\d{4}-\d{2}-\d{2}$/.test(options.day) || !start.isValid) {
    throw new Invalid(`Not a day: ${options.day}`, { day: 'YYYY-MM-DD' })
  }
  const events = options.events ?? usual.events
  if (!Number.isInteger(events) || events < 2000) throw new Invalid('A day needs at least 2,000 events.')
  const scale = events / usual.events
  const sources = options.sources ?? Math.round(usual.sources * Math.min(1, Math.sqrt(scale)))
  if (sources < 100 || sources > 20_000 || sources * 2 > events) {
    throw new Invalid('The number of sources must be 100 to 20,000 and at most half of the events.')
  }
  const startMs = start.toMillis()
  const endMs = start.plus({ days: 1 }).toMillis()
  const seed = String(options.seed)
  const members = castMembers(options.organisations, seed)
  return {
    seed,
    key: `${seed}:${options.day}`,
    startMs,
    endMs,
    hours: (endMs - startMs) / hourMs,
    events,
    sources,
    detections: options.detections ?? Math.round((usual.detections * sources) / usual.sources),
    scale,
    profile: { ...usualProfile, ...options.profile },
    size: options.size ?? 'full',
    exercise: options.exercise ? { events: 40, ...options.exercise } : null,
    members,
    nets: castNets(members, seed),
    addresses: addresses(),
  }
}

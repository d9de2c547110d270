/** Injects of an exercise: an attack that seems to get through at a few members, marked as exercise in each message. */
import { randomFrom, shuffled } from './random.ts'
import type { Setup } from './setup.ts'
import { minuteMs, strand } from './stage.ts'
import { hourMs, type Strand } from './strand.ts'

/** Messages of the exercise, on top of the day's events; none without one. */
export function exerciseStrands(setup: Setup): Strand[] {
  if (!setup.exercise) return []
  const { id, events } = setup.exercise
  const random = randomFrom(`${setup.key}:exercise:${id}`)
  const fromMs = setup.startMs + 10 * hourMs
  const hit = shuffled(setup.members, random).slice(0, 4)
  const each = Math.max(1, Math.floor(events / hit.length))
  return hit.map((member, i) =>
    strand('exploit', random, {
      origins: [{ address: `203.0.113.${240 + i}` }],
      groups: [{ member: member.index, hosts: member.v4.slice(0, 3) }],
      home: member.index,
      fromMs: fromMs + i * 5 * minuteMs,
      toMs: fromMs + i * 5 * minuteMs + 30 * minuteMs,
      count: i === 0 ? events - each * (hit.length - 1) : each,
      verdict: 'passed',
      exercise: id,
    }),
  )
}

/** The mark of an exercise counts only while that exercise is on, from a sensor that may play. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { rebuild } from '../../src/modules/events/rebuild.ts'
import { createExercise } from '../../src/modules/warnings/exercises.ts'
import type { Actor } from '../../src/platform/access.ts'
import { addHospital, addPerson } from '../harness.ts'
import { eventOf, type Machines, openMachinesHere } from './machines.ts'
import type { Sender } from './sender.ts'

const [player, other] = ['cz.hsoc.player', 'cz.hsoc.other']
const hour = 3_600_000

describe('the mark of an exercise', () => {
  let here: Machines
  let senders: Record<string, Sender>
  let coordinator: Actor

  beforeAll(async () => {
    here = await openMachinesHere()
    await addHospital(here.db, 'Nemocnice Horní Výmysl', ['192.0.2.0/25'])
    coordinator = await addPerson(here.db, 'Koordinátorka', [['coordinator', null]])
    const sender = async (name: string, exercise: boolean) =>
      here.sender(name, { secret: await here.addSensor(name, { rights: ['write'], exercise }) })
    senders = { [player]: await sender(player, true), [other]: await sender(other, false) }
  })
  afterAll(() => here.close())

  /** Lane, label and whether something was marked of what a sensor said. */
  const sent = async (sensor: string, id: string, exercise: string, at = here.now.ms) => {
    const event = eventOf(sensor, id, {
      DetectTime: new Date(at).toISOString(),
      Target: [{ IP4: ['192.0.2.10'] }],
      _HSOC: { Exercise: exercise },
    })
    const answer = await senders[sensor]?.raw('sendEvents', {}, JSON.stringify([event]))
    expect(answer?.status, answer?.body).toBe(200)
    await here.condense()
    const { rows } = await here.db.engine.query<{ lane: number; exercise: string | null; flags: number }>(
      'select lane, exercise, flags from events order by batch_id desc, idx desc limit 1',
    )
    return Object.values(rows[0] as object)
  }
  const real = [0, null, 32]

  it('is refused before the exercise was opened, and counts two seconds after, at its time', async () => {
    expect(await sent(player, 'too-soon', 'podzim')).toEqual(real)
    const wanted = {
      id: 'podzim',
      title: 'Podzimní cvičení',
      startsAt: here.now.ms - hour,
      endsAt: here.now.ms + hour,
    }
    here.now.ms += 60_000
    await createExercise(here.db, coordinator, wanted, here.now.ms)
    const playing = () => here.doors.known.sensors().flatMap((sensor) => sensor.exercises)
    await vi.waitFor(() => expect(playing()).toHaveLength(1), { timeout: 10_000 })
    here.now.ms += 1_999
    expect(await sent(player, 'another-door-may-not-know', 'podzim')).toEqual(real)
    here.now.ms += 1
    expect(await sent(player, 'on', 'podzim')).toEqual([2, 'podzim', 0])
    expect(await sent(player, 'test-window', 'podzim', here.now.ms - 2 * hour)).toEqual(real)
  })

  it('is refused when nobody opened such an exercise, after its end, and from a sensor that may not play', async () => {
    expect(await sent(player, 'unknown', 'jaro')).toEqual(real)
    expect(await sent(other, 'not-a-player', 'podzim')).toEqual(real)
    here.now.ms += 2 * hour
    expect(await sent(player, 'over', 'podzim')).toEqual(real)
    expect(await sent(player, 'late-but-of-its-time', 'podzim', here.now.ms - 2 * hour)).toEqual([
      2,
      'podzim',
      0,
    ])
  })

  it('is judged the same when the log is read again', async () => {
    const done = await rebuild(here.db, { check: true, zone: 'Europe/Prague' }, here.now.ms)
    expect(done.differing).toEqual({ events: 0, detections: 0, totals: 0, episodes: 0 })
  })
})

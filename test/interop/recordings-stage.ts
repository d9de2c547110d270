/** A database with both doors for a recording, and the figures that are read from it. */
import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { openLabeller } from '../../src/modules/events/labels.ts'
import { type DayFigures, dayFigures } from '../../src/modules/events/queries/index.ts'
import { rebuild } from '../../src/modules/events/rebuild.ts'
import { verify } from '../../src/modules/events/verify.ts'
import { asActor } from '../../src/platform/access.ts'
import type { Day } from '../../src/platform/dates.ts'
import { addPerson } from '../harness.ts'
import { type Machines, openMachinesHere } from './machines.ts'
import { inPieces, type Posted, post } from './poster.ts'
import { ingest } from './recordings.ts'

export const zone = 'Europe/Prague'

const coordinators = new Map<Machines, Awaited<ReturnType<typeof addPerson>>>()

export async function stage(now: string): Promise<Machines> {
  const here = await openMachinesHere()
  here.now.ms = Date.parse(now)
  coordinators.set(here, await addPerson(here.db, 'Petra Koordinátorová', [['coordinator', null]]))
  return here
}

export const one = async (here: Machines, sql: string): Promise<Record<string, unknown>> =>
  (await here.db.engine.query(sql)).rows[0] ?? {}

/** The figures of every day that the log speaks of, by the day, as a coordinator sees them. */
export async function daysOf(here: Machines): Promise<Map<string, DayFigures>> {
  const { rows } = await here.db.engine.query<{ day: Day }>('select day from days order by day')
  const actor = coordinators.get(here)
  if (!actor) throw new Error('a coordinator comes with each stage')
  const figures = new Map<string, DayFigures>()
  for (const { day } of rows)
    figures.set(
      day,
      await asActor(here.db, actor, here.now.ms, (tx) =>
        dayFigures(tx, { day, zone, org: null, now: here.now.ms }),
      ),
    )
  return figures
}

/** Both doors in turn: what the second brings is known already, and nothing changes. */
export async function bothWays(
  here: Machines,
  { file, format, sensor }: { file: string; format: string; sensor: string },
): Promise<{ answer: Posted; byHand: Awaited<ReturnType<typeof ingest>> }> {
  const key = await here.addSensor(sensor, { rights: ['write'] })
  const body = readFileSync(file)
  const answer = await post(here.port, inPieces(body, 65_536), {
    key,
    query: `?format=${format}`,
    headers: file.endsWith('.gz') ? { 'content-encoding': 'gzip' } : {},
  })
  await here.condense()
  const byHand = await ingest(here.context, ['--sensor', sensor, '--format', format, file])
  return { answer, byHand }
}

/** Distinct sources that are on lists of others than block lists, on single ones, on a block list. */
export async function labelled(here: Machines): Promise<unknown> {
  const labeller = openLabeller(here.context)
  while ((await labeller.work(here.now.ms)) > 0);
  return one(
    here,
    `select (count(distinct key_id) filter (where grp <> 'block-list'))::int as listed,
       (count(distinct key_id) filter (where list ilike '%shodan%'))::int as shodan,
       (select count(*)::int from (select key_id from key_labels where list ~* 'azure' intersect
         select key_id from key_labels where list ~* 'github') c) as clouds,
       (count(distinct key_id) filter (where grp = 'block-list'))::int as blocked
     from key_labels where key_id in (select key_id from events)`,
  )
}

/** Log and sums agree, and counting anew gives the same. */
export async function expectSound(here: Machines): Promise<void> {
  const found = await verify(here.db, { zone })
  expect(found.checks.filter((check) => check.differing > 0)).toEqual([])
  expect([found.ok, found.waiting]).toEqual([true, 0])
  const again = await rebuild(here.db, { zone, check: true }, here.now.ms)
  expect(again.differing).toEqual({ events: 0, detections: 0, totals: 0, episodes: 0 })
  expect(again.unreadable).toBe(0)
}

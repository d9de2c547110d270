/** Duties as programs are told of them. */
import type { z } from 'zod'
import { iso } from '../../../../platform/dates.ts'
import type { Duty, DutyChange, DutyLine } from '../../read.ts'
import type * as shapes from './shapes.ts'

export const lineJson = ({ id, org, orgName, name }: DutyLine) => ({ id, org, organisation: orgName, name })

export const changeJson = (one: DutyChange): z.infer<typeof shapes.changeAnswer> => ({
  ...{ id: one.id, kind: one.kind, person: one.person, stand_in: one.standIn },
  ...{ from: iso(one.from), to: iso(one.to), note: one.note },
})

export const dutyJson = (duty: Duty, zone: string): z.infer<typeof shapes.scheduleAnswer> => ({
  ...lineJson(duty),
  ...{ zone, holidays: duty.holidays, rules: duty.rules, changes: duty.changes.map(changeJson) },
  people: [...duty.people].map(([id, { name, acts }]) => ({ id, name, acts })),
})

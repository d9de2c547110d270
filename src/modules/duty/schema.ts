/** Shapes that come in through the forms of duties. */
import { z } from 'zod'
import { instantOf } from '../../platform/local-time.ts'
import type { WantedChange, WantedRule } from './keep.ts'
import { rotationKinds, type Weekday } from './rota.ts'

const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes('\0'))
const number = z.string().regex(/^\d{1,9}$/)
const many = <Item extends z.ZodType<unknown, string>>(item: Item, most: number) =>
  z
    .union([item, z.array(item).max(most)])
    .optional()
    .transform((value) => (value === undefined ? [] : ([value].flat() as z.output<Item>[]))) // one or several of one kind

export const idParam = z.coerce.number().int().min(1).max(2_147_483_647)

export const dutyForm = z.object({
  org: z.union([z.literal(''), number]).default(''),
  name: text(60).default(''),
  holidays: z.enum(['ignored', 'sunday']).default('ignored'),
})

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
const local = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/)

export const ruleForm = z.object({
  weekdays: many(z.string().regex(/^[1-7]$/), 7),
  from: clock.catch(''),
  to: clock.catch(''),
  rotation: z.enum(['', ...rotationKinds]).default(''),
  length: number.catch('1'),
  start: local.catch(''),
  people: many(z.union([z.literal(''), number]), 12),
})

export const changeForm = z.object({
  kind: z.enum(['add', 'remove', 'replace', 'temporary']),
  whom: number.catch('0'),
  stand_in: number.catch(''),
  from: local.catch(''),
  to: local.catch(''),
  note: text(200).default(''),
})

export const simpleForm = z.object({
  people: many(z.union([z.literal(''), number]), 3).transform((people) =>
    people.filter((one) => one !== '').map(Number),
  ),
  always: z
    .literal('1')
    .optional()
    .transform((value) => value === '1'),
})

export type RuleForm = z.output<typeof ruleForm>
export type ChangeForm = z.output<typeof changeForm>

/** What a form wants, or what is wrong with its fields. */
export function ruleIn(form: RuleForm): { rule: WantedRule } | { wrong: Record<string, string> } {
  const weekdays = [...new Set(form.weekdays.map(Number))].sort() as Weekday[] // the form lets in nothing else
  const length = Number(form.length)
  const people = form.people.filter((one) => one !== '').map(Number)
  const wrong: Record<string, string> = {}
  if (weekdays.length === 0) wrong.weekdays = 'weekdays'
  if (form.from === '') wrong.from = 'clock'
  if (form.to === '') wrong.to = 'clock'
  if (people.length === 0) wrong.people = 'people'
  if (form.rotation === '' && people.length > 1) wrong.people = 'one'
  if (form.rotation !== '' && instantOf(form.start, 'utc') === null) wrong.start = 'time'
  if (length < 1 || length > 366) wrong.length = 'length'
  if (Object.keys(wrong).length > 0) return { wrong }
  const { from, to, start } = form
  const rotation = form.rotation === '' ? null : { kind: form.rotation, length, start }
  return { rule: { weekdays, from, to, rotation, people } }
}

export function changeIn(
  form: ChangeForm,
  zone: string,
): { change: WantedChange } | { wrong: Record<string, string> } {
  const [from, to] = [instantOf(form.from, zone), instantOf(form.to, zone)]
  const replaces = form.kind === 'replace'
  const wrong: Record<string, string> = {}
  if (form.whom === '0') wrong.whom = 'people'
  if (replaces && form.stand_in === '') wrong.stand_in = 'people'
  if (from === null) wrong.from = 'time'
  if (to === null) wrong.to = 'time'
  if (from === null || to === null || Object.keys(wrong).length > 0) return { wrong }
  const standIn = replaces ? Number(form.stand_in) : null
  return { change: { kind: form.kind, person: Number(form.whom), standIn, from, to, note: form.note } }
}

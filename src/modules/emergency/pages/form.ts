/** The editor's form as text, and the draft that it means. */
import { text } from '../../../platform/page-routes.ts'
import {
  type Answer,
  type Class,
  classes,
  type Draft,
  type Mode,
  modes,
  testWays,
  tlps,
  usualAnswers,
} from '../types.ts'

export interface Typed {
  class: string
  title: string
  body: string
  room: string
  tlp: string
  /** `all`, or the chosen ones. */
  whom: string
  orgs: string[]
  kinds: string[]
  regions: string[]
  answers: { cs: string; en: string; needsNote: boolean }[]
  mode: string
  quorum: string
  within: string
  channel: string
  managers: boolean
}

/** Rows of answers in the form: each has its digit, those left empty fall away. */
export const answerRows = 5

/** All of them: whoever is cut would not be called. The size of the form is the bound, 20,000 organisations about. */
const each = (body: unknown, name: string): string[] =>
  [(body as Record<string, unknown> | undefined)?.[name] ?? []]
    .flat()
    .filter((one): one is string => typeof one === 'string')

export const typedIn = (body: unknown): Typed => ({
  class: text(body, 'class'),
  title: text(body, 'title'),
  body: text(body, 'body').replaceAll('\r\n', '\n'),
  room: text(body, 'room'),
  tlp: text(body, 'tlp'),
  whom: text(body, 'whom'),
  orgs: each(body, 'orgs'),
  kinds: each(body, 'kinds'),
  regions: each(body, 'regions'),
  answers: Array.from({ length: answerRows }, (_, i) => ({
    cs: text(body, `cs_${i + 1}`).trim(),
    en: text(body, `en_${i + 1}`).trim(),
    needsNote: text(body, `note_${i + 1}`) === '1',
  })),
  mode: text(body, 'mode'),
  quorum: text(body, 'quorum'),
  within: text(body, 'within'),
  channel: text(body, 'channel'),
  managers: text(body, 'managers') === '1',
})

export const typedOf = (draft: Draft): Typed => ({
  ...draft,
  whom: draft.orgs === null ? 'all' : 'chosen',
  orgs: (draft.orgs ?? []).map(String),
  answers: Array.from({ length: answerRows }, (_, i) => ({
    cs: '',
    en: '',
    needsNote: false,
    ...draft.answers.find((one) => one.code === String(i + 1)),
  })),
  quorum: String(Math.max(2, draft.quorum)),
  within: String(draft.withinMin),
  channel: draft.channel ?? 'mail',
  managers: draft.withManagers,
})

/** What an author begins with; `room` is the permanent one, where there is one. */
export const blank = (cls: Class, room = ''): Draft => ({
  class: cls,
  title: '',
  body: '',
  room,
  tlp: 'GREEN',
  orgs: null,
  kinds: [],
  regions: [],
  answers: usualAnswers,
  mode: 'org',
  quorum: 1,
  withinMin: 60,
  channel: 'mail',
  withManagers: true,
})

const number = (given: string): number => (/^\d{1,9}$/.test(given) ? Number(given) : Number.NaN)

/** What is none of the choices becomes the most cautious of them. */
export function draftFrom(typed: Typed): Draft {
  const answers = typed.answers.flatMap((one, i): Answer[] =>
    one.cs === '' && one.en === '' ? [] : [{ code: String(i + 1), ...one }],
  )
  return {
    class: classes.find((one) => one === typed.class) ?? 'drill',
    title: typed.title,
    body: typed.body,
    room: typed.room,
    tlp: tlps.find((one) => one === typed.tlp) ?? 'AMBER+STRICT',
    orgs: typed.whom === 'all' ? null : typed.orgs.map(number).filter((one) => !Number.isNaN(one)),
    kinds: typed.kinds,
    regions: typed.regions,
    answers,
    mode: modes.find((one): one is Mode => one === typed.mode) ?? 'org',
    quorum: number(typed.quorum) || 0,
    withinMin: number(typed.within),
    channel: testWays.find((one) => one === typed.channel) ?? 'mail',
    withManagers: typed.managers,
  }
}

/** The map of a call: how the organisations of each region stand; a region cuts the board down to itself. */
import { type MapLook, type MapWord, StandsMap } from '../../../ui/index.ts'
import { regionMap } from '../../members/index.ts'
import { type Answer, type Broadcast, type OrgLine, type OrgState, usualAnswers } from '../types.ts'
import type { BoardProps, Filters } from './board-props.ts'

/** The usual answers that ask for somebody. An author may word others, of which only that they were given is known. */
const pressing: Record<string, MapLook> = { '2': 'affected', '3': 'help' }

const looks: Record<OrgState, MapLook> = {
  no_contact: 'lost',
  handed_to_operator: 'lost',
  pending: 'waiting',
  delivered: 'waiting',
  acknowledged: 'underway',
  answered: 'good',
}

const isUsual = (answer: Answer): boolean =>
  usualAnswers.some(({ code, cs, en }) => code === answer.code && cs === answer.cs && en === answer.en)

/** Null of those who are excused: nobody waits for them. */
export function lookOf(
  { answers, class: cls }: Pick<Broadcast, 'answers' | 'class'>,
  { state, excused, answer }: Pick<OrgLine, 'state' | 'excused' | 'answer'>,
): MapLook | null {
  if (excused !== null) return null
  const said = answers.find(({ code }) => code === answer)
  if (said && isUsual(said) && pressing[said.code]) return pressing[said.code] ?? null
  // A trial of the line asks for no answer.
  return cls === 'test' && state === 'delivered' ? 'good' : looks[state]
}

/** Who asks for help comes before the gaps, and who is affected before those that need nobody. */
export function mostUrgentFirst<Line extends Pick<OrgLine, 'state' | 'excused' | 'answer'>>(
  call: Pick<Broadcast, 'answers' | 'class'>,
  lines: Line[],
): Line[] {
  const order = ['help', 'lost', 'waiting', 'underway', 'affected', 'good', null]
  const place = (line: Line): number => order.indexOf(lookOf(call, line))
  return lines.toSorted((a, b) => place(a) - place(b))
}

const settled: MapLook[] = ['help', 'affected', 'good']

export function BoardMap({ frame: { t }, call, lines, filters }: BoardProps) {
  const words: MapWord[] = (['help', 'affected', 'lost', 'waiting', 'underway', 'good'] as const).map(
    (look) => ({ look, label: t(`rollcalls.map.${look}`), settled: settled.includes(look) }),
  )
  const drawn = lines.flatMap((line) => {
    const look = lookOf(call, line)
    const href = `/rollcalls/${call.id}#org-${line.org}`
    return look === null ? [] : [{ key: line.org, name: line.name, region: line.region, look, href }]
  })
  return (
    <StandsMap
      t={t}
      id="map"
      title={t('rollcalls.map')}
      outlines={regionMap}
      lines={drawn}
      words={words}
      chosen={filters.region}
      hrefOf={(region) => boardOf(call, { ...filters, region: region === filters.region ? '' : region })}
    />
  )
}

/** The board cut down, at its organisations. */
function boardOf({ id }: Broadcast, filters: Filters): string {
  const set = Object.entries(filters).filter(([, value]) => value !== '')
  return `/rollcalls/${id}${set.length > 0 ? `?${new URLSearchParams(set)}` : ''}#tiles`
}

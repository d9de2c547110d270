/** Names of things of this module as people read them. */
import type { T } from '../../../platform/i18n.ts'
import { serviceIn } from '../advice.ts'
import { describeClass } from '../classes.ts'
import { readGroups } from '../lists/groups.ts'
import type { Label } from '../queries/labels.ts'

/** "Guessing of passwords: SSH", with the side where it is not the usual "our host is the target". */
export function className(name: string, t: T): string {
  const plain = describeClass(name, t.lang)
  if (name.endsWith('-internal')) return `${plain} (${t('events.side.inside')})`
  return plain
}

/** The same in a member's own view, where a class without a suffix means that the member's host is the source. */
export function ownClassName(name: string, t: T): string {
  return /-(target|internal)$/.test(name)
    ? className(name, t)
    : `${className(name, t)} (${t('events.side.fromYou')})`
}

let groups: ReturnType<typeof readGroups> | null = null

/** The group of a list in words: "research scanner". */
export function groupName(group: string, t: T): string {
  groups ??= readGroups()
  return groups[group as keyof typeof groups]?.[t.lang] ?? group
}

/** A label with the list and the date it is of. */
export const labelTitle = (label: Label, t: T): string =>
  label.version_on
    ? t('events.label.of', { list: label.list, version: label.version_on })
    : t('events.label.list', { list: label.list, version: label.version })

/** One label a group, as a source is often on several lists that say the same. */
export const oneEachGroup = (labels: Label[]): Label[] =>
  labels.filter((label, i) => labels.findIndex((l) => l.group === label.group) === i)

export const verdictName = (verdict: number | string, t: T): string => t(`events.verdict.${verdict}`)

/** A share with one decimal where it is close to all or nothing, never rounded up to a false 100 %. */
export function share(value: number | null, t: T): string {
  if (value === null) return '–'
  if (value > 0.995 && value < 1) return t.percent(Math.floor(value * 1000) / 1000, 1)
  if (value > 0 && value < 0.005) return t.percent(Math.ceil(value * 1000) / 1000, 1)
  return t.percent(value)
}

/** "twice the usual Tuesday", "as usual", "a third less". */
export function compareUsual(ratio: number | null, t: T): string | undefined {
  if (ratio === null) return undefined
  if (ratio >= 1.75) return t('events.usual.times', { times: t.number(Math.round(ratio * 10) / 10) })
  if (ratio > 1.1) return t('events.usual.more', { percent: t.percent(ratio - 1) })
  if (ratio >= 0.9) return t('events.usual.same')
  return t('events.usual.less', { percent: t.percent(1 - ratio) })
}

/** An episode's family: the top part of the category and the service. */
export function familyName(family: string, t: T): string {
  const cut = family.indexOf('-')
  const [top, service] = cut < 0 ? [family, null] : [family.slice(0, cut), family.slice(cut + 1)]
  const key = `events.top.${top}`
  const words = t.has(key) ? t(key) : describeClass(family, t.lang)
  return service ? `${words}: ${serviceIn(family, t.lang) ?? service}` : words
}

/** Which of the two advices fits a side of an event. */
export const adviceSide = (side: number): 'source' | 'target' =>
  side === 1 || side === 3 ? 'source' : 'target'

/** What became of all events together. */
export function overallVerdict(counts: {
  dropped: number
  passed: number
  partial: number
  events: number
}): 'dropped' | 'passed' | 'partial' | 'unknown' {
  if (counts.passed > 0) return 'passed'
  if (counts.partial > 0) return 'partial'
  return counts.dropped > 0 ? 'dropped' : 'unknown'
}

export const baseOf = (name: string): string => name.replace(/-(target|internal)$/, '')

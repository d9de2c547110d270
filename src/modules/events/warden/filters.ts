/** The filters of getEvents: by category, by tag of any node, by the sending client's name. */
import { categories as knownCategories } from '../classes.ts'
import type { Idea } from '../event.ts'
import type { WardenError } from './answers.ts'
import type { Arguments } from './query.ts'
import { knownTags } from './tags.ts'

export type Filter = (event: Idea, sender: string) => boolean

const tops = new Set(knownCategories.map((c) => c.top))
const categoryNames = new Set(knownCategories.map((c) => c.category))
const nameKnown = (key: string, value: string): boolean =>
  key === 'cat' ? categoryNames.has(value) || tops.has(value) : key === 'tag' ? knownTags.has(value) : true

function categoriesOf(event: Idea): Set<string> {
  const names = new Set<string>()
  const given = Array.isArray(event.Category) ? (event.Category as string[]) : []
  for (const name of given.length > 0 ? given : ['Other']) {
    names.add(name)
    names.add(name.split('.')[0] as string)
    if (!categoryNames.has(name)) names.add('Other')
  }
  return names
}

function tagsOf(event: Idea): Set<string> {
  const tags = new Set<string>()
  for (const node of Array.isArray(event.Node) ? (event.Node as { Type?: unknown; Tags?: unknown }[]) : [])
    for (const tag of [node.Type, node.Tags].flat())
      if (typeof tag === 'string') tags.add(knownTags.has(tag) ? tag : 'Other')
  return tags
}

const inGroup = (sender: string, group: string): boolean =>
  sender === group.toLowerCase() || sender.startsWith(`${group.toLowerCase()}.`)

/** The filter that the arguments ask for, or the error that they make. */
export function filterOf(
  args: Arguments,
): { filter: Filter | null; ownOnly: boolean } | { error: WardenError } {
  const tests: Filter[] = []
  const kinds = {
    cat: (values: string[]) => (e: Idea) => values.some((v) => categoriesOf(e).has(v)),
    tag: (values: string[]) => (e: Idea) => values.some((v) => tagsOf(e).has(v)),
    group: (values: string[]) => (_: Idea, sender: string) => values.some((v) => inGroup(sender, v)),
  }
  for (const [key, make] of Object.entries(kinds)) {
    const yes = args.get(key)
    const no = args.get(`no${key}`)
    if (yes && no)
      return {
        error: {
          error: 422,
          message: `Unrealizable conditions. Choose ${key} or no${key} option.`,
          [key]: yes,
          [`no${key}`]: no,
        },
      }
    const wrong = [...(yes ?? []), ...(no ?? [])].find((value) => !nameKnown(key, value))
    if (wrong !== undefined)
      return { error: { error: 422, message: 'Wrong tag or category used in query.', key: wrong } }
    if (yes) tests.push(make(yes))
    if (no) {
      const test = make(no)
      tests.push((e, sender) => !test(e, sender))
    }
  }
  const ownOnly = ['tag', 'notag', 'group', 'nogroup'].some((key) => args.has(key))
  return {
    filter: tests.length === 0 ? null : (e, sender) => tests.every((test) => test(e, sender)),
    ownOnly,
  }
}

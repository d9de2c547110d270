/** The words and aliases of `content/` that comparing names stands on, read once. */
import { z } from 'zod'
import { readContent } from '../../../platform/content.ts'
import { fold, wordsOf } from './text.ts'

const wordLists = z.object({
  legal: z.array(z.string()),
  vendor: z.array(z.string()),
  kind: z.array(z.string()),
  role: z.array(z.string()),
  weak: z.array(z.string()),
  czech: z.record(z.string(), z.string()),
})
const aliases = z.object({
  makers: z.array(z.object({ names: z.array(z.string()).min(2), source: z.string().min(8) })),
})

interface Dictionary {
  legal: Set<string>
  /** Legal forms, and what any maker calls itself. */
  ofVendors: Set<string>
  kind: Set<string>
  role: Set<string>
  weak: Set<string>
  /** Czech words and what they are read as. */
  czech: Map<string, string>
  /** Names folded and joined, to the makers they stand for, the first names of their entries folded. */
  makers: Map<string, Set<string>>
}

let known: Dictionary | undefined

export function dictionary(): Dictionary {
  known ??= read()
  return known
}

function read(): Dictionary {
  const lists = wordLists.parse(readContent('matching-words.json'))
  const makers = new Map<string, Set<string>>()
  for (const { names } of aliases.parse(readContent('vendor-aliases.json')).makers) {
    const first = fold(names[0] ?? '')
    for (const name of names) {
      const joined = wordsOf(name).join('')
      makers.set(joined, (makers.get(joined) ?? new Set()).add(first))
    }
  }
  const legal = new Set(lists.legal)
  return {
    legal,
    ofVendors: new Set([...legal, ...lists.vendor]),
    kind: new Set(lists.kind),
    role: new Set(lists.role),
    weak: new Set(lists.weak),
    czech: new Map(Object.entries(lists.czech)),
    makers,
  }
}

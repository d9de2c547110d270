/** What the style sheets speak of has to be somewhere on a page. */
import type { Written } from './rules.ts'

/** Set by a library, in no source of ours. */
const foreign = new Set(['turbo-progress-bar'])

/** Classes that no page sets, neither whole nor put together (`severity-${…}`). */
export function idleClasses(styles: Written[], pages: Written[]): string[] {
  const words = new Set(pages.flatMap(({ text }) => text.match(/[a-z_][\w-]*/gi) ?? []))
  const beginnings = [...words].filter((word) => word.endsWith('-'))
  const isSet = (name: string) =>
    words.has(name) || foreign.has(name) || beginnings.some((start) => name.startsWith(start))
  return styles.flatMap(({ path, text }) =>
    classesOf(text)
      .filter((name) => !isSet(name))
      .map((name) => `${path}: no page sets .${name}`),
  )
}

function classesOf(text: string): string[] {
  const selectors = text.replace(/\/\*.*?\*\/|@import[^;]*;|url\([^)]*\)|'[^']*'/gs, '')
  return [...new Set([...selectors.matchAll(/\.([a-z_][\w-]*)/gi)].map(([, name]) => name as string))]
}

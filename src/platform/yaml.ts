/** Reading YAML. The library is large, and most installations keep nothing in it: it is loaded with the first text. */
import { createRequire } from 'node:module'

/** Throws for what is no YAML. */
export function parseYaml(text: string): unknown {
  const { parse } = createRequire(import.meta.url)('yaml') as typeof import('yaml')
  return parse(text)
}

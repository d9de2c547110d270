/** Sentences with numerals and links inside: the words stay whole in `locales/`, the parts are put into their places. */
import type { ComponentChildren } from 'preact'
import type { Params, T } from '../../../platform/i18n.ts'

const mark = '\u0001'

/** `t(key)` with components for some places. */
export function rich(
  t: T,
  key: string,
  parts: Record<string, ComponentChildren>,
  params: Params = {},
): ComponentChildren {
  const names = Object.keys(parts)
  const text = t(key, {
    ...params,
    ...Object.fromEntries(names.map((name) => [name, `${mark}${name}${mark}`])),
  })
  return text.split(mark).map((piece, i) => (i % 2 === 1 ? parts[piece] : piece))
}

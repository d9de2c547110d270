/** The arguments of a Warden request: repeated keys are lists, empty values are absent, unknown keys are ignored. */

export type Arguments = Map<string, string[]>

/** Percent-decoding with `+` as space; a broken escape stays as it is, and never fails the request. */
export function parseArguments(search: string): Arguments {
  const found: Arguments = new Map()
  for (const pair of search.replace(/^\?/, '').split('&')) {
    const at = pair.indexOf('=')
    const key = decode(at < 0 ? pair : pair.slice(0, at))
    const value = at < 0 ? '' : decode(pair.slice(at + 1))
    if (value !== '') found.set(key, [...(found.get(key) ?? []), value])
  }
  return found
}

function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ')
  try {
    return decodeURIComponent(spaced)
  } catch {
    return spaced
  }
}

/** Scalar arguments use their first value. */
export const scalar = (args: Arguments, key: string): string | null => args.get(key)?.[0] ?? null

/** Optional sign and digits, kept within what a number holds exactly; anything else is absent. */
export function integer(args: Arguments, key: string): number | null {
  const text = scalar(args, key)
  if (text === null || !/^[+-]?\d{1,400}$/.test(text)) return null
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Number(text)))
}

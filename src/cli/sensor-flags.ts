/** What the flags of a sensor may say, the same for a new one and for a changed one. Each throws Misuse. */
import { type VerdictCode, verdicts } from '../modules/events/event.ts'
import type { Sensor } from '../modules/events/sensors.ts'
import { parseNet } from '../values/address.ts'
import { type Call, listed, Misuse } from './command.ts'

const rightWords = ['write', 'read', 'test']

/** Undefined without the flag; with it at least one right. */
export function rightsOf(call: Call): string[] | undefined {
  const said = call.text('rights')
  if (said === undefined) return undefined
  const rights = listed(said)
  const wrong = rights.find((one) => !rightWords.includes(one))
  if (wrong !== undefined || rights.length === 0)
    throw new Misuse(
      call.t('cli.one_of', { flag: '--rights', word: wrong ?? '', words: rightWords.join(', ') }),
    )
  return rights
}

export const scopeOf = (call: Call): Sensor['scope'] | undefined =>
  oneOf(call, 'scope', ['own', 'sector', 'all'])

/** Code of the verdict, of those that `words` offers. */
export function verdictOf(
  call: Call,
  words: readonly (typeof verdicts)[number][],
): { defaultVerdict: VerdictCode } | undefined {
  const verdict = oneOf(call, 'verdict', words)
  return verdict && { defaultVerdict: verdicts.indexOf(verdict) as VerdictCode } // one of the list
}

export function oneOf<W extends string>(call: Call, flag: string, words: readonly W[]): W | undefined {
  const said = call.text(flag)
  if (said === undefined) return undefined
  const found = words.find((word) => word === said)
  if (!found)
    throw new Misuse(call.t('cli.one_of', { flag: `--${flag}`, word: said, words: words.join(', ') }))
  return found
}

export function zoneOf(call: Call): string | undefined {
  const zone = call.text('zone')
  if (zone === undefined) return undefined
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
  } catch {
    throw new Misuse(call.t('cli.no_zone', { zone }))
  }
  return zone
}

/** Undefined without the flag. */
export function insideOf(call: Call): string[] | undefined {
  const said = call.text('inside')
  if (said === undefined) return undefined
  const ranges = listed(said)
  const wrong = ranges.find((one) => parseNet(one) === null)
  if (wrong !== undefined) throw new Misuse(call.t('cli.not_a_range', { word: wrong }))
  return ranges
}

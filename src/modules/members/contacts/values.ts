/** What somebody wrote as an address or a number, in the one form that is stored; and what is odd about it. */
import { createRequire } from 'node:module'
import { readEmail } from '../import/values.ts'
import { isSlip } from '../lists/alike.ts'
import type { Channel } from './words.ts'

/** Read when the first number is: its tables of all countries take 17 MB, in every process that knows this module. */
function phones(): typeof import('libphonenumber-js/max') {
  return createRequire(import.meta.url)('libphonenumber-js/max')
}

/** Numbers without a country's code are Czech. */
const homeCountry = 'CZ'
const longestOther = 200

/** The value as it is stored, or null when it is none of that channel. */
export function readValue(channel: Channel, written: string): string | null {
  const text = written.normalize('NFC').trim()
  if (text.length > 254) return null
  if (channel === 'mail') return addressIn(text)
  if (channel === 'other') return text !== '' && text.length <= longestOther ? oneLine(text) : null
  return numberIn(text)
}

const addressIn = (text: string): string | null => {
  const read = readEmail(text)
  return read.ok && read.value.length <= 254 ? read.value : null
}

const oneLine = (text: string): string | null =>
  /[\p{Cc}\p{Cf}\u2028\u2029]/u.test(text) ? null : text.replace(/\s+/g, ' ')

/** E.164, an extension behind it as RFC 3966 writes it: `+420555010000;ext=12`. */
function numberIn(text: string): string | null {
  const english = text.replace(/[\s,]+(?:linka|klapka|kl\.|l\.)\s*(?=\d{1,7}$)/iu, ' ext. ')
  const number = phones().parsePhoneNumberFromString(english, { defaultCountry: homeCountry, extract: false })
  if (!number?.isValid()) return null
  return number.ext ? `${number.number};ext=${number.ext}` : number.number
}

/** For reading aloud: `+420 555 010 000`. Other values stand as they are. */
export function readable(channel: Channel, value: string): string {
  if (channel !== 'phone' && channel !== 'sms') return value
  const [number = '', ext] = value.split(';ext=')
  const shown = phones().parsePhoneNumberFromString(number)?.formatInternational() ?? number
  return ext ? `${shown} / ${ext}` : shown
}

/** What a touch of the value should begin; null where nothing can. */
export function linkOf(channel: Channel, value: string): string | null {
  if (channel === 'mail') return `mailto:${encodeURIComponent(value).replaceAll('%40', '@')}`
  if (channel === 'phone') return `tel:${value}`
  return channel === 'sms' ? `sms:${value.split(';')[0]}` : null
}

/**
 * `letters`: not all of it is written in letters of one script that our addresses use, so that it may only look like another
 * one; `near`: a letter or two away from a domain of the organisation.
 */
export type Oddity = 'letters' | 'near'

/** What is odd about an address, where `domains` are the organisation's own; null for other channels and sound ones. */
export function oddityOf(channel: Channel, value: string, domains: string[]): Oddity | null {
  if (channel !== 'mail') return null
  const [, local = '', domain = ''] = /^(.*)@(.*)$/.exec(value) ?? []
  if (/[^\x20-\x7e]/.test(local) || /(^|\.)xn--/.test(domain)) return 'letters'
  const within = (own: string): boolean => domain === own || domain.endsWith(`.${own}`)
  if (domains.some(within)) return null
  return domains.some((own) => isSlip(own, domain)) ? 'near' : null
}

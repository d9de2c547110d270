/** When two names may mean the same. Titles, accents, case and blanks never tell two people or institutions apart. */
import { fold } from '../import/names.ts'

/** Letters that one may change for a name still to be the same one misspelt. */
const slips = 2
/** Below this a slip or two makes another word of it. */
const shortest = 6

const title =
  /(?<![\p{L}])(ing|mgr|bc|bca|mga|mudr|mvdr|mddr|phdr|pharmdr|rndr|judr|thdr|paeddr|rsdr|doc|prof|dr|ph\.?\s?d|csc|drsc|dis|mba|msc|ll\.?\s?m|mpa|mha|dba|bba|plk|pplk|gen|brig|genmjr|mjr|kpt|por|arch)(\.|(?![\p{L}]))(\s*et\s*)?/giu

/** A person's name without titles and marks, for comparing only. */
export const bareName = (name: string): string =>
  fold(name.replace(title, ' ').replace(/[,.]/g, ' ')).replace(/\s+/g, ' ').trim()

/** An institution's name for comparing: one blank after a dot or a comma, so that "a.s." and "a. s." are the same. */
export const bareInstitution = (name: string): string =>
  fold(name.replace(/([.,])\s*/g, '$1 ').replace(/[„“”"']/g, ''))
    .replace(/\s+/g, ' ')
    .trim()

export const isSlip = (a: string, b: string): boolean =>
  a !== b && Math.min(a.length, b.length) >= shortest && isWithin(a, b, slips)

/** Whether at most `left` letters must be changed, added or left out (Levenshtein), from the given places on. */
export function isWithin(a: string, b: string, left: number, i = 0, j = 0): boolean {
  if (Math.abs(a.length - i - (b.length - j)) > left) return false
  let at = i
  let to = j
  while (at < a.length && to < b.length && a[at] === b[to]) {
    at += 1
    to += 1
  }
  if (at === a.length && to === b.length) return true
  if (left === 0) return false
  return (
    isWithin(a, b, left - 1, at + 1, to + 1) ||
    (at < a.length && isWithin(a, b, left - 1, at + 1, to)) ||
    (to < b.length && isWithin(a, b, left - 1, at, to + 1))
  )
}

/** The shorter stops in the middle of a word of the longer, as a narrow column cuts names off. */
export function isCutOff(a: string, b: string): boolean {
  const [short = '', long = ''] = a.length < b.length ? [a, b] : [b, a]
  return short.length >= 12 && long.startsWith(short) && /[\p{L}\d]/u.test(long[short.length] ?? '')
}

/** What `name` says after the whole of `wider`: "ciirc & fbmi" of "čvut ciirc & fbmi"; null when it does not begin so. */
export function beyond(name: string, wider: string): string | null {
  if (wider.length < 3 || !name.startsWith(wider)) return null
  const rest = name.slice(wider.length)
  return /^[\s,]/.test(rest) ? rest.replace(/^[\s,]+/, '') : null
}

/** Ends as a company does: s.r.o., a.s., spol. and others. */
export const hasLegalForm = (name: string): boolean =>
  /(^|[\s,])(s\. ?r\. ?o|a\. ?s|spol|k\. ?s|v\. ?o\. ?s|o\. ?p\. ?s|z\. ?s|z\. ?u|se|ltd|gmbh)\.?$/.test(name)

/** Nothing but a legal form, which lists add or leave out as they please. */
export const isLegalForm = (text: string): boolean => hasLegalForm(` ${text}`) && text.length <= 10

/** The domain of an address, unless half the country has its mail there. */
export function ownDomain(address: string): string | null {
  const domain = address.split('@')[1] ?? ''
  return domain === '' ||
    /^(gmail|seznam|email|centrum|atlas|volny|outlook|hotmail|post|icloud)\./.test(domain)
    ? null
    : domain
}

/** Collects what is wrong or noteworthy in a file, bounded, so that a hostile file cannot grow the answer. */
import type { Lang, LineError } from './types.ts'
import type { Sentence, Values } from './words.ts'
import { say } from './words.ts'

const mostListed = 500
const longestQuote = 100

export interface Place {
  line: number
  column?: string
  value?: string
}

export interface Faults {
  lang: Lang
  errors: LineError[]
  notes: LineError[]
  /** How many were left out of each list. */
  unlisted: { errors: number; notes: number }
}

export function noFaults(lang: Lang): Faults {
  return { lang, errors: [], notes: [], unlisted: { errors: 0, notes: 0 } }
}

/** Something that keeps the file from being imported. */
export function refuse(faults: Faults, place: Place, sentence: Sentence, values: Values = {}) {
  add(faults, 'errors', place, sentence, values)
}

/** Something legal that a person should see before importing. */
export function remark(faults: Faults, place: Place, sentence: Sentence, values: Values = {}) {
  add(faults, 'notes', place, sentence, values)
}

function add(faults: Faults, list: 'errors' | 'notes', place: Place, sentence: Sentence, values: Values) {
  if (faults[list].length >= mostListed) {
    faults.unlisted[list] += 1
    return
  }
  const value = (place.value ?? '').replace(/[\x00-\x1f\x7f-\x9f]+/g, ' ').slice(0, longestQuote)
  faults[list].push({
    line: place.line,
    column: (place.column ?? '').slice(0, longestQuote),
    value,
    problem: say(faults.lang, sentence, values),
  })
}

/** Errors so far, those beyond the list included. */
export function errorCount(faults: Faults): number {
  return faults.errors.length + faults.unlisted.errors
}

/** Both lists by line, with a last entry that counts what was left out. */
export function listed(faults: Faults): { errors: LineError[]; notes: LineError[] } {
  return {
    errors: closed(
      faults.errors,
      say(faults.lang, 'tooManyErrors', { count: faults.unlisted.errors }),
      faults.unlisted.errors,
    ),
    notes: closed(
      faults.notes,
      say(faults.lang, 'tooManyNotes', { count: faults.unlisted.notes }),
      faults.unlisted.notes,
    ),
  }
}

function closed(list: LineError[], problem: string, unlisted: number): LineError[] {
  const ordered = [...list].sort((a, b) => a.line - b.line)
  return unlisted > 0 ? [...ordered, { line: 0, column: '', value: '', problem }] : ordered
}
